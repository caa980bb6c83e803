"""How fast a run goes: the relay's own pace, that of each domain behind it, and what is kept of both between runs.

Touches: nothing; the wall time and monotonic seconds are arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.ledger.states import Learned
from newsletter.smtp.reply import Reply

from .domain_limits import DomainLimits
from .refusals import Refusals
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

    def __init__(
        self, relay: str, throttle: Throttle, limits: DomainLimits, refusals: Refusals, *, honours_rests: bool
    ) -> None:
        """`relay` is the name by which the ledger keeps it: host and port."""
        self.relay = relay
        self._throttle = throttle
        self._limits = limits
        self._refusals = refusals
        self._honours_rests = honours_rests
        self.rests_until: datetime | None = None
        """The relay's own limit is used up until then; None where it is not, or nobody wants to wait for it."""
        self._known: list[Learned] = []
        """What the ledger knows."""

    def recall(self, lessons: Sequence[Learned], now: datetime, monotonic: float) -> None:
        """Begin with what was learned before."""
        self._known = list(lessons)
        for one in lessons:
            if one.domain:
                until = one.rests_until if self._honours_rests else None
                rest = (until - now).total_seconds() if until else 0.0
                self._limits.recall(one.domain, one.window, one.in_a_row, monotonic + rest)
            else:
                self._throttle.recall(one.window)
                self._refusals.session_limit = one.session_limit
                if self._honours_rests and one.rests_until is not None and one.rests_until > now:
                    self.rests_until = one.rests_until

    def news(self, now: datetime, monotonic: float) -> list[Learned] | None:
        """What the ledger is to keep from now on; None where it knows that already."""
        lessons = self._lessons(now, monotonic)
        if lessons == self._known:
            return None
        self._known = lessons
        return lessons

    def _lessons(self, now: datetime, monotonic: float) -> list[Learned]:
        """What is worth keeping: whatever is slower than the settings say."""
        limit = self._refusals.session_limit
        found = []
        if self._throttle.throttled or limit is not None or self.rests_until is not None:
            found.append(Learned("", self._throttle.window, rests_until=self.rests_until, session_limit=limit))
        for domain in self._limits.changed(monotonic):
            until = now + timedelta(seconds=domain.rests_until - monotonic) if domain.rests(monotonic) else None
            found.append(Learned(domain.name, domain.throttle.window, domain.in_a_row, until))
        return found

    def resting(self, now: datetime, monotonic: float) -> tuple[Resting, ...]:
        """The domains that are left alone just now."""
        return tuple(
            Resting(domain.name, now + timedelta(seconds=domain.rests_until - monotonic), domain.reply)
            for domain in self._limits.resting(monotonic)
        )
