"""How fast a run goes: the relay's own pace, that of each domain behind it, and what is kept of both between runs.

Touches: nothing; the wall time and monotonic seconds are arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.ledger.states import Learned
from newsletter.smtp.reply import Reply

from .domain_limits import DomainLimits
from .policy import Policy
from .throttle import Throttle


@dataclass(frozen=True, slots=True)
class Resting:
    """A domain that asked for patience so often that it is left alone for a while."""

    domain: str
    until: datetime
    reply: Reply | None
    """Its last word; None where an earlier run heard it."""


class LearnedPace:
    """The relay and the domains behind it."""

    def __init__(self, policy: Policy, pacer: Throttle) -> None:
        self.relay = f"{policy.address.host}:{policy.address.port}"
        self.lanes = DomainLimits(
            policy.per_domain, policy.connections, lambda number: policy.wait_after(number).total_seconds()
        )
        self.kept: list[Learned] = []
        """What the ledger knows."""
        self._pacer = pacer
        self._honours_rests = not policy.retry_now

    def recall(self, lessons: Sequence[Learned], now: datetime, monotonic: float) -> None:
        """Begin with what was learned before."""
        self.kept = list(lessons)
        for one in lessons:
            if one.domain:
                until = one.rests_until if self._honours_rests else None
                rest = (until - now).total_seconds() if until else 0.0
                self.lanes.recall(one.domain, one.window, one.in_a_row, monotonic + rest)
            else:
                self._pacer.recall(one.window)

    def lessons(self, now: datetime, monotonic: float) -> list[Learned]:
        """What is worth keeping: whatever is slower than the settings say."""
        found = [Learned("", self._pacer.window)] if self._pacer.throttled else []
        for lane in self.lanes.changed():
            until = now + timedelta(seconds=lane.rests_until - monotonic) if lane.rests(monotonic) else None
            found.append(Learned(lane.domain, lane.pacer.window, lane.in_a_row, until))
        return found

    def resting(self, now: datetime, monotonic: float) -> tuple[Resting, ...]:
        """The domains that are left alone just now."""
        return tuple(
            Resting(lane.domain, now + timedelta(seconds=lane.rests_until - monotonic), lane.reply)
            for lane in self.lanes.resting(monotonic)
        )
