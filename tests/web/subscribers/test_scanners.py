"""Whoever looks at links without meaning them: nothing changes but by a POST, and that acts once. The real process."""

from collections.abc import Iterator

import pytest

from tests.support.pages import Pages, served

PHONE = b"User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=One-Click"
END = b"\r\n"

LOOKS: dict[str, tuple[str, str, bytes, int]] = {
    # name: method, what stands behind the token, further header lines with the empty one and a body, status
    "a person opens it": ("GET", "", PHONE + END, 200),
    "Outlook SafeLinks follows": ("GET", "", b"User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)\r\n\r\n", 200),
    "Barracuda looks with HEAD": ("HEAD", "", END, 200),
    "a proxy asks what it may": ("OPTIONS", "", END, 405),
    "a page of another asks beforehand": (
        "OPTIONS",
        "",
        b"Origin: https://mail.example.com\r\nAccess-Control-Request-Method: POST\r\n\r\n",
        405,
    ),
    "Chrome fetches ahead": ("GET", "", b"Sec-Purpose: prefetch;prerender\r\nPurpose: prefetch\r\n\r\n", 200),
    "Firefox fetches ahead": ("GET", "", b"X-Moz: prefetch\r\n\r\n", 200),
    "Safari draws it small": ("GET", "", b"X-Purpose: preview\r\n\r\n", 200),
    "KakaoTalk makes a preview": ("GET", "", b"User-Agent: facebookexternalhit/1.1; kakaotalk-scrap/1.0\r\n\r\n", 200),
    "Slack makes a preview": (
        "GET",
        "",
        b"User-Agent: Slackbot 1.0\r\nRange: bytes=0-32768\r\n\r\n",
        200,
    ),
    "a scanner asks for a part": ("GET", "", b"Range: bytes=0-99\r\n\r\n", 200),
    "a scanner asks whether it has changed": ("GET", "", b"If-None-Match: *\r\n\r\n", 200),
    "Gmail's picture proxy": ("GET", "", b"User-Agent: GoogleImageProxy\r\nAccept: image/*\r\n\r\n", 200),
    "a GET with the body of a click": ("GET", "", FORM, 200),
    "a GET that says to be a POST": ("GET", "", b"X-HTTP-Method-Override: POST\r\n\r\n", 200),
    "a GET with the field in its query": ("GET", "?List-Unsubscribe=One-Click&_method=POST", END, 200),
    "a tracker's parameters behind it": ("GET", "?utm_source=x&fbclid=y", END, 200),
    "a WebSocket is asked for": ("GET", "", b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
    "a cut link": ("POST", "CUT", FORM, 404),
    "a link with the full stop of its sentence": ("POST", ".", FORM, 404),
    "a link with a bracket": ("POST", ")", FORM, 404),
    "a link with the slash of a tidy program": ("POST", "/", FORM, 404),
    "a link in capitals": ("POST", "UPPER", FORM, 404),
    "a link with a quoted line end": ("POST", "=0D=0A", FORM, 404),
    "PUT": ("PUT", "", FORM, 405),
    "PATCH": ("PATCH", "", FORM, 405),
    "DELETE": ("DELETE", "", END, 405),
    "PROPFIND": ("PROPFIND", "", END, 405),
    "TRACE": ("TRACE", "", END, 405),
}

ACTS: dict[str, list[tuple[str, bytes]]] = {
    "RFC 8058": [("POST", FORM)],
    "without a body": [("POST", b"Content-Length: 0\r\n\r\n")],
    "without a length": [("POST", END)],
    "as JSON": [("POST", b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")],
    "twice": [("POST", FORM), ("POST", FORM)],
    "looked at, then pressed within a second": [("GET", END), ("POST", FORM)],
    "pressed, then looked at": [("POST", FORM), ("GET", END), ("HEAD", END)],
    "a hundred times": [("POST", FORM)] * 100,
    "with cookies and a foreign origin": [("POST", b"Cookie: a=b\r\nOrigin: null\r\nSec-Fetch-Site: none\r\n" + FORM)],
    "percent-encoded": [("POST%", FORM)],
    "HTTP/1.0": [("POST/1.0", FORM)],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with served(tmp_path_factory.mktemp("pages")) as running:
        yield running


def look(pages: Pages, name: str, method: str, behind: str, rest: bytes) -> bytes:
    token = pages.token(name)
    path = {"CUT": token[:-3], "UPPER": token.upper()}.get(behind, token + behind)
    return f"{method} /u/{path} HTTP/1.1\r\nHost: news.example.org\r\n".encode() + rest


def act(pages: Pages, name: str, method: str, rest: bytes) -> bytes:
    token = pages.token(name)
    if method == "POST%":
        token = "".join(f"%{ord(char):02x}" for char in token)
    version = "1.0" if method.endswith("/1.0") else "1.1"
    verb = method.rstrip("%").partition("/")[0]
    return f"{verb} /u/{token} HTTP/{version}\r\nHost: news.example.org\r\n".encode() + rest


@pytest.mark.parametrize("name", LOOKS)
def test_looking_changes_nothing(pages: Pages, name: str) -> None:
    method, behind, rest, status = LOOKS[name]
    before = pages.left()
    answers = [pages.ask(look(pages, "scanned", method, behind, rest)) for _ in range(2)]
    assert [answer.status for answer in answers] == [status] * 2
    assert not any(answer.header("set-cookie") or answer.header("location") for answer in answers)
    assert pages.left() == before


@pytest.mark.parametrize("name", ACTS)
def test_a_press_acts_once_however_it_comes(pages: Pages, name: str) -> None:
    reader = name.replace(" ", "-").replace(",", "").replace("/", "-")
    before = pages.left()
    for method, rest in ACTS[name]:
        answer = pages.ask(act(pages, reader, method, rest))
        assert (answer.status, answer.header("location")) == (200, "")
    assert pages.left() - before == {pages.hash_of(reader)}


def test_presses_behind_one_another_on_one_connection_each_count_once(pages: Pages) -> None:
    before = pages.left()
    row = b"".join(act(pages, f"piped{number % 5}", "POST", FORM) for number in range(20))
    assert pages.ask(row).raw.count(b"HTTP/1.1 200 ") == 20
    assert pages.left() - before == {pages.hash_of(f"piped{number}") for number in range(5)}
