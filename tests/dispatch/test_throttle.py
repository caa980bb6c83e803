"""Evenly spaced, slower by 1/N when asked, and back up; when patience with a relay ends."""

import pytest

from newsletter.dispatch.reach import Reach
from newsletter.dispatch.stop import StopKind
from newsletter.dispatch.throttle import Throttle
from newsletter.smtp.reply import reply_of

REFUSED = reply_of("connect", 0, "Connection refused")
BUSY = reply_of("connect", 421, "4.3.2 too many connections")
LOST = reply_of("dot", 0, "gone")


def test_slots_are_evenly_spaced_whoever_asks() -> None:
    pacer = Throttle(4, 20.0)
    assert [round(pacer.reserve(100.0), 6) for _ in range(5)] == [0.0, 0.05, 0.1, 0.15, 0.2]
    assert round(pacer.reserve(100.1), 6) == 0.15


def test_time_that_nobody_used_is_not_saved_up() -> None:
    pacer = Throttle(1, 1.0)
    pacer.reserve(0.0)
    assert [pacer.reserve(100.0), pacer.reserve(100.0)] == [0.0, 1.0]


def test_without_a_rate_nobody_waits() -> None:
    pacer = Throttle(4, None)
    assert [pacer.reserve(1.0) for _ in range(100)] == [0.0] * 100


def test_a_round_of_throttling_takes_one_connection_and_a_round_of_success_brings_it_back() -> None:
    pacer = Throttle(4, None)
    for _ in range(4):
        pacer.slower(0.0)
    assert pacer.open_connections == 2  # 4 - 1/4 - 1/3.75 - ... is 2.85
    pacer.faster()
    assert pacer.open_connections == 3
    for _ in range(4):
        pacer.faster()
    assert pacer.open_connections == 4
    assert not pacer.throttled


def test_there_is_always_one_connection() -> None:
    pacer = Throttle(4, None)
    for _ in range(1000):
        pacer.slower(0.0)
    assert pacer.open_connections == 1


def test_the_rate_follows_the_connections() -> None:
    pacer = Throttle(2, 10.0)
    for _ in range(3):
        pacer.slower(0.0)
    pacer.reserve(100.0)
    assert pacer.reserve(100.0) == pytest.approx(0.2)


def test_nothing_starts_for_a_while_and_longer_each_time() -> None:
    pacer = Throttle(1, None)
    waits = []
    for _ in range(6):
        pacer.slower(0.0)
        waits.append(pacer.held(0.0))
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert pacer.reserve(3.0) == 5.0
    pacer.faster()
    pacer.slower(100.0)
    assert pacer.held(100.0) == 1.0


def test_a_relay_that_was_never_there_ends_the_run_at_once() -> None:
    stop = Reach(4).refused(REFUSED)
    assert stop is not None
    assert (stop.kind, stop.exit_code) == (StopKind.RELAY, 69)
    assert "Connection refused" in stop.reason


def test_a_relay_that_goes_away_is_waited_for() -> None:
    reach = Reach(1)
    reach.reached()
    assert [reach.refused(REFUSED) is None for _ in range(5)] == [True] * 4 + [False]


def test_a_busy_relay_is_waited_for_even_at_the_start() -> None:
    reach = Reach(1)
    assert [reach.trouble(BUSY) is None for _ in range(5)] == [True] * 4 + [False]
    assert Reach(1).refused(BUSY) is None


def test_a_wrong_login_is_not_tried_twice() -> None:
    reach = Reach(4)
    reach.reached()
    stop = reach.refused(reply_of("auth", 535, "5.7.8 wrong"))
    assert stop is not None
    assert stop.kind is StopKind.LOGIN


def test_one_decision_about_a_letter_ends_the_row_of_troubles() -> None:
    reach = Reach(1)
    for _ in range(50):
        assert reach.trouble(LOST) is None
        assert reach.trouble(LOST) is None
        reach.well()
