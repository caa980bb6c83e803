"""What somebody tries who means harm, against the real process: each is answered, and changes nothing."""

import signal
from collections.abc import Iterator

import pytest

from newsletter.audience.links import Links
from newsletter.web.guard import MAX_BODY
from tests.support.pages import Answer, Pages, assert_kept_to_itself, served

EVIL = "evil.example.net"
BELOW = ("", "/back", "/reason", "/preferences")
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with served(tmp_path_factory.mktemp("pages")) as running:
        yield running


def ask(pages: Pages, method: str, target: str, rest: bytes = b"", *, host: str = "news.example.org") -> Answer:
    return pages.ask(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n".encode("latin-1") + rest + b"\r\n")


def posted(pages: Pages, path: str, body: bytes, rest: bytes = b"") -> Answer:
    return ask(pages, "POST", path, FORM + rest + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize(
    "rest",
    [
        b"Origin: https://evil.example.net\r\nSec-Fetch-Site: cross-site\r\nReferer: https://evil.example.net/\r\n",
        b"Origin: null\r\n",
    ],
)
def test_a_page_of_another_can_do_nothing_without_the_token(pages: Pages, below: str, rest: bytes) -> None:
    """The token is all there is to know: no cookie goes along that a forged form could use (CSRF)."""
    before = pages.left()
    forged = "A" * 24 + "." + "A" * 24 + "x"
    answer = posted(
        pages, f"/u/{forged}{below}", b"List-Unsubscribe=One-Click&token=" + pages.token("x").encode(), rest
    )
    assert answer.status == 404
    assert pages.left() == before
    assert_kept_to_itself(ask(pages, "GET", f"/u/{pages.token('x')}{below}", rest))


@pytest.mark.parametrize(
    "target",
    [
        "/u/%0d%0aSet-Cookie:%20a=b",
        "/u/x?lang=en%0d%0aSet-Cookie:%20a=b",
        "/u/x?lang=%E2%80%A8en",
        "/archive/%0d%0aLocation:%20https://evil.example.net",
        "/%0aSet-Cookie:a=b",
    ],
)
def test_no_line_of_a_request_becomes_a_header(pages: Pages, target: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(pages, method, target, b"Accept-Language: en\x0b\tSet-Cookie\r\n")
        assert answer.status in {400, 404, 405}
        assert "set-cookie" not in answer.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
        assert answer.header("location") == ""


@pytest.mark.parametrize(
    "target",
    [
        f"//{EVIL}",
        f"//{EVIL}/u/",
        f"/archive//{EVIL}",
        f"/archive/..//{EVIL}",
        f"/\\{EVIL}",
        f"https://{EVIL}/",
        f"/u/%2f%2f{EVIL}",
        f"/u/TOKEN?next=https://{EVIL}",
        f"/u/TOKEN/back?redirect=//{EVIL}",
    ],
)
def test_nobody_is_led_to_another_site(pages: Pages, target: str) -> None:
    path = target.replace("TOKEN", pages.token("led"))
    for method in ("GET", "POST"):
        answer = ask(pages, method, path, b"Content-Length: 0\r\n" if method == "POST" else b"")
        assert not 300 <= answer.status < 400
        assert EVIL not in answer.raw.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "target",
    [
        "/u/../u/TOKEN",
        "/u/./TOKEN",
        "//u/TOKEN",
        "/u//TOKEN",
        "/U/TOKEN",
        "/u/TOKEN;jsessionid=1",
        "/u/TOKEN%00",
        "/u/TOKEN/back/",
        "/u/TOKEN/../TOKEN/back",
        "/u/%2e%2e/etc/passwd",
        "/archive/../newsletter.toml",
        "/archive/%2e%2e/newsletter.toml",
        "/archive/..%2f.newsletter/secret",
        "/.newsletter/secret",
        "/newsletter.toml",
        "/u/\\..\\TOKEN",
    ],
)
def test_no_path_leads_to_something_else(pages: Pages, target: str) -> None:
    before = pages.left()
    path = target.replace("TOKEN", pages.token("path"))
    for method in ("GET", "POST"):
        answer = ask(pages, method, path, b"Content-Length: 0\r\n" if method == "POST" else b"")
        assert answer.status in {404, 405}
        assert "list_id" not in answer.raw.decode("utf-8", "replace")
    assert pages.left() == before


@pytest.mark.parametrize(
    "name", ["Host", "X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"]
)
def test_no_cache_can_be_poisoned_by_who_is_asked_for(pages: Pages, name: str) -> None:
    for below in BELOW:
        path = f"/u/{pages.token('cached')}{below}"
        plain = ask(pages, "GET", path)
        host = EVIL if name == "Host" else "news.example.org"
        rest = b"" if name == "Host" else f"{name}: {EVIL}\r\n".encode()
        other = ask(pages, "GET", path, rest, host=host)
        assert other.text == plain.text
        assert other.header("cache-control") == "no-store"
        assert other.header("vary") == "Accept-Language"


@pytest.mark.parametrize("below", BELOW[1:])
def test_what_is_too_large_is_refused_everywhere(pages: Pages, below: str) -> None:
    assert posted(pages, f"/u/{pages.token('large')}{below}", b"x" * (MAX_BODY + 1)).status == 413
    assert ask(pages, "GET", f"/u/{pages.token('large')}{below}?{'x' * 20_000}").status == 431


def test_requests_that_a_proxy_may_read_differently_are_refused(pages: Pages) -> None:
    """Two lengths, or a length and chunks, are how a second request is smuggled through a proxy (RFC 9112, 11.2)."""
    path = f"/u/{pages.token('smuggled')}"
    before = pages.left()
    smuggled = f"POST {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    for rest in (
        b"Content-Length: 0\r\nContent-Length: 5\r\n",
        b"Content-Length: 1, 2\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 0x10\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"A:b\rc\r\n",
    ):
        answer = pages.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + rest + b"\r\n" + smuggled)
        assert answer.raw[9:12] in {b"400", b"501"}, rest
        assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert pages.left() == before


def test_nothing_of_a_request_comes_into_a_log(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("logged")) as pages:
        token = pages.token("logged")
        for target in (f"/u/{token}", f"/u/{token}%0aERROR%20forged", "/u/%1b[2Jforged", f"/x?{token}", "/healthz"):
            for method in ("GET", "POST", "forged"):
                ask(pages, method, target, b"User-Agent: forged\r\nX-Forwarded-For: 192.0.2.7\r\n")
        pages.ask(b"forged\x1b[2J\r\n\r\n")
        pages.process.send_signal(signal.SIGTERM)
        out, err = pages.process.communicate(timeout=30)
    assert (out, err) == ("", "")


def test_a_hundred_thousand_tokens_that_were_tampered_with_are_refused() -> None:
    keys = (b"a secret of thirty-two bytes....", b"another secret of thirty-two ...")
    links = Links(keys, "issue-curator.news.example.org")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    made = 0
    for number in range(32):
        token = links.token(f"reader{number}@example.com", proof=number % 2 == 0)
        assert links.read(token)
        for place in range(len(token)):
            for sign in alphabet:
                if sign != token[place]:
                    made += 1
                    assert links.read(token[:place] + sign + token[place + 1 :]) is None
    assert made >= 100_000
