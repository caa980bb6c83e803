"""What each domain of recipients takes: limits from the settings, and pace learned from its own words.

Touches: nothing; the time is an argument, in monotonic seconds. A delivery to a domain that is at its limit waits here
and the others pass it. A domain that asks for patience gets fewer connections by 1/N, and when it has asked ten times
or more in a row it rests: its deliveries go back to the ledger untried, and one of them is the first to try again.

Limits: a process keeps them for itself; two that share a dispatch take twice the limit, as with `rate`.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

from .decide import domain_of
from .throttle import Limit, Throttle

OTHERS = "*"
"""In the settings: each other domain for itself."""

PATIENCE = 10
"""Replies in a row that ask for it, at least: as many as connections may bring at once, and a try or two after each
pause."""


class Lane:
    """One domain, with what is under it."""

    def __init__(self, domain: str, limit: Limit, connections: int) -> None:
        self.domain = domain
        self._limit = limit
        self.waiting: deque[Claim] = deque()
        self.pacer = Throttle(limit.connections or connections, limit.rate)
        self.in_a_row = 0
        self.rests_until = -math.inf
        self.reply: Reply | None = None
        """Its last word that asked for patience."""
        self._at_work: set[int] = set()

    def rests(self, now: float) -> bool:
        return self.rests_until > now

    def wait(self, now: float) -> float:
        """Seconds until one more may start; infinite where another has to end first."""
        if len(self._at_work) >= self.pacer.open_connections:
            return math.inf
        return max(self.rests_until - now, self.pacer.free_in(now), 0.0)

    def is_forgettable(self, now: float = -math.inf) -> bool:
        """Made anew it would be the same: an audience has tens of thousands of domains, mostly with one reader."""
        if self.waiting or self._at_work or self.in_a_row or self.pacer.throttled:
            return False
        return self._limit.rate is None or self.pacer.free_in(now) <= 0

    def start(self, claim: Claim, now: float) -> None:
        self.pacer.reserve(now)
        self._at_work.add(claim.delivery)

    def end(self, claim: Claim) -> None:
        self._at_work.discard(claim.delivery)


class DomainLimits:
    """The claims of a process that wait for their start, by domain where a domain is limited."""

    def __init__(self, limits: Mapping[str, Limit], connections: int, rest: Callable[[int], float]) -> None:
        """`rest` tells for how many seconds a domain is left alone, by the number of the pause from 1."""
        self._limits = limits
        self._connections = connections
        self._rest = rest
        self._most_waiting = max(2 * connections, 10)
        self._patience = max(PATIENCE, connections + 2)
        self._lanes: dict[str, Lane] = {}
        self._free: deque[Claim] = deque()
        self._queues: dict[str, Lane] = {}
        """Those of the lanes in which somebody waits."""

    def __len__(self) -> int:
        return len(self._free) + sum(len(lane.waiting) for lane in self._queues.values())

    def put(self, claims: Iterable[Claim], now: float) -> list[Claim]:
        """Let them wait. Those go back whose domain has begun to rest while they were being claimed."""
        for lane in [lane for lane in self._lanes.values() if lane.is_forgettable(now)]:
            self._forget(lane)
        self._free.extend(claims)
        return [claim for lane in list(self.resting(now)) for claim in self._emptied(lane)]

    def next(self, now: float) -> Claim | None:
        """The next that may start now; it is on its way until `end` or `give_back`."""
        for lane in self._queues.values():
            if lane.wait(now) <= 0:
                claim = lane.waiting.popleft()
                if not lane.waiting:
                    del self._queues[lane.domain]
                lane.start(claim, now)
                return claim
        while self._free:
            claim = self._free.popleft()
            found = self._lane(claim)
            if found is None:
                return claim
            if not found.waiting and found.wait(now) <= 0:
                found.start(claim, now)
                return claim
            found.waiting.append(claim)
            self._queues[found.domain] = found
        return None

    def wait(self, now: float) -> float | None:
        """Seconds until the next may start; None where nobody waits, infinite where one on its way has to end first."""
        return min((lane.wait(now) for lane in self._queues.values()), default=None)

    def end(self, claim: Claim) -> None:
        """Something became of one that was on its way."""
        if (lane := self._known(claim)) is not None:
            lane.end(claim)
            if lane.is_forgettable():
                self._forget(lane)

    def give_back(self, claim: Claim) -> None:
        """Nothing was done with it: it is the next again."""
        lane = self._known(claim)
        if lane is None:
            self._free.appendleft(claim)
            return
        lane.end(claim)
        lane.waiting.appendleft(claim)
        self._queues[lane.domain] = lane

    def closed(self, now: float) -> tuple[str, ...]:
        """Domains of which no more should be claimed: enough of them wait here, or they rest."""
        full = {lane.domain for lane in self._queues.values() if len(lane.waiting) >= self._most_waiting}
        return tuple(sorted(full | {lane.domain for lane in self.resting(now)}))

    def resting(self, now: float) -> Iterator[Lane]:
        return (lane for lane in self._lanes.values() if lane.rests(now))

    def slower(self, claim: Claim, reply: Reply, now: float) -> list[Claim]:
        """The receiver asks for patience. Those who wait, where the domain is to rest now: they go back."""
        lane = self._known(claim) or self._open(self._name(claim), Limit())
        lane.reply = reply
        if lane.rests(now):
            # It was on its way when the rest began; each of these would double it.
            return []
        lane.pacer.slower(now)
        lane.in_a_row += 1
        if lane.in_a_row < self._patience:
            return []
        lane.rests_until = now + self._rest(lane.in_a_row - self._patience + 1)
        return self._emptied(lane)

    def well(self, claim: Claim, *, accepted: bool) -> None:
        """The receiver has decided about a letter."""
        if (lane := self._known(claim)) is not None:
            lane.in_a_row = 0
            if accepted:
                lane.pacer.faster()

    def release(self) -> list[Claim]:
        """All who wait, for the ledger to take back."""
        free, self._free = list(self._free), deque()
        return [*free, *(claim for lane in list(self._queues.values()) for claim in self._emptied(lane))]

    def changed(self) -> Iterator[Lane]:
        """Those whose pace is not what the settings say."""
        return (lane for lane in self._lanes.values() if lane.pacer.throttled or lane.in_a_row)

    def recall(self, domain: str, window: float, in_a_row: int, rests_until: float) -> None:
        """What was learned of a domain before."""
        lane = self._lanes.get(domain) or self._open(
            domain, self._limits.get(domain) or self._limits.get(OTHERS, Limit())
        )
        lane.pacer.recall(window)
        lane.in_a_row, lane.rests_until = in_a_row, rests_until

    def _forget(self, lane: Lane) -> None:
        if lane.domain not in self._limits:
            del self._lanes[lane.domain]

    def _emptied(self, lane: Lane) -> list[Claim]:
        """All who wait for this domain, also those that nobody has looked at yet."""
        self._queues.pop(lane.domain, None)
        unseen = [claim for claim in self._free if self._name(claim) == lane.domain]
        if unseen:
            self._free = deque(claim for claim in self._free if self._name(claim) != lane.domain)
        waiting, lane.waiting = [*lane.waiting, *unseen], deque()
        return waiting

    def _lane(self, claim: Claim) -> Lane | None:
        """The lane of a claim, made where the settings want one."""
        if not self._limits:
            return self._known(claim)
        name = self._name(claim)
        if (lane := self._lanes.get(name)) is not None:
            return lane
        limit = self._limits.get(name) or self._limits.get(OTHERS)
        return self._open(name, limit) if limit else None

    def _known(self, claim: Claim) -> Lane | None:
        return self._lanes.get(self._name(claim)) if self._lanes else None

    def _open(self, name: str, limit: Limit) -> Lane:
        return self._lanes.setdefault(name, Lane(name, limit, self._connections))

    def _name(self, claim: Claim) -> str:
        """The domain of the settings that covers it, else its own."""
        domain = domain_of(claim.key)
        rest = domain
        while rest not in self._limits and "." in rest:
            rest = rest.partition(".")[2]
        return rest if rest in self._limits else domain
