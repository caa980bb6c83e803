"""The retry schedule: when a delivery is tried again, and when no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.dispatch.policy import Policy
from newsletter.dispatch.retry import try_later, wait_after
from newsletter.ledger.states import Claim, State
from newsletter.settings.rates import Window
from newsletter.smtp.reply import reply_of
from tests.support.books import NOW
from tests.support.smtp_runs import address

POLICY = Policy(address(1025))
LATER = reply_of("rcpt", 451, "4.3.0 later")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def claim(attempts: int, trying: timedelta | None) -> Claim:
    first = None if trying is None else NOW - trying
    return Claim(1, 1, "reader@example.com", "reader@example.com", "ko", {}, attempts, first)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (0, 5 * MINUTE),
        (1, 10 * MINUTE),
        (2, 20 * MINUTE),
        (5, 160 * MINUTE),
        (6, 4 * HOUR),
        (7, 4 * HOUR),
        (999, 4 * HOUR),
    ],
)
def test_the_wait_doubles_up_to_four_hours(attempts: int, wait: timedelta) -> None:
    outcome = try_later(claim(attempts, HOUR), LATER, "temporary", NOW, POLICY)
    assert (outcome.state, outcome.due_at) == (State.DEFERRED, NOW + wait)


def test_a_longer_first_wait_than_four_hours_is_kept() -> None:
    slow = Policy(address(1025), retry=timedelta(days=1))
    assert wait_after(1, slow) == wait_after(5, slow) == timedelta(days=1)


def test_who_was_tried_for_too_long_is_given_up() -> None:
    outcome = try_later(claim(3, 48 * HOUR), LATER, "temporary", NOW, POLICY)
    assert (outcome.state, outcome.attempted, outcome.due_at) == (State.EXPIRED, True, None)


@pytest.mark.parametrize(("attempts", "state"), [(1, State.DEFERRED), (3, State.DEFERRED), (4, State.EXPIRED)])
def test_nobody_is_given_up_who_was_seldom_tried_since_a_day_has_a_limit(attempts: int, state: State) -> None:
    limited = replace(POLICY, windows=(Window(5000, 24 * HOUR),))
    assert try_later(claim(attempts, 72 * HOUR), LATER, "temporary", NOW, limited).state is state
