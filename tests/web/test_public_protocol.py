"""HTTP for strangers, by real sockets: what is half, slow, too large or too many, and what is whole beside it."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.server import ServerState

from newsletter.web.guard import MAX_BODY, MAX_HEADER, BoundedHeader, read_body
from newsletter.web.public_protocol import Limits, with_limits
from newsletter.web.server import background, listen
from tests.support.web import answered, connected

LIMITS = Limits(connections=200)
GET = b"GET / HTTP/1.1\r\nHost: news.example.org\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: news.exa"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: news.example.org\r\nContent-Length: 26\r\n\r\nList-"
PAGE = "a page " * 1000


async def hello(request: Request) -> PlainTextResponse:
    try:
        body = await read_body(request)
    except (TimeoutError, ClientDisconnect):
        return PlainTextResponse("slow", 408)
    return PlainTextResponse("large", 413) if body is None else PlainTextResponse(PAGE)


@contextmanager
def public(limits: Limits = LIMITS) -> Iterator[int]:
    """The port of a server with these limits."""
    app = Starlette(
        routes=[Route("/{any:path}", hello, methods=["GET", "POST"])], middleware=[Middleware(BoundedHeader)]
    )
    listener = listen("127.0.0.1", 0)
    with background(app, listener, limits=limits):
        yield listener.port


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", b""),
        (HALF, b"HTTP/1.1 408 "),
        (b"\r\n", b""),
        (HALF_BODY, b""),
        (GET, b"HTTP/1.1 200 "),
        (GET + HALF, b"HTTP/1.1 200 "),
        (GET + HALF_BODY, b"HTTP/1.1 200 "),
    ],
)
def test_whoever_does_not_end_a_request_is_let_go(sent: bytes, told: bytes) -> None:
    with public(replace(LIMITS, header_seconds=0.2, body_seconds=0.2)) as port, connected(port, sent) as client:
        assert answered(client).startswith(told)


@pytest.mark.parametrize(("begun", "drop"), [(HALF, b"x"), (HALF_BODY.replace(b"26", b"9000"), b"x")])
def test_a_drop_at_a_time_buys_no_time(begun: bytes, drop: bytes) -> None:
    with public(replace(LIMITS, header_seconds=0.3, body_seconds=0.3)) as port, connected(port, begun) as client:
        client.settimeout(0.02)
        for _ in range(200):  # 4 seconds, if it were let
            try:
                client.sendall(drop)
                if not client.recv(4096):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it was still listened to")


def test_an_unread_answer_is_not_waited_for() -> None:
    with public(replace(LIMITS, answer_seconds=0.3)) as port, socket.socket() as client:
        # Before there is a connection: a window that shrinks may drop what ends it (RFC 5961 3.2), and it is told late.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            client.sendall(GET * 1_000_000)


class _Line(asyncio.Transport):
    """Takes whatever is written."""

    def write(self, data: object) -> None: ...

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...


def test_an_answer_that_is_read_however_slowly_gets_more_time() -> None:
    async def read_slowly() -> None:
        config = uvicorn.Config(Starlette(), lifespan="off", log_config=None)
        config.load()
        protocol = cast("Any", with_limits(LIMITS))(config=config, server_state=ServerState(), app_state={})
        protocol.connection_made(_Line())
        protocol.data_received(GET)
        protocol.pause_writing()
        before = protocol._deadline
        protocol.pause_writing()
        assert protocol._deadline is before, "who reads nothing gets none"
        protocol.resume_writing()
        assert before.cancelled()
        assert protocol._deadline.when() > before.when()
        protocol.connection_lost(None)

    asyncio.run(read_slowly())


@pytest.mark.parametrize(
    "request_of",
    [
        lambda size: b"GET / HTTP/1.1\r\nHost: news.example.org\r\nCookie: " + b"x" * size,
        lambda size: b"GET / HTTP/1.1\r\nHost: news.example.org\r\nCookie: " + b"x" * size + b"\r\n\r\n",
        lambda size: b"GET /" + b"x" * size + b" HTTP/1.1\r\nHost: news.example.org\r\n\r\n",
        lambda size: b"GET /?" + b"x" * size + b" HTTP/1.1\r\nHost: news.example.org\r\n\r\n",
        lambda size: b"GET / HTTP/1.1\r\nHost: news.example.org\r\n" + b"A: b\r\n" * (size // 6 + 1) + b"\r\n",
        lambda size: GET + b"GET / HTTP/1.1\r\nHost: news.example.org\r\nCookie: " + b"x" * size + b"\r\n\r\n",
    ],
    ids=["half", "whole", "path", "query", "many", "second"],
)
@pytest.mark.parametrize("times", [1, 20])
def test_a_large_header_is_431(request_of: Callable[[int], bytes], times: int) -> None:
    with public(replace(LIMITS, header_seconds=2)) as port, connected(port, request_of(MAX_HEADER * times)) as client:
        assert b"HTTP/1.1 431 " in answered(client)


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1),
        b"Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (MAX_BODY * 2) + b"x" * MAX_BODY * 2,
        b"Transfer-Encoding: chunked\r\n\r\n" + (b"400\r\n" + b"x" * 1024 + b"\r\n") * (MAX_BODY // 1024 + 1),
    ],
)
def test_a_large_body_is_413(sent: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: news.example.org\r\n"
    with public(replace(LIMITS, body_seconds=0.3, header_seconds=0.3)) as port, connected(port, head + sent) as client:
        answer = answered(client)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", b"405"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"404"),
    ],
)
def test_what_is_no_request_is_told_so(sent: bytes, status: bytes) -> None:
    with public(replace(LIMITS, header_seconds=1)) as port, connected(port, sent) as client:
        assert answered(client).startswith(b"HTTP/1.1 " + status)


def test_a_chunk_that_breaks_off_says_nothing_of_the_server(capfd: pytest.CaptureFixture[str]) -> None:
    broken = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nList-\r\nzzz\r\n"
    looked = broken.replace(b"POST", b"HEAD")
    large = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5000\r\n" + b"x" * 0x5000
    with public() as port:
        for one in (broken, looked):
            with connected(port, one) as client:
                assert answered(client).startswith(b"HTTP/1.1 400 ")
        with connected(port, large) as client:
            assert client.recv(13) == b"HTTP/1.1 413 "
            client.sendall(b"zzz")
            answered(client)
    assert capfd.readouterr().err == ""


def test_requests_behind_one_another_are_all_answered() -> None:
    with public() as port, connected(port, GET * 20) as client:
        client.shutdown(socket.SHUT_WR)
        assert answered(client).count(b"HTTP/1.1 200 ") == 20


@pytest.mark.parametrize("sent", [GET, HALF_BODY + b"Unsubscribe=One-Clck!"])
def test_who_stops_sending_behind_a_whole_request_is_answered(sent: bytes) -> None:
    with public() as port, connected(port, sent) as client:
        client.shutdown(socket.SHUT_WR)
        answer = answered(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(PAGE.encode())


@pytest.mark.parametrize("half", [b"", HALF, HALF_BODY, GET])
def test_a_full_server_has_room_for_who_is_whole(half: bytes) -> None:
    with public() as port:
        crowd = [connected(port, half) for _ in range(3 * LIMITS.connections)]
        if half == GET:
            # Who is answered, and has read no more than the first octet of it, waits.
            for one in crowd[-LIMITS.connections :]:
                one.recv(1)
        with connected(port, GET) as client:
            client.shutdown(socket.SHUT_WR)
            assert answered(client).startswith(b"HTTP/1.1 200 ")
        gone = [answered(one) for one in crowd[: LIMITS.connections]]
        assert len(gone) == LIMITS.connections, "who came first has gone"
        for one in crowd:
            one.close()
