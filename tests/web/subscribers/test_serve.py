"""`newsletter serve`, the real process: half requests by the thousand, a ledger that is held, gone or full."""

import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from newsletter.web.guard import MAX_BODY, MAX_HEADER
from newsletter.web.server import BACKLOG
from tests.support.pages import Answer, Pages, held, many_files, own_address, proxied, served
from tests.support.web import connected

HALF_REQUESTS = 1100
ONE_CLICK = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=One-Click"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    with served(tmp_path) as running:
        yield running


@contextmanager
def crowd(pages: Pages, port: int, begun: bytes) -> Iterator[None]:
    """So many who have begun a request and do not go on."""
    with many_files(), ExitStack() as connections:
        for number in range(HALF_REQUESTS):
            connections.enter_context(closing(connected(port, begun, host=pages.host)))
            if number % (BACKLOG // 2) == 0:
                # Whoever comes when so many have not been taken in is not heard, and comes again a second later.
                assert pages.ask(pages.request("GET", "nobody")).status == 200
        yield


@pytest.mark.parametrize(
    ("way", "half"),
    [
        ("bare", "nothing"),
        ("bare", "header"),
        ("bare", "body"),
        ("bare", "answered"),
        ("proxy", "header"),
        ("proxy", "body"),
    ],
)
def test_half_requests_by_the_thousand_do_not_stop_a_click(tmp_path: Path, way: str, half: str) -> None:
    # Bare, all who are half come from one address that is not loopback, as strangers do.
    host = (own_address() or "127.0.0.1") if way == "bare" else "127.0.0.1"
    with ExitStack() as stack:
        pages = stack.enter_context(served(tmp_path, host=host))
        with many_files():
            port = stack.enter_context(proxied(host, pages.port)) if way == "proxy" else pages.port
            begun = {
                "nothing": b"",
                "header": pages.request("POST", "nobody", b"Content-Le"),
                "body": pages.request("POST", "nobody", ONE_CLICK[:-1]),
                "answered": pages.request("GET", "nobody"),
            }[half]
            stack.enter_context(crowd(pages, port, begun))
            for number in range(10):
                click = pages.request("POST", f"reader{number}", ONE_CLICK)
                # Not so long that the others may have been let go for their slowness.
                assert pages.ask(click, port=port, seconds=8).status == 200
        assert pages.left() == {pages.hash_of(f"reader{number}") for number in range(10)}
        assert pages.process.poll() is None


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_who_come_all_at_once_with_whole_requests_are_all_answered(tmp_path: Path, host: str) -> None:
    count = 120  # from one address, and before any of them is read
    with served(tmp_path, host=host or own_address() or "127.0.0.1") as pages, many_files(), ExitStack() as stack:
        pages.process.send_signal(signal.SIGSTOP)
        come = [
            stack.enter_context(connected(pages.port, pages.request("POST", f"reader{number}"), host=pages.host))
            for number in range(count)
        ]
        pages.process.send_signal(signal.SIGCONT)
        assert {one.recv(13) for one in come} == {b"HTTP/1.1 200 "}
        assert len(pages.left()) == count


BODIES = {
    "none": b"",
    "none, and it says so": b"Content-Length: 0\r\n\r\n",
    "RFC 8058": ONE_CLICK,
    "a form": b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 79\r\n\r\n--x\r\nContent-Disposition: "
    b'form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    "JSON": b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "no text at all": b"Content-Type: \xff\r\nContent-Length: 3\r\n\r\n\x00\xff\n",
    "chunked": b"Transfer-Encoding: chunked\r\n\r\n5\r\nList-\r\nb\r\nUnsubscribe\r\n0\r\n\r\n",
    "chunked and empty": b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "as large as it may be": b"Content-Length: %d\r\n\r\n" % MAX_BODY + b"x" * MAX_BODY,
    "after a hundred and one": b"Expect: 100-continue\r\n" + ONE_CLICK,
    "from a page of another": b"Origin: https://mail.example.com\r\nSec-Fetch-Site: cross-site\r\n" + ONE_CLICK,
}


def test_a_post_acts_with_or_without_a_body_each_time_and_behind_one_another(pages: Pages) -> None:
    for body, rest in BODIES.items():
        for _ in range(2):
            answer = pages.ask(pages.request("POST", body.replace(" ", "-"), rest))
            assert b" 200 OK\r\n" in answer.raw, body
            assert "수신 거부가 완료되었습니다" in answer.text, body
    old = pages.request("POST", "old").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert pages.ask(old).status == 200
    row = b"".join(pages.request("POST", f"row{number}", ONE_CLICK) for number in range(9))
    assert pages.ask(row).raw.count(b"HTTP/1.1 200 ") == 9
    names = [*(body.replace(" ", "-") for body in BODIES), "old", *(f"row{number}" for number in range(9))]
    assert pages.left() == {pages.hash_of(name) for name in names}


def test_what_is_too_large_or_only_looked_at_changes_nothing(pages: Pages) -> None:
    large = b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1) + b"x" * (MAX_BODY + 1)
    assert pages.ask(pages.request("POST", "large", large)).status == 413
    assert pages.ask(pages.request("POST", "large", b"A: " + b"x" * MAX_HEADER + b"\r\n\r\n")).status == 431
    assert pages.ask(pages.request("POST", "cut-off", ONE_CLICK[:-1])).status == 0
    for method, status in (("GET", 200), ("HEAD", 200), ("PUT", 405), ("OPTIONS", 405), ("QUERY", 405)):
        assert pages.ask(pages.request(method, "looked")).status == status
    assert pages.left() == set()


