"""A letter cannot make us knock at doors inside, by whatever way it names them."""

import ipaddress
import socket

import pytest

from newsletter.check.outside import VisitResult
from newsletter.probes.addresses import IpAddress, is_public
from newsletter.probes.links import Manners, visit
from tests.support.faulty_site import faulty_site, status

QUICK = Manners(request=2, pause=0)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1"),
        *("64:ff9b:1::a00:1", "fec0::1", "::10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    ],
)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "211.249.220.24", "2606:4700::1111", "2400:cb00::1", "64:ff9b::808:808"]
)
def test_what_everybody_reaches_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"),
        *("0.0.0.0", "[::]", "LOCALHOST", "localhost.", "１２７.0.0.1"),
    ],
)
def test_a_server_on_this_machine_is_never_asked(host: str) -> None:
    with faulty_site(lambda _: {"/": status(200)}) as site:
        address = f"http://{host}:{site.port}/"
        answers = visit([address], lambda _done, _total: None, manners=QUICK)
    assert site.asked == []
    assert answers[address].answer in {VisitResult.INSIDE, VisitResult.NO_HOST, VisitResult.UNREADABLE}


def test_a_redirect_does_not_lead_inside() -> None:
    inside = ipaddress.ip_address("127.0.0.2")

    def outside_only(address: IpAddress) -> bool:
        return address != inside

    with faulty_site(lambda _: {"/": status(200)}, host=str(inside)) as secret:
        lure = status(302, f"Location: {secret.url('/')}")
        with faulty_site(lambda _: {"/": lure}) as site:
            answers = visit([site.url("/")], lambda _d, _t: None, manners=QUICK, allowed=outside_only)
    assert answers[site.url("/")].answer is VisitResult.INSIDE
    assert secret.asked == []


def resolving(monkeypatch: pytest.MonkeyPatch, name: str, *answers: list[str]) -> list[str]:
    """Let a name resolve to these addresses, look-up by look-up; the list of look-ups so far."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, family: int = 0, kind: int = 0, *_: int, **__: int) -> list[object]:
        if host != name:
            return list(real(host, port, family, kind))
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [found for address in addresses for found in real(address, port, family, kind)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_is_looked_up_once_and_the_address_that_was_judged_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the second look-up would say something else."""
    asked = resolving(monkeypatch, "rebinding.example.org", ["127.0.0.1"], ["127.0.0.2"])
    with faulty_site(lambda _: {"/": status(200)}) as first:
        address = f"http://rebinding.example.org:{first.port}/"
        answers = visit([address], lambda _d, _t: None, manners=QUICK, allowed=lambda at: str(at) == "127.0.0.1")
    assert answers[address].answer is VisitResult.FINE
    assert len(first.asked) == len(asked) == 1


def test_a_name_with_one_address_inside_is_not_trusted_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "both.example.org", ["8.8.8.8", "127.0.0.1"])
    answers = visit(["http://both.example.org/"], lambda _d, _t: None, manners=QUICK)
    assert answers["http://both.example.org/"].answer is VisitResult.INSIDE
