"""How far a dispatch is, how fast, when it will be done, and which processes are at it. Touches: nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.catalogue import Said, phrase
from newsletter.ledger.accounts import PastRun
from newsletter.ledger.at_work import ENDED_DONE, Worker
from newsletter.ledger.states import READY, UNFINISHED, State

from .expected_end import UNLIMITED, Allowance
from .run_end import end_words
from .states_and_times import local

_SHORTEST = 1.0
"""Seconds; what was done in less tells no rate."""


@dataclass(frozen=True, slots=True)
class Headway:
    """One look at a dispatch at a moment."""

    counts: Mapping[State, int]
    """All ten states."""
    workers: Sequence[Worker]
    """Also those that are gone without a word."""
    now: datetime
    next_due: datetime | None = None
    """When the first of the deferred is tried again."""
    measured: float | None = None
    """Messages a second, where somebody watched for a while; else it is the average since the first process began."""
    pace: Allowance = UNLIMITED
    """What the settings allow, of an issue that goes on."""
    relay_rests_until: datetime | None = None
    """Its own limit is used up until then."""
    last_run: PastRun | None = None
    """The last that ended, where nobody is at it."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """At an end for a run: sent, failed, suppressed …, and what is in doubt, which waits for a person."""
        return self.total - sum(self.counts[state] for state in UNFINISHED)

    @property
    def percent(self) -> int:
        """Of all, rounded down: 100 only when nothing is left."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_over(self) -> bool:
        """Nothing is left for a run."""
        return self.done == self.total

    @property
    def living(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.lives]

    @property
    def rate(self) -> float | None:
        """Messages a second; None where nobody is at it, or it is too early to tell."""
        if not self.living:
            return None
        if self.measured is not None:
            return self.measured
        first = min(self.living, key=lambda worker: worker.since)
        seconds, gained = (self.now - first.since).total_seconds(), self.done - first.done_before
        return gained / seconds if gained > 0 and seconds >= _SHORTEST else None

    @property
    def expected_end(self) -> datetime | None:
        """Of what waits for no time; None where no rate is known. What is deferred comes later.

        Where hours and days have limits these are known, also while nobody is at it: cron goes on.
        """
        left = sum(self.counts[state] for state in READY)
        if not left or not (self.rate or self.pace.windows):
            return None
        needed = self.pace.time_needed(left, self.rate)
        return self.now + needed if needed is not None else None

    @property
    def goes_on_at(self) -> datetime | None:
        """When the next may go, where a limit of hours or days is used up: of the settings, or the relay's own."""
        waits = [self.now + self.pace.wait] if self.pace.wait else []
        waits += [self.relay_rests_until] if self.relay_rests_until is not None else []
        return max(waits) if waits and not self.is_over else None

    def as_json(self) -> dict[str, object]:
        """Docs/design.md 4.4; times are ISO 8601, the rate is messages a second."""
        rate, end, goes_on_at = self.rate, self.expected_end, self.goes_on_at
        return {
            "done": self.done,
            "percent": self.percent,
            "rate": None if rate is None else round(rate, 3),
            "expected_end": end.isoformat(timespec="seconds") if end else None,
            "windows": [{"window": str(one.window), "used": one.used} for one in self.pace.windows],
            "goes_on_at": goes_on_at.isoformat(timespec="seconds") if goes_on_at else None,
            "next_due": self.next_due.isoformat(timespec="seconds") if self.next_due else None,
            "processes": [
                {
                    "pid": one.pid,
                    "machine": one.machine,
                    "since": one.since.isoformat(timespec="seconds"),
                    "heard_at": one.heard_at.isoformat(timespec="seconds"),
                    "lives": one.lives,
                }
                for one in self.workers
            ],
        }

    def said(self, slug: str, zone: str, *, running: bool) -> list[Said]:
        """Sentences for a person; `running`: neither paused nor cancelled, so that somebody should be at it."""
        told = [] if self.is_over else [self.in_short(zone)]
        told += [_at_it(worker, zone) if worker.lives else _gone(worker, slug, zone) for worker in self.workers]
        if self.is_over or not running:
            return told
        if self.goes_on_at is not None:
            told.append(phrase("report.headway.goes_on_at", when=local(self.goes_on_at, zone)))
        elif not self.living:
            told += self._last_end(zone)
            told.append(phrase("report.headway.nobody", slug=slug))
        if self.next_due is not None and self.next_due > self.now:
            told.append(phrase("report.headway.next_due", when=local(self.next_due, zone)))
        return told

    def _last_end(self, zone: str) -> list[Said]:
        """Why nobody is at it; one that did what it could needs no word."""
        last = self.last_run
        why = end_words(last.ended_by) if last and last.ended_by != ENDED_DONE else None
        if why is None or last is None or last.ended_at is None:
            return []
        return [phrase("report.headway.last_run", when=local(last.ended_at, zone), why=why)]

    def in_short(self, zone: str) -> Said:
        """`12345 of 40000 done (30%), 19.8 a second, expected end 2026-11-22 20:50 KST`."""
        done = phrase("report.headway.done", done=self.done, total=self.total, percent=self.percent)
        if self.is_over:
            return done
        end = local(self.expected_end, zone) if self.expected_end is not None else ""
        if self.rate is None:
            return phrase("report.headway.done_and_end", done=done, end=end) if end else done
        if not end:
            return phrase("report.headway.done_and_rate", done=done, rate=rate_words(self.rate))
        return phrase("report.headway.done_rate_and_end", done=done, rate=rate_words(self.rate), end=end)


def planning(worker: Worker, zone: str) -> Said:
    """Of an issue whose plan is being written."""
    return phrase("report.headway.planning", pid=worker.pid, machine=worker.machine, when=local(worker.since, zone))


def _at_it(worker: Worker, zone: str) -> Said:
    return phrase("report.headway.at_it", pid=worker.pid, machine=worker.machine, when=local(worker.since, zone))


def _gone(worker: Worker, slug: str, zone: str) -> Said:
    when = local(worker.since, zone)
    return phrase("report.headway.gone", pid=worker.pid, machine=worker.machine, when=when, slug=slug)


_MINUTE, _HOUR = 60, 3600


def rate_words(a_second: float) -> Said:
    """In the unit in which it is a number that means something."""
    if a_second >= 1:
        return phrase("report.headway.a_second", rate=_rounded(a_second))
    if a_second * _MINUTE >= 1:
        return phrase("report.headway.a_minute", rate=_rounded(a_second * _MINUTE))
    return phrase("report.headway.an_hour", rate=_rounded(a_second * _HOUR))


_TWO_DIGITS = 10


def _rounded(rate: float) -> str:
    return f"{rate:.0f}" if rate >= _TWO_DIGITS else f"{rate:.1f}".removesuffix(".0")
