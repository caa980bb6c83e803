"""How a worker is, for probes (JSON) and for Prometheus. Touches: nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from newsletter.catalogue import Said
from newsletter.ledger.workers import Doing

from .exposition import Measured, Metric, exposition
from .replies import masked

_STUCK = 30.0
"""Seconds in which its loop, which turns every two, must have come round."""
_UNHEARD = 30.0
"""Seconds without an answer of the ledger, after which nobody should count on it."""


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """One look at one process."""

    version: str
    started_at: datetime
    turned_ago: float
    """Seconds since its loop came round."""
    heard_ago: float
    """Seconds since the ledger answered."""
    is_draining: bool
    """It was told to end, and finishes what is in flight."""
    settled: int
    """Deliveries since it began."""
    doing: Sequence[Doing]
    troubles: Sequence[Said]
    is_starting: bool = False
    """It has not yet opened the ledger and found its secret to be the right one."""

    @property
    def is_alive(self) -> bool:
        """False where only a new process helps."""
        return self.turned_ago <= _STUCK

    @property
    def is_ready(self) -> bool:
        """Whether all is well: it reaches the ledger, and nothing is in its way."""
        hindered = self.is_starting or self.is_draining or self.troubles
        return self.is_alive and self.heard_ago <= _UNHEARD and not hindered

    @property
    def _status(self) -> str:
        if self.is_ready:
            return "ok"
        if self.is_draining:
            return "draining"
        return "starting" if self.is_starting and not self.troubles else "trouble"

    def to_json(self) -> str:
        told = {
            "status": self._status,
            "version": self.version,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ledger_answered_seconds_ago": round(self.heard_ago, 1),
            "settled": self.settled,
            "doing": [asdict(one) for one in self.doing],
            "troubles": [masked(str(one), "") for one in self.troubles],
        }
        return json.dumps(told, ensure_ascii=False)

    def to_prometheus(self) -> str:
        return exposition(self._metrics())

    def _metrics(self) -> Iterator[Metric]:
        plain = (
            ("newsletter_worker_up", "1 while its loop turns.", float(self.is_alive)),
            ("newsletter_worker_ready", "1 where it reaches the ledger and nothing is in its way.", self.is_ready),
            ("newsletter_worker_start_time_seconds", "When it began.", self.started_at.timestamp()),
            ("newsletter_worker_ledger_age_seconds", "Since the ledger last answered it.", self.heard_ago),
            ("newsletter_worker_settled", "Deliveries that it has settled since it began.", self.settled),
            ("newsletter_worker_issues", "Issues that it sends just now.", len(self.doing)),
            ("newsletter_worker_troubles", "What is in its way: /healthz has the words.", len(self.troubles)),
        )
        yield Metric("newsletter_worker_info", "The version that runs.", [Measured(1, {"version": self.version})])
        for name, about, value in plain:
            yield Metric(name, about, [Measured(value, {})])
        yield Metric(
            "newsletter_worker_per_second",
            "Deliveries a second, of each issue that it sends.",
            [Measured(one.per_second, {"newsletter": one.newsletter, "issue": one.issue}) for one in self.doing],
        )
