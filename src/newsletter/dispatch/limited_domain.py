"""The pace of one domain of recipients: its limit, what it says, and who waits for it. Touches: nothing.

The time is an argument, in monotonic seconds. The pace is that of all processes that share; what may start now is this
one's part of it.
"""

import math
from collections import deque
from collections.abc import Callable

from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

from .share import Share
from .throttle import Limit, Throttle


class LimitedDomain:
    """One domain, with what is under it."""

    def __init__(
        self, name: str, limit: Limit, connections: int, share: Share | None = None, relay: Throttle | None = None
    ) -> None:
        """`relay` is the one behind which it is."""
        self.name = name
        self._limit = limit
        self.waiting: deque[Claim] = deque()
        self.throttle = Throttle(limit.connections or connections, limit.rate, share, name, relay)
        self.in_a_row = 0
        self.rests_until = -math.inf
        self.reply: Reply | None = None
        """Its last word that asked for patience."""
        self._at_work: set[int] = set()

    def rests(self, now: float) -> bool:
        return self.rests_until > now

    @property
    def is_anothers(self) -> bool:
        """It takes fewer connections than there are processes, and none of them is this one's."""
        return not self.throttle.open_connections

    @property
    def is_crowded(self) -> bool:
        """More are on their way than are this process's to have there."""
        return len(self._at_work) > self.throttle.open_connections

    def wait(self, now: float) -> float:
        """Seconds until one more may start; infinite where another has to end first."""
        if len(self._at_work) >= self.throttle.open_connections:
            return math.inf
        return max(self.rests_until - now, self.throttle.free_in(now), 0.0)

    def is_forgettable(self, now: float = -math.inf) -> bool:
        """Made anew it would be the same: an audience has tens of thousands of domains, mostly with one reader."""
        if self.waiting or self._at_work or self.in_a_row or self.throttle.throttled or self.rests(now):
            return False
        return self._limit.rate is None or self.throttle.is_fresh(now)

    def slower(self, reply: Reply, now: float, patience: int, rest: Callable[[int], float]) -> bool:
        """It asks for patience; True where that has been so often that it is to rest now."""
        self.reply = reply
        if self.rests(now):
            # This one was on its way when the rest began; each of these would double it.
            return False
        self.throttle.slower(now)
        self.in_a_row += 1
        if self.in_a_row < patience:
            return False
        self.rests_until = now + rest(self.in_a_row - patience + 1)
        return True

    def hold(self, reply: Reply, now: float, seconds: float) -> None:
        """Leave it alone for so long."""
        self.reply = reply
        self.rests_until = max(self.rests_until, now + seconds)

    def well(self, accepted: int) -> None:
        """It has decided about a letter; so many were accepted."""
        self.in_a_row = 0
        if accepted:
            self.throttle.faster(accepted)

    def recall(self, window: float, in_a_row: int, rests_until: float) -> None:
        """Begin with what was learned before."""
        self.throttle.recall(window)
        self.in_a_row, self.rests_until = in_a_row, rests_until

    def start(self, claim: Claim, now: float) -> None:
        self.throttle.reserve(now)
        self._at_work.add(claim.delivery)

    def end(self, claim: Claim) -> None:
        self._at_work.discard(claim.delivery)
