"""A feed is fetched from a real site that does everything wrong that sites do."""

import socket
import ssl

import pytest
import trustme

from newsletter.errors import UnavailableError
from newsletter.probes.addresses import IpAddress
from newsletter.probes.feed import fetched_feed
from tests.support.faulty_site import Asked, Behaviour, Site, faulty_site, reset, status


def anywhere(_: IpAddress) -> bool:
    return True


def pages(site: Site) -> dict[str, Behaviour]:
    def hang(_link: socket.socket, _asked: Asked) -> None:
        site.closing.wait(30)

    def endless(link: socket.socket, _: Asked) -> None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not site.closing.is_set():
            site.sent += link.send(b"x" * 65536)

    return {
        "/feed": status(200, body=b"<rss/>"),
        "/moved": status(301, "Location: /feed"),
        "/loop": status(302, "Location: /loop"),
        "/plain": status(302, "Location: http://example.org/feed"),
        "/nowhere": status(302),
        "/404": status(404),
        "/hang": hang,
        "/endless": endless,
        "/reset": reset,
    }


@pytest.fixture(scope="module")
def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The site's, and that of who trusts it."""
    authority = trustme.CA()
    own, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(own)
    authority.configure_trust(trusting)
    return own, trusting


Tls = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.mark.parametrize("path", ["/feed", "/moved"])
def test_a_feed_is_fetched_also_from_where_it_has_moved(tls: Tls, path: str) -> None:
    with faulty_site(pages, tls=tls[0]) as site:
        assert fetched_feed(site.url(path), allowed=anywhere, tls=tls[1]) == b"<rss/>"
        assert {one.method for one in site.asked} == {"GET"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/loop", "leads on and on"),
        ("/plain", "only https"),
        ("/nowhere", "answers 302"),
        ("/404", "answers 404"),
        ("/endless", "larger than 5 MB"),
        ("/reset", "cannot be reached"),
    ],
)
def test_what_is_no_feed_is_told(tls: Tls, path: str, why: str) -> None:
    with faulty_site(pages, tls=tls[0]) as site:
        with pytest.raises(UnavailableError) as raised:
            fetched_feed(site.url(path), allowed=anywhere, tls=tls[1])
        assert why in raised.value.in_language("en")
        assert site.sent < 50_000_000


def test_a_site_that_hangs_is_not_waited_for(tls: Tls) -> None:
    with faulty_site(pages, tls=tls[0]) as site, pytest.raises(UnavailableError, match="no answer within"):
        fetched_feed(site.url("/hang"), allowed=anywhere, tls=tls[1], seconds=0.3)


def test_no_door_inside_is_knocked_at(tls: Tls) -> None:
    with faulty_site(pages, tls=tls[0]) as site:
        with pytest.raises(UnavailableError, match="--inside"):
            fetched_feed(site.url("/feed"), tls=tls[1])
        assert site.asked == []


def test_nothing_but_https_and_trusted_certificates_count(tls: Tls) -> None:
    with faulty_site(pages) as site, pytest.raises(UnavailableError, match="only https"):
        fetched_feed(site.url("/feed"), allowed=anywhere)
    with faulty_site(pages, tls=tls[0]) as site, pytest.raises(UnavailableError, match="certificate"):
        fetched_feed(site.url("/feed"), allowed=anywhere)
    with pytest.raises(UnavailableError, match="no such host"):
        fetched_feed("https://nobody.invalid/feed", allowed=anywhere)
