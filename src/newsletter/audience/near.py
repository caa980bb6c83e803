"""Is an address in a list, and which of it are near: `hong@`, where somebody typed `hnog@`.

Touches: nothing. Limits: addresses are only looked at closely where a cheap filter lets them through, so that a million
take a few seconds, and memory does not grow with them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .address import AddressError, parse_address

MOST_NEAR = 3
_FAR = 9
_ELSEWHERE = 3
"""How far the same name at another domain counts, after the slips of one or two keys."""
_LONG = 6
"""Letters of a name from which on two slips still leave it to be seen."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a list has of an address."""

    is_there: bool
    near: tuple[tuple[int, str], ...] = ()
    """Line and address of those that are near, the nearest first; none where it is there itself."""


def neighbours_of(listed: Iterable[tuple[int, str]], key: str) -> Neighbours:
    """Look for a subscriber's key among addresses as somebody wrote them, each with its line."""
    near: dict[str, tuple[int, int, int, str]] = {}
    may_be_near = _filter_for(key)
    for number, (line, cell) in enumerate(listed):
        if not may_be_near(cell):
            continue
        try:
            email, found = parse_address(cell)
        except AddressError:
            continue
        if found == key:
            return Neighbours(is_there=True)
        far = _distance(found, key)
        if far < _FAR and found not in near:
            near[found] = (far, number, line, email)
            if len(near) > MOST_NEAR:
                del near[max(near, key=lambda one: near[one][:2])]
    return Neighbours(is_there=False, near=tuple((line, email) for *_, line, email in sorted(near.values())))


def _filter_for(key: str) -> Callable[[str], bool]:
    """Whether what somebody wrote may be the address, or near it."""
    name, _, domain = key.rpartition("@")
    end, begin = f"@{domain}", _base(name)
    pieces = _pieces(name)

    def may_be_near(cell: str) -> bool:
        typed = cell.strip().casefold()
        return (
            not typed.isascii()
            or typed.startswith(begin)
            or (typed.endswith(end) and any(piece in typed for piece in pieces))
        )

    return may_be_near


def _pieces(name: str) -> set[str]:
    """Texts of which every name that is near has at least one.

    Who differs by so many slips has one of so many and one more pieces as it is, or two keys swapped where they meet.
    """
    size = max(1, -(-len(name) // (_slips(name) + 1)))
    cuts = range(0, len(name), size)
    swapped = (name[: cut - 1] + name[cut] + name[cut - 1] + name[cut + 1 :] for cut in cuts if cut)
    return {whole[cut : cut + size] for whole in (name, *swapped) for cut in cuts}


def _distance(found: str, key: str) -> int:
    name, _, domain = found.rpartition("@")
    wanted, _, at = key.rpartition("@")
    if domain == at:
        slips = slips_between(name, wanted, _slips(wanted))
        return slips if slips is not None else 2 if _base(name) == _base(wanted) else _FAR
    if name == wanted:
        slips = slips_between(domain, at, 2)
        return slips if slips is not None else _ELSEWHERE
    return _FAR


def slips_between(one: str, other: str, most: int) -> int | None:
    """How many keys were struck wrong, left out, struck besides or swapped; None for more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (char != wanted))
            if last and to > 1 and char == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _slips(name: str) -> int:
    return 2 if len(name) >= _LONG else 1


def _base(name: str) -> str:
    """`hong` of `hong+letter`, which many providers bring to the same mailbox."""
    return name.partition("+")[0] or name
