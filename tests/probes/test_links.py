"""Links are visited on a real site that does everything wrong that sites do."""

import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import trustme

from newsletter.check.outside import LinkAnswer, VisitResult
from newsletter.probes.addresses import IpAddress
from newsletter.probes.links import Manners, visit
from tests.support.faulty_site import Asked, Behaviour, Site, faulty_site, only_get, reset, says, status

PATIENT = Manners(request=10, pause=0)
"""For a busy machine."""
SHORT = Manners(request=0.5, pause=0)
"""For who never answers."""


def anywhere(_: IpAddress) -> bool:
    return True


def visited(*addresses: str, manners: Manners = PATIENT, tls: ssl.SSLContext | None = None) -> list[LinkAnswer]:
    answers = visit(addresses, lambda _done, _total: None, manners=manners, allowed=anywhere, tls=tls)
    return [answers[address] for address in addresses]


def pages(site: Site) -> dict[str, Behaviour]:
    def hang(_link: socket.socket, _asked: Asked) -> None:
        site.closing.wait(30)

    def drip(link: socket.socket, _: Asked) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\n")
        while not site.closing.wait(0.05):
            link.sendall(b"X-More: 1\r\n")

    def endless(link: socket.socket, _: Asked) -> None:
        # Else a kernel takes as many megabytes as it likes, though nobody reads them.
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        link.sendall(b"HTTP/1.1 404 Gone\r\n\r\n")
        while not site.closing.is_set():
            site.sent += link.send(b"x" * 65536)

    return {
        "/": status(200, body=b"hello"),
        "/%EA%B0%80?q=%EB%82%98%20b": status(200),
        "/%EA%B0%80": status(200),
        "/404": status(404),
        "/410": status(410),
        "/500": status(500),
        "/503": status(503),
        "/400": status(400),
        "/401": status(401),
        "/403": status(403),
        "/405": status(405),
        "/429": status(429),
        "/head-405": only_get(status(405)),
        "/head-404": only_get(status(404)),
        "/head-reset": only_get(reset),
        "/head-garbage": only_get(says(b"\x00\xff\x00\xff\r\n\r\n")),
        "/moved": status(301, "Location: /"),
        "/moved-twice": status(308, "Location: /moved"),
        "/moved-then-found": status(301, "Location: /found"),
        "/found": status(302, "Location: /"),
        "/found-then-moved": status(302, "Location: /moved"),
        "/found-404": status(302, "Location: /404"),
        "/loop": status(302, "Location: /loop"),
        "/pingpong": status(301, "Location: /pongping"),
        "/pongping": status(301, "Location: /pingpong"),
        "/to-mail": status(302, "Location: mailto:a@example.org"),
        "/to-file": status(302, "Location: file:///etc/passwd"),
        "/to-nowhere": status(302, "Location: http://[/"),
        "/to-korean": says("HTTP/1.1 301 Said\r\nLocation: /가?q=나 b\x9b31m\r\n\r\n".encode()),
        "/to-endless": status(301, f"Location: /{'a' * 10_000}"),
        "/to-inside": status(302, "Location: http://10.0.0.1/"),
        "/hang": hang,
        "/drip": drip,
        "/endless": endless,
        "/reset": reset,
        "/empty": says(b""),
        "/garbage": says(b"\x00\xff" * 1000),
        "/smtp": says(b"220 mail.example.org ESMTP\r\n"),
        "/bad-length": says(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        "/huge-head": says(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 100_000),
    }


@pytest.fixture
def site() -> Iterator[Site]:
    with faulty_site(pages) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("/", VisitResult.FINE, 200),
        ("/가?q=나 b", VisitResult.FINE, 200),
        ("/#part", VisitResult.FINE, 200),
        ("/head-405", VisitResult.FINE, 200),
        ("/head-404", VisitResult.FINE, 200),
        ("/head-reset", VisitResult.FINE, 200),
        ("/head-garbage", VisitResult.FINE, 200),
        ("/found", VisitResult.FINE, 200),
        ("/404", VisitResult.GONE, 404),
        ("/410", VisitResult.GONE, 410),
        ("/found-404", VisitResult.GONE, 404),
        ("/endless", VisitResult.GONE, 404),
        ("/500", VisitResult.FAILING, 500),
        ("/503", VisitResult.FAILING, 503),
        ("/400", VisitResult.REFUSED, 400),
        ("/401", VisitResult.REFUSED, 401),
        ("/403", VisitResult.REFUSED, 403),
        ("/405", VisitResult.REFUSED, 405),
        ("/429", VisitResult.REFUSED, 429),
        ("/to-mail", VisitResult.REFUSED, 302),
        ("/to-file", VisitResult.REFUSED, 302),
        ("/loop", VisitResult.LOOP, 0),
        ("/pingpong", VisitResult.LOOP, 0),
        ("/hang", VisitResult.SILENT, 0),
        ("/drip", VisitResult.SILENT, 0),
        ("/reset", VisitResult.CUT, 0),
        ("/empty", VisitResult.NO_HTTP, 0),
        ("/garbage", VisitResult.NO_HTTP, 0),
        ("/smtp", VisitResult.NO_HTTP, 0),
        ("/bad-length", VisitResult.NO_HTTP, 0),
        ("/huge-head", VisitResult.NO_HTTP, 0),
        ("/to-nowhere", VisitResult.REFUSED, 302),
        ("/to-endless", VisitResult.REFUSED, 301),
    ],
)
def test_each_way_to_answer_has_its_name(site: Site, path: str, answer: VisitResult, code: int) -> None:
    [found] = visited(site.url(path), manners=SHORT if answer is VisitResult.SILENT else PATIENT)
    assert (found.answer, found.status) == (answer, code)


