"""How long the bars of a chart are: never more than there is room, and as the numbers are to each other."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.chart_shapes import bars, shares

NUMBERS = st.decimals(min_value=-(10**15), max_value=10**15, places=3)


def of(*numbers: float | None) -> list[Decimal | None]:
    return [None if number is None else Decimal(str(number)) for number in numbers]


def test_bars_are_as_long_as_their_part_of_the_largest() -> None:
    assert bars(of(50, 100, 1, 0, None, 0.001)) == [(0, 50), (0, 100), (0, 1), (0, 0), (0, 0), (0, 1)]


def test_negative_ones_go_the_other_way_from_zero() -> None:
    assert bars(of(-25, 75, 0)) == [(0, 25), (25, 75), (25, 0)]
    assert bars(of(-10, -5)) == [(0, 100), (50, 50)]


def test_nothing_at_all_is_drawn_as_nothing() -> None:
    assert bars(of(0, None)) == [(0, 0), (0, 0)]


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=100))
@settings(max_examples=200)
def test_no_bar_is_longer_than_the_room(numbers: list[Decimal | None]) -> None:
    for number, (begin, length) in zip(numbers, bars(numbers), strict=True):
        assert 0 <= begin <= begin + length <= 100
        assert bool(length) == bool(number)


@given(st.lists(st.none() | NUMBERS.map(abs), min_size=1, max_size=6).filter(any))
@settings(max_examples=200)
def test_parts_come_to_a_whole_and_none_is_a_per_cent_off(numbers: list[Decimal | None]) -> None:
    there = [number or Decimal() for number in numbers]
    assert sum(shares(numbers)) == 100
    for part, number in zip(shares(numbers), there, strict=True):
        assert abs(part - number / sum(there) * 100) < 1
