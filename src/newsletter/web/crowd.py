"""Who is connected to a public server, and who makes room when it is full. Touches: nothing.

A connection waits until it has brought a whole request: half a request waits, a kept connection between two requests
waits, and so does one that does not read its answer. Only who waits is ever cut off, whoever has waited longest first.
So a request that is whole, one click above all, is answered, however many others are half.
"""

from collections.abc import Hashable
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Generic, TypeVar

_Member = TypeVar("_Member", bound=Hashable)


class Crowd(Generic[_Member]):
    """The connections of one server; `most` in all, of which `waiting_of_one` of one origin may wait."""

    def __init__(self, *, most: int, waiting_of_one: int) -> None:
        self._most = most
        self._waiting_of_one = waiting_of_one
        self._busy: set[_Member] = set()
        self._waiting: dict[_Member, str] = {}
        """With their origins; who has waited longest first."""
        self._by_origin: dict[str, dict[_Member, None]] = {}

    def wait(self, member: _Member, origin: str) -> None:
        """Who is new, or has nothing whole to answer any more."""
        self.leave(member)
        self._waiting[member] = origin
        self._by_origin.setdefault(origin, {})[member] = None

    def who_goes(self, origin: str) -> _Member | None:
        """Who has to go now that somebody of this origin waits; None when there is room. Asked again until there is."""
        of_one = self._by_origin.get(origin, {})
        if origin and len(of_one) > self._waiting_of_one:
            return next(iter(of_one))
        too_many = len(self._waiting) + len(self._busy) > self._most
        return next(iter(self._waiting), None) if too_many else None

    @property
    def may_be_busy(self) -> bool:
        """Whether one more may be busy."""
        return len(self._busy) < self._most

    def be_busy(self, member: _Member) -> None:
        """Its request is whole: it stays until it is answered."""
        self.leave(member)
        self._busy.add(member)

    def leave(self, member: _Member) -> None:
        """Who is gone, or was never here."""
        self._busy.discard(member)
        origin = self._waiting.pop(member, None)
        if origin is not None:
            of_one = self._by_origin[origin]
            del of_one[member]
            if not of_one:
                del self._by_origin[origin]


@lru_cache
def origin_of(host: str) -> str:
    """Who is behind an address: itself, or of IPv6 the network that one customer has (/64, RFC 6177).

    Empty for this machine and for what is no address: a proxy, where everybody has the same one.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return "" if address.is_loopback else str(IPv6Network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)
