"""Numbers -> how long the bars of a chart are, in whole per cent, so that they add up; None is not drawn.

Touches: nothing.
"""

from collections.abc import Sequence
from decimal import Decimal


def bars(numbers: Sequence[Decimal | None]) -> list[tuple[int, int]]:
    """Where each bar begins and how long it is, of 100; all begin at zero, the negative ones before it.

    What is more than nothing is seen: it has a length of 1 at least.
    """
    there = [number for number in numbers if number is not None]
    low, high = min([*there, Decimal()]), max([*there, Decimal()])
    span = high - low or Decimal(1)
    zero = _nearest(-low / span * 100)
    found = []
    for number in numbers:
        length = max(_nearest(abs(number) / span * 100), 1) if number else 0
        room = zero if number and number < 0 else 100 - zero
        length = min(length, max(room, 1))
        begin = max(zero - length, 0) if number and number < 0 else min(zero, 100 - length)
        found.append((begin, length))
    return found


def shares(numbers: Sequence[Decimal | None]) -> list[int]:
    """Whole per cents of the sum, which come to 100: the largest remainders are rounded up (Hare and Niemeyer)."""
    there = [number or Decimal() for number in numbers]
    exact = [number / sum(there) * 100 for number in there]
    whole = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])
    for at in by_remainder[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def _nearest(number: Decimal) -> int:
    return int(number + Decimal("0.5"))
