"""What was published is fetched from a real site that does everything wrong that sites do."""

import hashlib
import socket
import ssl

import pytest
import trustme

from newsletter.probes.hosted import Expected, FetchLimits, not_there
from tests.support.faulty_site import Asked, Behaviour, Site, faulty_site, reset, says, status

PICTURE = b"\x89PNG" + bytes(5000)
PAGE = b"<link rel=canonical href=https://news.example.org/2026-11/>"


def pages(site: Site) -> dict[str, Behaviour]:
    def hang(_link: socket.socket, _asked: Asked) -> None:
        site.closing.wait(30)

    def drip(link: socket.socket, _: Asked) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\n")
        while not site.closing.wait(0.05):
            link.sendall(b"X-More: 1\r\n")

    def endless(link: socket.socket, _: Asked) -> None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not site.closing.is_set():
            site.sent += link.send(PICTURE)

    return {
        "/a.png": status(200, body=PICTURE),
        "/wrong.png": status(200, body=PICTURE[:-1] + b"x"),
        "/short.png": status(200, body=PICTURE[:-1]),
        "/gone.png": status(404, body=PICTURE),
        "/broken.png": status(500),
        "/none.png": status(204),
        "/moved.png": status(301, "Location: /a.png"),
        "/out.png": status(302, "Location: http://127.0.0.1:9/\x1b[31m"),
        "/hang.png": hang,
        "/drip.png": drip,
        "/endless.png": endless,
        "/reset.png": reset,
        "/noise.png": says(b"SSH-2.0-OpenSSH\r\n"),
        "/2026-11/": status(200, body=PAGE),
        "/soft/": status(200, body=b"<title>Welcome</title>"),
    }


def told(url: str, *, seconds: float = 10, tls: ssl.SSLContext | None = None) -> str:
    """Why it is not there, in English; empty where it is."""
    one = Expected(url, len(PICTURE), digest=hashlib.sha256(PICTURE).hexdigest())
    if not url.endswith(".png"):
        one = Expected(url, len(PICTURE), words="https://news.example.org/2026-11/")
    found = not_there([one], limits=FetchLimits(each=seconds), tls=tls)
    return found[url].in_language("en") if url in found else ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/a.png", ""),
        ("/2026-11/", ""),
        ("/wrong.png", "another file is there (5004 bytes)"),
        ("/short.png", "another file is there (5003 bytes)"),
        ("/gone.png", "the web server answers 404"),
        ("/broken.png", "the web server answers 500"),
        ("/none.png", "the web server answers 204"),
        ("/moved.png", "the web server leads elsewhere (301): /a.png"),
        ("/out.png", "the web server leads elsewhere (302): http://127.0.0.1:9/\N{REPLACEMENT CHARACTER}[31m"),
        ("/endless.png", "what is there has more than 5004 bytes, so it is another file"),
        ("/soft/", "another page is there"),
    ],
)
def test_only_what_is_there_byte_for_byte_is_there(path: str, why: str) -> None:
    with faulty_site(pages) as site:
        assert told(site.url(path)) == why
        assert site.methods(path) == ["GET"]
        assert len(site.asked) == 1, "a redirect is not followed"


@pytest.mark.parametrize("path", ["/hang.png", "/drip.png"])
def test_a_site_that_hangs_is_not_waited_for(path: str) -> None:
    with faulty_site(pages) as site:
        assert told(site.url(path), seconds=0.3) == "no answer within 0.3 seconds"


def test_a_site_that_hangs_is_not_waited_for_once_for_every_picture() -> None:
    with faulty_site(pages) as site:
        expected = [Expected(site.url("/a.png"), 9000), *(Expected(site.url(f"/hang.png?{n}"), 9) for n in range(40))]
        limits = FetchLimits(each=20, altogether=0.5)
        found = not_there(expected, limits=limits)
        assert {why.in_language("en") for why in found.values()} == {"no answer within 0.5 seconds"}
        assert len(found) == 40


@pytest.mark.parametrize("path", ["/reset.png", "/noise.png"])
def test_a_site_that_breaks_off_is_told(path: str) -> None:
    with faulty_site(pages) as site:
        assert told(site.url(path)).startswith("it cannot be reached (")


def test_nobody_at_the_address_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert told(f"http://127.0.0.1:{port}/a.png").startswith("it cannot be reached (")
    assert told("http://nobody.invalid/a.png") == "it cannot be reached (nobody.invalid)"


def test_a_certificate_that_nobody_trusts_is_told_and_one_of_the_institute_is_taken() -> None:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    with faulty_site(pages, host="localhost", tls=server) as site:
        assert told(site.url("/a.png"), tls=client) == ""
        assert "certificate" in told(site.url("/a.png"))


def test_many_are_fetched_some_at_a_time_and_each_is_told() -> None:
    with faulty_site(pages) as site:
        digest = hashlib.sha256(PICTURE).hexdigest()
        paths = [f"/a.png?{number}" for number in range(30)]
        found = not_there(
            [*(Expected(site.url(path), len(PICTURE), digest) for path in paths), Expected(site.url("/gone.png"), 9)]
        )
        assert list(found) == [site.url("/gone.png")]
        assert len(site.asked) == 31
        assert 1 <= site.most_at_once <= 4
