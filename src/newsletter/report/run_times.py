"""When anybody was at an issue, and how long all rested for a limit. Touches: nothing.

Processes at work at the same time are one stretch of work. What a limit cost is the time between two stretches of which
the first ended for it, and what was waited within a stretch; of processes that waited at the same time only the longest
counts. Limits: of a process that was killed the end is when that was noticed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from newsletter.dispatch.stop import StopKind
from newsletter.ledger.accounts import PastRun
from newsletter.ledger.at_work import ENDED_DONE

from .figures import RunFigures

_OWN, _RELAY = StopKind.BUDGET.name.lower(), StopKind.QUOTA.name.lower()


ENDED_BY_LIMIT = frozenset({_OWN, _RELAY})
_QUIET = {ENDED_DONE, *ENDED_BY_LIMIT}
"""By which a run ends that finds nothing to do, or nothing that it may do yet."""


def telling(runs: Iterable[PastRun]) -> list[PastRun]:
    """Those that began a message, or tell why they could not: cron comes by every ten minutes for nothing."""
    return [run for run in runs if run.messages or run.ended_at is None or run.ended_by not in _QUIET]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, or as many as one behind the other could begin nothing for the same reason."""

    first: int
    """Its place among the runs, from 0."""
    count: int
    began_at: datetime
    ended_at: datetime | None
    run: RunFigures
    """The last of them."""


def rows_of_runs(runs: Sequence[RunFigures]) -> list[RunRow]:
    """A relay that is down for a weekend makes one row, and not three hundred."""
    rows: list[RunRow] = []
    for place, run in enumerate(runs):
        last = rows[-1] if rows else None
        if last is not None and _in_vain(run) and _in_vain(last.run) and run.ended_by == last.run.ended_by:
            rows[-1] = RunRow(last.first, last.count + 1, last.began_at, run.ended_at, run)
        else:
            rows.append(RunRow(place, 1, run.began_at, run.ended_at, run))
    return rows


def _in_vain(run: RunFigures) -> bool:
    return not run.messages and not run.rested and run.ended_at is not None and bool(run.ended_by)


@dataclass(slots=True)
class TimeAtWork:
    """Processes that were at it without a break."""

    began_at: datetime
    ended_at: datetime
    ended_by: set[str] = field(default_factory=set)
    rested: timedelta = timedelta()


def stretches(runs: Iterable[PastRun], now: datetime) -> list[TimeAtWork]:
    """In the order of time; who has not ended is at it until `now`."""
    found: list[TimeAtWork] = []
    for run in sorted(runs, key=lambda run: run.began_at):
        ended_at = max(run.ended_at or now, run.began_at)
        if not found or run.began_at > found[-1].ended_at:
            found.append(TimeAtWork(run.began_at, ended_at))
        one = found[-1]
        one.ended_at = max(one.ended_at, ended_at)
        one.ended_by.add(run.ended_by)
        one.rested = max(one.rested, run.rested)
    return found


def time_at_work(parts: Sequence[TimeAtWork]) -> timedelta:
    """Without what was waited for a window."""
    return sum((one.ended_at - one.began_at - one.rested for one in parts), timedelta())


def cost_of_own_limit(parts: Sequence[TimeAtWork]) -> timedelta:
    """Of the windows of `[smtp] rate`."""
    return sum((one.rested for one in parts), timedelta()) + _between(parts, _OWN)


def cost_of_relays_limit(parts: Sequence[TimeAtWork]) -> timedelta:
    return _between(parts, _RELAY)


def _between(parts: Sequence[TimeAtWork], because: str) -> timedelta:
    return sum(
        (after.began_at - one.ended_at for one, after in pairwise(parts) if because in one.ended_by), timedelta()
    )
