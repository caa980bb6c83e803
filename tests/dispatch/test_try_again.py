"""When a worker tries again what has ended, as a table."""

from datetime import timedelta

import pytest

from newsletter.catalogue import phrase
from newsletter.dispatch.learned_pace import Resting
from newsletter.dispatch.run_report import RunReport
from newsletter.dispatch.stop import Stop, StopKind
from newsletter.dispatch.try_again import wait_to_try_again
from tests.support.books import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def ended(kind: StopKind | None = None, *, attempted: int = 0, rests: timedelta | None = None) -> RunReport:
    stopped = None if kind is None else Stop(kind, phrase("dispatch.stop.asked"))
    return RunReport({}, attempted, 0, stopped, 0, 0, None, rests_until=None if rests is None else NOW + rests)


@pytest.mark.parametrize(
    ("report", "waits"),
    [
        (ended(attempted=1), [timedelta(0)] * 3),
        (ended(), [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND, MINUTE]),
        (ended(StopKind.RELAY, attempted=1), [10 * SECOND, 20 * SECOND, 40 * SECOND]),
        (ended(StopKind.LOGIN), [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 10 * MINUTE]),
        (ended(StopKind.LEDGER), [2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND, 30 * SECOND]),
        (ended(StopKind.QUOTA, rests=3 * MINUTE), [3 * MINUTE, 3 * MINUTE]),
        (ended(StopKind.QUOTA, rests=-MINUTE), [2 * SECOND]),
        (ended(StopKind.BUDGET, rests=timedelta(hours=20)), [10 * MINUTE]),
        (ended(StopKind.ASKED), [timedelta(0)]),
        (ended(StopKind.LEASE, attempted=5), [timedelta(0)]),
        (ended(StopKind.PAUSED), [timedelta(0)]),
    ],
)
def test_it_waits_longer_each_time_in_a_row(report: RunReport, waits: list[timedelta]) -> None:
    assert [wait_to_try_again(report, NOW, number) for number in range(len(waits))] == waits
    assert wait_to_try_again(report, NOW, 1_000_000) <= 10 * MINUTE


@pytest.mark.parametrize(("until", "wait"), [(20 * SECOND, 20 * SECOND), (SECOND, 5 * SECOND), (4 * MINUTE, MINUTE)])
def test_domains_that_rest_are_asked_when_they_may_be(until: timedelta, wait: timedelta) -> None:
    rests = (Resting("naver.com", NOW + timedelta(hours=3), None), Resting("daum.net", NOW + until, None))
    report = RunReport({}, 0, 0, None, 0, 0, None, resting=rests)
    assert wait_to_try_again(report, NOW, 0) == wait
