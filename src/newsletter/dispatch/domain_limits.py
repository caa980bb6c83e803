"""What each domain of recipients takes: limits from the settings, and pace learned from its own words.

Touches: nothing; the time is an argument, in monotonic seconds. A delivery to a domain that is at its limit waits here
and the others pass it. A domain that asks for patience gets fewer connections by 1/N, and when it has asked ten times
or more in a row it rests: its deliveries go back to the ledger untried, and one of them is the first to try again.
All processes that send as one account share a limit (share.py).
"""

import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

from .limited_domain import LimitedDomain
from .reply_rule import domain_of
from .share import Share
from .throttle import Limit, Throttle

OTHERS = "*"
"""In the settings: each other domain for itself."""

PATIENCE = 10
"""Replies in a row that ask for it, at least: as many as connections may bring at once, and a try or two after each
pause."""

MOST_HELD = 40
"""Domains that are left alone for what they say of us: each makes the ledger's search longer. Of more of them each
reader is asked."""


class DomainLimits:
    """The claims of a process that wait for their start, by domain where a domain is limited."""

    def __init__(
        self,
        limits: Mapping[str, Limit],
        connections: int,
        rest: Callable[[int], float],
        share: Share | None = None,
        relay: Throttle | None = None,
    ) -> None:
        """`rest` tells for how many seconds a domain is left alone, by the number of the pause from 1."""
        self._share = share or Share()
        self._relay = relay
        self._limits = limits
        self._connections = connections
        self._rest = rest
        self._most_waiting = max(2 * connections, 10)
        self._patience = max(PATIENCE, connections + 2)
        self._domains: dict[str, LimitedDomain] = {}
        self._unsorted: deque[Claim] = deque()
        self._with_waiting: dict[str, LimitedDomain] = {}
        """Those of the domains for which somebody waits."""
        self._left_alone: list[LimitedDomain] = []

    def __len__(self) -> int:
        return len(self._unsorted) + sum(len(domain.waiting) for domain in self._with_waiting.values())

    def put(self, claims: Iterable[Claim], now: float) -> list[Claim]:
        """Let them wait. Those go back whose domain has begun to rest while they were being claimed."""
        for domain in [domain for domain in self._domains.values() if domain.is_forgettable(now)]:
            self._forget(domain)
        self._unsorted.extend(claims)
        return [claim for domain in list(self._without(now)) for claim in self._emptied(domain)]

    def next(self, now: float) -> Claim | None:
        """The next that may start now; it is on its way until `end` or `give_back`."""
        for domain in self._with_waiting.values():
            if domain.wait(now) <= 0:
                claim = domain.waiting.popleft()
                if not domain.waiting:
                    del self._with_waiting[domain.name]
                domain.start(claim, now)
                return claim
        while self._unsorted:
            claim = self._unsorted.popleft()
            found = self._limited(claim)
            if found is None:
                return claim
            if not found.waiting and found.wait(now) <= 0:
                found.start(claim, now)
                return claim
            found.waiting.append(claim)
            self._with_waiting[found.name] = found
        return None

    def wait(self, now: float) -> float | None:
        """Seconds until the next may start; None where nobody waits, infinite where one on its way has to end first."""
        return min((domain.wait(now) for domain in self._with_waiting.values()), default=None)

    def end(self, claim: Claim) -> None:
        """Something became of one that was on its way."""
        if (domain := self._known(claim)) is not None:
            domain.end(claim)
            if domain.is_forgettable():
                self._forget(domain)

    def give_back(self, claim: Claim) -> None:
        """Nothing was done with it: it is the next again."""
        domain = self._known(claim)
        if domain is None:
            self._unsorted.appendleft(claim)
            return
        domain.end(claim)
        domain.waiting.appendleft(claim)
        self._with_waiting[domain.name] = domain

    def closed(self, now: float) -> tuple[str, ...]:
        """Domains of which no more should be claimed: enough of them wait here, they rest, or are another process's."""
        full = {domain.name for domain in self._with_waiting.values() if len(domain.waiting) >= self._most_waiting}
        return tuple(sorted(full | {domain.name for domain in self._without(now)}))

    def resting(self, now: float) -> Iterator[LimitedDomain]:
        return (domain for domain in self._domains.values() if domain.rests(now))

    def _without(self, now: float) -> Iterator[LimitedDomain]:
        """Those of which nothing may be had here now."""
        return (domain for domain in self._domains.values() if domain.rests(now) or domain.is_anothers)

    @property
    def is_crowded(self) -> bool:
        """More are on their way to some domain than are this process's to have there."""
        return any(domain.is_crowded for domain in self._domains.values())

    def part(self) -> list[Claim]:
        """The part of this process has changed. Those who wait for a domain that is another's: they go back."""
        for name, limit in self._limits.items():
            if name != OTHERS and limit.connections and limit.connections < self._share.of:
                self._domains.get(name) or self._open(name, limit)
        others = [domain for domain in self._domains.values() if domain.is_anothers]
        return [claim for domain in others for claim in self._emptied(domain)]

    def slower(self, claim: Claim, reply: Reply, now: float) -> list[Claim]:
        """The receiver asks for patience. Those who wait go back, where the domain is to rest or is another's now."""
        domain = self._known(claim) or self._open(self._name(claim), Limit())
        rests = domain.slower(reply, now, self._patience, self._rest)
        return self._emptied(domain) if rests or domain.is_anothers else []

    def hold(self, claim: Claim, reply: Reply, now: float, seconds: float) -> list[Claim]:
        """The domain is left alone at once, without any patience. Those who wait for it: they go back."""
        if sum(1 for _ in self.resting(now)) >= MOST_HELD:
            return []
        domain = self._known(claim) or self._open(self._name(claim), Limit())
        domain.hold(reply, now, seconds)
        return self._emptied(domain)

    def leave_alone(self, claim: Claim, reply: Reply, now: float, seconds: float) -> list[Claim]:
        """The same until `let_go`, at the longest: perhaps it is not the domain at all."""
        domain = self._known(claim) or self._open(self._name(claim), Limit())
        if not domain.rests(now):
            self._left_alone.append(domain)
        return self.hold(claim, reply, now, seconds)

    def let_go(self) -> None:
        """Somebody was accepted: who was left alone for it goes on."""
        while self._left_alone:
            self._left_alone.pop().rests_until = -math.inf

    def well(self, claim: Claim, *, accepted: bool) -> None:
        """The receiver has decided about a letter."""
        if (domain := self._known(claim)) is not None:
            domain.well(int(accepted))

    def looks_after(self, domain: str) -> bool:
        """It has a pace of its own here."""
        return self._covering(domain) in self._domains

    def accepted(self, domain: str, messages: int) -> None:
        """Other processes' letters to it were accepted."""
        if self._domains and (known := self._domains.get(self._covering(domain))) is not None:
            known.well(messages)

    def release(self) -> list[Claim]:
        """All who wait, for the ledger to take back."""
        unsorted, self._unsorted = list(self._unsorted), deque()
        return [*unsorted, *(claim for domain in list(self._with_waiting.values()) for claim in self._emptied(domain))]

    def changed(self, now: float) -> Iterator[LimitedDomain]:
        """Those whose pace is not what the settings say."""
        every = self._domains.values()
        return (domain for domain in every if domain.throttle.throttled or domain.in_a_row or domain.rests(now))

    def recall(self, name: str, window: float, in_a_row: int, rests_until: float) -> None:
        """What was learned of a domain before."""
        limit = self._limits.get(name) or self._limits.get(OTHERS, Limit())
        (self._domains.get(name) or self._open(name, limit)).recall(window, in_a_row, rests_until)

    def _forget(self, domain: LimitedDomain) -> None:
        if domain.name not in self._limits:
            del self._domains[domain.name]

    def _emptied(self, domain: LimitedDomain) -> list[Claim]:
        """All who wait for this domain, also those that nobody has looked at yet."""
        self._with_waiting.pop(domain.name, None)
        unseen = [claim for claim in self._unsorted if self._name(claim) == domain.name]
        if unseen:
            self._unsorted = deque(claim for claim in self._unsorted if self._name(claim) != domain.name)
        waiting = [*domain.waiting, *unseen]
        domain.waiting.clear()
        return waiting

    def _limited(self, claim: Claim) -> LimitedDomain | None:
        """The domain of a claim, made where the settings want one."""
        if not self._limits:
            return self._known(claim)
        name = self._name(claim)
        if (domain := self._domains.get(name)) is not None:
            return domain
        limit = self._limits.get(name) or self._limits.get(OTHERS)
        return self._open(name, limit) if limit else None

    def _known(self, claim: Claim) -> LimitedDomain | None:
        return self._domains.get(self._name(claim)) if self._domains else None

    def _open(self, name: str, limit: Limit) -> LimitedDomain:
        return self._domains.setdefault(name, LimitedDomain(name, limit, self._connections, self._share, self._relay))

    def _name(self, claim: Claim) -> str:
        return self._covering(domain_of(claim.key))

    def _covering(self, domain: str) -> str:
        return covering(self._limits, domain)


def covering(limits: Collection[str], domain: str) -> str:
    """The domain of the settings that covers it, else its own."""
    rest = domain
    while rest not in limits and "." in rest:
        rest = rest.partition(".")[2]
    return rest if rest in limits else domain
