"""Which network a request comes from, for limits: the connection's, or what a web server in front says of it.

Touches: nothing. An IPv4 /24 and an IPv6 /48 are one place: whoever has one address there has the others. Limits: only
`X-Forwarded-For`, and of that only what a trusted server wrote; the rest of it is the client's own invention.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

_PREFIX = {4: 24, 6: 48}
_MOST_HOPS = 20

_Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


def network_of(request: Request, proxies: Networks) -> str:
    """`192.0.2.0/24` or `2001:db8:1::/48`; empty where nobody can tell."""
    address = _address(request.client.host if request.client else "")
    hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed(hops[-_MOST_HOPS:]):
        if address is None or not any(address in proxy for proxy in proxies):
            break
        if (before := _address(hop)) is None:
            break
        address = before
    if address is None:
        return ""
    return str(ip_network((address, _PREFIX[address.version]), strict=False))


def _address(text: str) -> _Address | None:
    """Without a port; an IPv4 address written as IPv6 is what it is."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
