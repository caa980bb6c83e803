"""Only public addresses are connected to, so that a letter cannot make us knock at doors inside. Touches: network.

A name is resolved once, here, and the very address that was looked at is connected to: a name that changes its mind
between two look-ups (DNS rebinding) gains nothing. The same holds for every hop of a redirect.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import TypeAlias

import httpcore

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed: TypeAlias = Callable[[IpAddress], bool]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
# RFC 4291 2.4: all of IPv6 that is given out. Outside of it Python calls some networks of one's own global: site-local
# (fec0::/10), a NAT64 of one's own (64:ff9b:1::/48, RFC 8215), IPv4 addresses written as ::10.0.0.1.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")


class InsideError(httpcore.ConnectError):
    """The host is, or also is, inside; nothing was connected to."""


class NoSuchHostError(httpcore.ConnectError):
    """The name has no address."""


def is_public(address: IpAddress) -> bool:
    """Whether anybody on the internet reaches this address; what wraps an IPv4 address is judged by that too."""
    reached = address.version == 4 or address in _GIVEN_OUT or address in _NAT64
    return reached and address.is_global and not address.is_multicast and all(map(is_public, _wrapped(address)))


def _wrapped(address: IpAddress) -> list[IpAddress]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[IpAddress | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


class PublicBackend(httpcore.AsyncNetworkBackend):
    """httpcore's own connections, but to allowed addresses only."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure = httpcore.ConnectError("no address")
        for address in await self._resolved(host, port):
            try:
                return await self._inner.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _resolved(self, host: str, port: int) -> list[IpAddress]:
        """Every address of a name; if one of them is inside, none is used, since the name is not to be trusted."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise NoSuchHostError(host) from error
        # A scope (fe80::1%eth0) belongs to addresses that are inside anyway.
        addresses = list(dict.fromkeys(ipaddress.ip_address(str(at[0]).partition("%")[0]) for *_, at in found))
        if not all(map(self._allowed, addresses)):
            raise InsideError(host)
        return addresses
