"""What a worker does and what is in its way, as it is told to the ledger, to a probe and to a person. Touches: nothing.

Limits: changed by one event loop, and read by the thread of the health port, each value as a whole.
"""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.catalogue import Phrase
from newsletter.dispatch.run import Progress
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import SETTLED
from newsletter.ledger.workers import Doing
from newsletter.report.worker_health import WorkerHealth

LEDGER = "ledger"
"""The trouble that is not about an issue: the ledger is out of reach."""
_RATE_OVER = 10.0
"""Seconds over which a run's speed is measured."""


@dataclass(slots=True)
class _Run:
    newsletter: str
    slug: str
    settled: int = 0
    measured_at: float = 0.0
    measured: int = 0
    per_second: float = 0.0

    def measure(self, now: float) -> None:
        if (passed := now - self.measured_at) >= _RATE_OVER:
            self.per_second = (self.settled - self.measured) / passed
            self.measured_at, self.measured = now, self.settled


@dataclass(slots=True)
class WorkerStatus:
    """Of one process."""

    version: str
    started_at: datetime
    heard_at: float = field(default_factory=time.monotonic)
    """When the ledger last answered, in monotonic seconds."""
    turned_at: float = field(default_factory=time.monotonic)
    """When the loop last came round."""
    settled: int = 0
    """Deliveries of runs that have ended."""
    is_starting: bool = True
    is_draining: bool = False
    _runs: dict[int, _Run] = field(default_factory=dict)
    _troubles: dict[str, Phrase] = field(default_factory=dict)

    @contextmanager
    def doing_this(self, record: DispatchRecord) -> Iterator[None]:
        """For as long as the block runs."""
        self._runs[record.id] = _Run(record.newsletter, record.slug, measured_at=time.monotonic())
        try:
            yield
        finally:
            self.settled += self._runs.pop(record.id).settled

    def progress(self, dispatch: int, how_far: Progress) -> None:
        run = self._runs[dispatch]
        run.settled = sum(how_far.outcomes.get(state, 0) for state in SETTLED)
        run.measure(time.monotonic())

    def meets(self, what: str, trouble: Phrase) -> bool:
        """Whether it is news."""
        is_news = str(self._troubles.get(what, "")) != str(trouble)
        self._troubles[what] = trouble
        return is_news

    def is_over(self, what: str) -> bool:
        """Whether there was such a trouble; now there is none."""
        return self._troubles.pop(what, None) is not None

    def keep_troubles(self, about: Collection[str]) -> None:
        """All others are over."""
        self._troubles = {what: trouble for what, trouble in self._troubles.items() if what in about}

    @property
    def troubles(self) -> list[Phrase]:
        return list(self._troubles.values())

    def doing(self) -> list[Doing]:
        now, found = time.monotonic(), list(self._runs.values())
        for run in found:
            run.measure(now)
        return [Doing(run.newsletter, run.slug, run.settled, round(run.per_second, 1)) for run in found]

    def health(self) -> WorkerHealth:
        now, doing = time.monotonic(), self.doing()
        return WorkerHealth(
            version=self.version,
            started_at=self.started_at,
            turned_ago=now - self.turned_at,
            heard_ago=now - self.heard_at,
            is_draining=self.is_draining,
            settled=self.settled + sum(one.settled for one in doing),
            doing=doing,
            troubles=self.troubles,
            is_starting=self.is_starting,
        )