def test_a_held_ledger_holds_up_no_page_and_no_click_is_called_done(pages: Pages) -> None:
    def timed(octets: bytes) -> tuple[Answer, float]:
        started = time.monotonic()
        return pages.ask(octets), time.monotonic() - started

    assert pages.ask(pages.request("POST", "before", ONE_CLICK)).status == 200
    clicks = [pages.request("POST", f"reader{number}", ONE_CLICK) for number in range(60)]
    looks = [pages.request("GET", f"reader{number}") for number in range(60)]
    with held(pages.workspace.state / "ledger.db"), ThreadPoolExecutor(120) as many:
        clicked = [many.submit(timed, one) for one in clicks]
        for looked in [many.submit(timed, one) for one in looks]:
            answer, seconds = looked.result()
            assert answer.status == 200
            assert "<form method" in answer.text
            # Half a second is what is waited for the ledger; the rest is a busy machine's.
            assert seconds < 5
        for one in clicked:
            answer, seconds = one.result()
            assert answer.status == 503
            assert seconds < 10
            assert answer.header("retry-after") == "60"
            assert "완료되었습니다" not in answer.text
            assert "저장되었는지 확인하지 못했습니다" in answer.text
    assert pages.ask(pages.request("POST", "after", ONE_CLICK)).status == 200
    assert {pages.hash_of("before"), pages.hash_of("after")} <= pages.left()
    pages.process.send_signal(signal.SIGTERM)
    _, told = pages.process.communicate(timeout=30)
    lost, again = told.index("독자가 누른 수신 거부를 저장하지 못해"), told.index("수신 거부가 다시 저장됩니다")
    assert lost < again
    assert told.count("저장하지 못해") == 1, "once, however many clicks"


def test_a_ledger_that_cannot_be_opened_is_answered_and_comes_back(pages: Pages) -> None:
    ledger = pages.workspace.state / "ledger.db"
    for path in pages.workspace.state.glob("ledger.db*"):
        path.unlink()
    ledger.mkdir()
    answer = pages.ask(pages.request("POST", "reader", ONE_CLICK))
    assert answer.status == 503
    assert "완료되었습니다" not in answer.text
    look = pages.ask(pages.request("GET", "reader"))
    assert look.status == 200
    assert "<form method" in look.text
    ledger.rmdir()
    assert pages.ask(pages.request("POST", "reader", ONE_CLICK)).status == 200
    assert pages.left() == {pages.hash_of("reader")}


def test_a_full_disk_is_never_called_done(pages: Pages) -> None:
    process = pages.process.pid
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, before[1]))
    answer = pages.ask(pages.request("POST", "reader", ONE_CLICK))
    assert (answer.status, answer.header("retry-after")) == (503, "60")
    assert "완료되었습니다" not in answer.text
    assert pages.ask(pages.request("GET", "reader")).status == 200
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)
    assert pages.left() == set()
    assert pages.ask(pages.request("POST", "reader", ONE_CLICK)).status == 200
    assert pages.left() == {pages.hash_of("reader")}


def test_it_ends_when_it_is_told_to_though_the_ledger_is_held_and_half_requests_wait(pages: Pages) -> None:
    with held(pages.workspace.state / "ledger.db"), ExitStack() as waiting:
        half = pages.request("POST", "reader", ONE_CLICK[:-1])
        for octets in (b"", half, pages.request("POST", "reader", ONE_CLICK)):
            waiting.enter_context(closing(connected(pages.port, octets)))
        with connected(pages.port, pages.request("GET", "reader")) as looked:
            assert looked.recv(13) == b"HTTP/1.1 200 ", "all of them have been taken in"
        pages.process.send_signal(signal.SIGTERM)
        pages.process.wait(timeout=30)
    assert pages.process.returncode == 0


def test_two_of_them_share_a_ledger(pages: Pages) -> None:
    url = f"sqlite:///{pages.workspace.state}/ledger.db"
    second = pages.workspace.root / "second"
    second.mkdir()
    secret = (pages.workspace.state / "secret").read_text(encoding="utf-8").strip()
    with served(second, NEWSLETTER_LEDGER__URL=url, NEWSLETTER_SECRET_KEY=secret) as other:
        clicks = [pages.request("POST", f"reader{number}", ONE_CLICK) for number in range(40)]
        with ThreadPoolExecutor(16) as many:
            answers = list(many.map(pages.ask, clicks)) + list(many.map(other.ask, clicks))
    assert {answer.status for answer in answers} == {200}
    assert pages.left() == {pages.hash_of(f"reader{number}") for number in range(40)}
