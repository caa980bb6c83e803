"""Each schedule has a bit of everything, and each has it differently."""

from .schedule import MACHINES, Kind, schedule

SOME = [schedule(seed) for seed in range(200)]


def test_the_same_seed_is_the_same_schedule_and_another_one_is_not() -> None:
    assert schedule(7) == SOME[7]
    assert len({str(one) for one in SOME}) == len(SOME)


def test_each_kind_befalls_each_dispatch() -> None:
    assert all({mishap.kind for mishap in one.mishaps} >= set(Kind) - {Kind.DRAIN} for one in SOME)
    assert any(mishap.kind is Kind.DRAIN for one in SOME for mishap in one.mishaps)


def test_stops_and_cuts_are_short_and_longer_than_a_lease() -> None:
    for kind in (Kind.STOP, Kind.CUT):
        lasts = [mishap.leases for one in SOME for mishap in one.mishaps if mishap.kind is kind]
        assert 50 < sum(length > 1.2 for length in lasts) < 150
        assert 50 < sum(0 < length < 0.3 for length in lasts) < 150


def test_clocks_are_wrong_both_ways_from_the_beginning_and_meanwhile() -> None:
    assert {wrong for one in SOME for wrong in one.clocks} == {-10, 0, 10}
    assert all(len(one.clocks) == MACHINES for one in SOME)
    set_by = {mishap.minutes for one in SOME for mishap in one.mishaps if mishap.kind is Kind.CLOCK}
    assert set_by == {-10, 10}
