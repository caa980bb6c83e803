"""When a worker, which never ends, tries a dispatch again whose run has ended. Touches: nothing; times are arguments.

Cron comes every ten minutes. A worker could come back at once, which a relay that is down or refuses a login must not
meet a thousand times: it waits longer each time in a row.
"""

from datetime import datetime, timedelta

from .run_report import RunReport
from .stop import StopKind

_AT_ONCE = timedelta(0)
_FIRST = {
    StopKind.RELAY: timedelta(seconds=10),
    StopKind.LEDGER: timedelta(seconds=2),
    StopKind.LOGIN: timedelta(minutes=1),
    StopKind.SENDER: timedelta(minutes=1),
    StopKind.CONTENT: timedelta(minutes=1),
    StopKind.UNAUTHENTICATED: timedelta(minutes=1),
    StopKind.QUOTA: timedelta(minutes=1),
    StopKind.BUDGET: timedelta(seconds=10),
}
"""Of what stops a run without a pause; what is paused, cancelled or asked for is for others to say."""
_MOST = {StopKind.LEDGER: timedelta(seconds=30)}
_LONGEST = timedelta(minutes=10)
_MOST_OFTEN = timedelta(minutes=1)
_NOTHING_TO_CLAIM = timedelta(seconds=5)
"""Somebody seemed to be due, and none could be had: others were quicker, or their domain rests."""


def wait_to_try_again(report: RunReport, now: datetime, in_vain: int) -> timedelta:
    """How long the dispatch is left alone; `in_vain`: so many runs before this one got nowhere, too."""
    if report.stopped is None:
        return _AT_ONCE if report.attempted else _until_it_may(report, now, in_vain)
    first = _FIRST.get(report.stopped.kind)
    if first is None:
        return _AT_ONCE
    wait = _doubled(first, in_vain, _MOST.get(report.stopped.kind, _LONGEST))
    if report.rests_until is not None:
        return min(max(report.rests_until - now, _FIRST[StopKind.LEDGER]), _LONGEST)
    return wait


def _until_it_may(report: RunReport, now: datetime, in_vain: int) -> timedelta:
    wait = _doubled(_NOTHING_TO_CLAIM, in_vain, _MOST_OFTEN)
    first = min((one.until for one in report.resting), default=None)
    return wait if first is None else min(max(first - now, wait), _MOST_OFTEN)


def _doubled(first: timedelta, times: int, most: timedelta) -> timedelta:
    return min(first * (1 << min(times, 10)), most)
