"""Ports, signals and the end of a server, with real sockets and a real process."""

import signal
import socket
import subprocess
import sys
import textwrap
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from newsletter.errors import UnavailableError
from newsletter.web.server import background, listen
from tests.support.spoken import assert_told_in_both


async def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def test_port_0_is_a_free_port_and_answers() -> None:
    with background(Starlette(routes=[Route("/", hello)]), listen("127.0.0.1", 0)) as url:
        assert httpx.get(url, trust_env=False).text == "hello"


def test_a_taken_port_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnavailableError, match=f"port {port}: another program uses it already") as caught:
            listen("127.0.0.1", port)
    assert caught.value.exit_code == 69
    assert_told_in_both(caught.value)


def test_a_host_that_is_not_ours_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match=r"this machine has no such address\nGive --host an address") as caught:
        listen("192.0.2.1", 0)
    assert_told_in_both(caught.value)
    with pytest.raises(UnavailableError, match=r"there is no such host\nGive --host an address"):
        listen("no-such-host.invalid", 0)


def test_the_port_is_free_again_after_the_block() -> None:
    listener = listen("127.0.0.1", 0)
    with background(Starlette(routes=[Route("/", hello)]), listener) as url:
        httpx.get(url, trust_env=False)
    listen("127.0.0.1", listener.port).socket.close()


PROGRAM = textwrap.dedent("""
    import asyncio
    from contextlib import asynccontextmanager
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from newsletter.web.live import Hub
    from newsletter.web.server import listen, run_server

    hub = Hub()

    async def hello(request):
        return PlainTextResponse("hello")

    async def events(request):
        return hub.response()

    async def slow(request):
        print("asked", flush=True)
        await asyncio.sleep(100)

    @asynccontextmanager
    async def lifespan(app):
        yield
        print("closed", flush=True)

    listener = listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/", hello), Route("/events", events), Route("/slow", slow)], lifespan=lifespan)
    app.state.on_stop = (hub.close,)
    run_server(app, listener, ready=lambda: print(listener.url, flush=True))
    print("stopped", flush=True)
""")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_logs_no_request_and_a_signal_ends_it_even_while_a_page_listens(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/?token=secret", trust_env=False).text == "hello"
        assert httpx.post(f"{url}/u/secret", trust_env=False).status_code == 404
        with httpx.stream("GET", f"{url}/events", trust_env=False) as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("event:")) == "event: hello"
            process.send_signal(number)
            assert "event: changed" not in list(lines)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert out == "closed\nstopped\n"
    assert err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("path", ["", "/slow"])
def test_a_second_signal_ends_it_at_once_and_says_nothing(path: str, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        host, port = process.stdout.readline().strip().removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as asking:
            if path:
                asking.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert process.stdout.readline() == "asked\n"
            process.send_signal(number)
            time.sleep(0.05)
            process.send_signal(number)
            out, err = process.communicate(timeout=4)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out, err) == (0, "closed\nstopped\n", "")