def test_what_has_moved_for_good_is_told_with_its_new_address(site: Site) -> None:
    paths = ("/moved", "/moved-twice", "/moved-then-found", "/found", "/found-then-moved")
    moved, twice, then_found, found, then_moved = visited(*map(site.url, paths))
    assert (moved.moved_to, twice.moved_to) == (site.url("/"), site.url("/"))
    # Where it is found for now may change; where it has moved to will not.
    assert (then_found.moved_to, found.moved_to, then_moved.moved_to) == (site.url("/found"), "", "")


def test_a_new_address_is_told_in_plain_ascii(site: Site) -> None:
    [moved] = visited(site.url("/to-korean"))
    assert moved.moved_to == site.url("/%EA%B0%80?q=%EB%82%98%20b%C2%9B31m")


def test_a_body_is_not_read(site: Site) -> None:
    visited(site.url("/endless"))
    assert site.sent < 4_000_000  # what lies in the buffers of HEAD and GET


def test_the_site_is_told_who_asks_and_is_asked_with_head_first(site: Site) -> None:
    visited(site.url("/"), site.url("/404"))
    visited(site.url("/429"))
    assert {one.headers["user-agent"].split("/")[0] for one in site.asked} == {"newsletter-check"}
    assert site.methods("/") == ["HEAD"]
    assert site.methods("/404") == ["HEAD", "GET"]
    assert site.methods("/429") == ["HEAD"]


def test_one_host_is_asked_one_at_a_time_and_rests_in_between(site: Site) -> None:
    visited(*map(site.url, ("/", "/404", "/410", "/500")), manners=Manners(request=10, pause=0.05))
    assert site.most_at_once == 1
    began = [one.began for one in site.asked]
    assert len(began) == 7
    assert all(later - ended >= 0.045 for later, ended in zip(began[1:], site.ended, strict=False))


def test_a_host_that_has_had_enough_is_left_alone(site: Site) -> None:
    answers = visited(*map(site.url, ("/", "/429", "/404", "/410")))
    assert [(found.answer, found.status) for found in answers] == [
        (VisitResult.FINE, 200),
        *[(VisitResult.REFUSED, 429)] * 3,
    ]
    assert [one.path for one in site.asked] == ["/", "/429"]


def test_hosts_are_asked_side_by_side() -> None:
    meeting = []

    def both(site: Site) -> dict[str, Behaviour]:
        def wait(link: socket.socket, asked: Asked) -> None:
            meeting.append(site.host)
            until = time.monotonic() + 5
            while len(meeting) < 2 and time.monotonic() < until:
                site.closing.wait(0.001)
            status(200 if len(meeting) >= 2 else 500)(link, asked)

        return {"/": wait}

    with faulty_site(both) as one, faulty_site(both, host="127.0.0.2") as other:
        answers = visited(one.url("/"), other.url("/"), manners=Manners(request=10, pause=0))
    assert [found.answer for found in answers] == [VisitResult.FINE, VisitResult.FINE]


def test_all_together_is_bounded_and_what_was_not_reached_is_told(site: Site) -> None:
    began = time.monotonic()
    answers = visited(
        *(site.url(f"/hang?{n}") for n in range(20)), manners=Manners(request=10, pause=0, altogether=0.3)
    )
    assert time.monotonic() - began < 3
    assert {found.answer for found in answers} == {VisitResult.NOT_VISITED}


def test_nobody_there_no_such_host_and_no_address_are_told_apart() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused
        nobody, no_host, strange, unreadable, no_port = visited(
            f"http://127.0.0.1:{taken.getsockname()[1]}/",
            "http://nowhere.invalid/",
            "http://a\x00b.example.org/",
            f"http://{'a' * 70}.example.org/",
            "http://127.0.0.1:99999/",
        )
    assert nobody.answer is VisitResult.NOBODY
    assert {no_host.answer, strange.answer} == {VisitResult.NO_HOST}
    assert unreadable.answer is VisitResult.UNREADABLE
    assert no_port.answer is VisitResult.UNREADABLE


def test_progress_is_told_link_by_link(site: Site) -> None:
    told: list[tuple[int, int]] = []
    visit(
        [site.url("/"), site.url("/404"), site.url("/")],
        lambda done, total: told.append((done, total)),
        manners=PATIENT,
        allowed=anywhere,
    )
    assert told == [(1, 2), (2, 2)]


def test_a_certificate_counts() -> None:
    ca = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(server)
    knowing = ssl.create_default_context()
    ca.configure_trust(knowing)
    with faulty_site(pages, tls=server) as site:
        [trusted] = visited(site.url("/"), tls=knowing)
        [unknown] = visited(site.url("/"))
        [plain] = visited(site.url("/").replace("https:", "http:"))
    with faulty_site(pages) as site:
        [no_tls] = visited(site.url("/").replace("http:", "https:"))
    assert trusted.answer is VisitResult.FINE
    assert unknown.answer is VisitResult.NO_TLS
    assert "self" in unknown.detail or "issuer" in unknown.detail
    assert plain.answer in {VisitResult.CUT, VisitResult.NO_HTTP}
    assert no_tls.answer is VisitResult.NO_TLS
