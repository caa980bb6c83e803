"""Whose network a request is of: what a trusted server says counts, what a client writes itself does not."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from newsletter.web.subscribers.client_network import network_of

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1"))


def seen(client: str, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    scope = {"type": "http", "headers": headers, "client": (client, 1) if client else None}
    return network_of(Request(scope), PROXIES)


@pytest.mark.parametrize(
    ("client", "forwarded", "network"),
    [
        ("192.0.2.77", (), "192.0.2.0/24"),
        ("2001:db8:1:2::7", (), "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", (), "192.0.2.0/24"),
        ("127.0.0.1", ("192.0.2.77",), "192.0.2.0/24"),
        ("::1", ("2001:db8:1:2::7",), "2001:db8:1::/48"),
        ("127.0.0.1", ("[2001:db8:1:2::7]:443",), "2001:db8:1::/48"),
        ("127.0.0.1", ("192.0.2.77:1234",), "192.0.2.0/24"),
        ("127.0.0.1", ("198.51.100.1, 192.0.2.77, 10.1.2.3",), "192.0.2.0/24"),
        ("127.0.0.1", ("198.51.100.1", "192.0.2.77"), "192.0.2.0/24"),
        ("192.0.2.77", ("198.51.100.1",), "192.0.2.0/24"),
        ("127.0.0.1", ("198.51.100.1, nonsense",), "127.0.0.0/24"),
        ("127.0.0.1", ("",), "127.0.0.0/24"),
        ("10.1.2.3", (",".join(["10.0.0.1"] * 5000),), "10.0.0.0/24"),
        ("", ("192.0.2.77",), ""),
        ("testclient", (), ""),
    ],
)
def test_the_nearest_address_that_nobody_trusted_stands_for_counts(
    client: str, forwarded: tuple[str, ...], network: str
) -> None:
    assert seen(client, *forwarded) == network
