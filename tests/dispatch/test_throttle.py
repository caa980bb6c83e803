"""Evenly spaced, slower by 1/N when asked, and back up."""

import itertools

import pytest

from newsletter.dispatch.throttle import Throttle


def test_slots_are_evenly_spaced_whoever_asks() -> None:
    throttle = Throttle(4, 20.0)
    assert [round(throttle.reserve(100.0), 6) for _ in range(5)] == [0.0, 0.05, 0.1, 0.15, 0.2]
    assert round(throttle.reserve(100.1), 6) == 0.15


def test_time_that_nobody_used_is_not_saved_up() -> None:
    throttle = Throttle(1, 1.0)
    throttle.reserve(0.0)
    assert [throttle.reserve(100.0), throttle.reserve(100.0)] == [0.0, 1.0]


def test_a_start_that_is_a_little_late_costs_the_rate_nothing_and_is_made_up_for_gently() -> None:
    throttle, now, starts = Throttle(4, 20.0), 100.0, []
    while now < 110.0:
        now += throttle.reserve(now)
        starts.append(now)
        # Each start is seen 3 ms late, and every other second one is so by 200 ms.
        now += 0.203 if len(starts) % 40 == 0 else 0.003
    assert len(starts) == pytest.approx(200, abs=2)
    apart = [later - sooner for sooner, later in itertools.pairwise(starts)]
    assert min(apart) >= 0.0399


def test_without_a_rate_nobody_waits() -> None:
    throttle = Throttle(4, None)
    assert [throttle.reserve(1.0) for _ in range(100)] == [0.0] * 100


def test_a_round_of_throttling_takes_one_connection_and_a_round_of_success_brings_it_back() -> None:
    throttle = Throttle(4, None)
    for _ in range(4):
        throttle.slower(0.0)
    assert throttle.open_connections == 2  # 4 - 1/4 - 1/3.75 - ... is 2.85
    throttle.faster()
    assert throttle.open_connections == 3
    for _ in range(4):
        throttle.faster()
    assert throttle.open_connections == 4
    assert not throttle.throttled


def test_there_is_always_one_connection() -> None:
    throttle = Throttle(4, None)
    for _ in range(1000):
        throttle.slower(0.0)
    assert throttle.open_connections == 1


def test_the_rate_follows_the_connections() -> None:
    throttle = Throttle(2, 10.0)
    for _ in range(3):
        throttle.slower(0.0)
    throttle.reserve(100.0)
    assert throttle.reserve(100.0) == pytest.approx(0.2)


def test_nothing_starts_for_a_while_and_longer_each_time() -> None:
    throttle = Throttle(1, None)
    waits = []
    for _ in range(6):
        throttle.slower(0.0)
        waits.append(throttle.held(0.0))
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert throttle.reserve(3.0) == 5.0
    throttle.faster()
    throttle.slower(100.0)
    assert throttle.held(100.0) == 1.0
