"""Hand the next delivery to whichever connection asks. Touches: the ledger.

What was claimed is composed at once (letters.py). Claims are small: two processes then share fairly, and whoever dies
holds little. A claim that is not used is handed to the next one who asks, or goes back to the ledger with the lease.
One whose domain is at its limit waits for its turn, and the next after it goes; of a domain that has enough of them
waiting, no more are claimed.
"""

import asyncio
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from newsletter.errors import NewsletterError
from newsletter.ledger.states import Claim

from .clock import Timer
from .connection_pool import ConnectionPool
from .domain_limits import DomainLimits
from .group_commit import GroupCommit
from .letters import Letters
from .retry import put_back

_MOST_HELD = 20
"""Times the claims of one question: so many may wait for their domains together."""

_ASK_AGAIN = 1.0
"""Seconds after which the ledger is asked again while all that is held waits: something may have become due."""

_SHARE = 20
"""Times as long as that question took, at least: 41 domains left out of 400,000 rows are 2.5 s of SQLite's writer."""

FOR_EACH_CONNECTION = 20
"""Claims held in advance: at 1,000 messages a second on 20 connections three questions a second. Each is a commit of
its own, and small ones cost: 44 µs a delivery with 100 at once, 20 with 500."""

_AHEAD = 2.0
"""Seconds for which a process claims in advance where a rate is set: at the end the others would have nothing left."""
_AT_LEAST = 10
"""Claims in advance at the slowest rate."""


ClaimSome = Callable[[int, tuple[str, ...]], list[Claim]]
"""Claims up to so many deliveries of the dispatch that are due, none of these domains; in the ledger's thread."""


class ClaimQueue:
    """The claimed deliveries of this process that nobody works on yet."""

    def __init__(
        self,
        claim: ClaimSome,
        commits: GroupCommit,
        limits: DomainLimits,
        letters: Letters,
        timer: Timer,
        ending: asyncio.Event,
        *,
        pool: ConnectionPool,
        first: int | None,
    ) -> None:
        """`pool` is the connections that ask; `first` how many a canary may take, None for all."""
        self._claim = claim
        self._commits = commits
        self._limits = limits
        self._letters = letters
        self._timer = timer
        self._ending = ending
        self._pool = pool
        self._changed = asyncio.Event()
        """Something became of a claim: a domain may have room again."""
        self._nothing_until = -math.inf
        """Monotonic seconds; the ledger had nothing that may be claimed, and is not asked again before."""
        self._nothing_without: tuple[str, ...] = ()
        """The domains that were left out then."""
        self._left = first
        self._asking = asyncio.Lock()
        self._fetching: asyncio.Task[None] | None = None
        self._scarce = False
        """The ledger had less than was asked for, so there is no use in asking ahead."""
        self._put_back = False
        """Since the last flush something was put back untried: perhaps that is not written yet."""
        self.dry = False
        """The last who asked got nothing."""

    async def take(self) -> Claim | None:
        """The next one, as soon as its domain allows it; None when nothing is due any more, the canary is complete, or
        there are too many who ask.

        Raises what the ledger raises.
        """
        while not (self._ending.is_set() or self._pool.is_crowded):
            self._changed.clear()
            async with self._asking:
                claim = await self._choose()
                if claim is not None:
                    return claim
                wait = None if self._left == 0 else self._limits.wait(self._timer.monotonic())
                self.dry = wait is None
            if wait is None:
                return None
            await self._timer.wait_for_any(self._ending, self._changed, seconds=wait)
        return None

    def take_now(self) -> Claim | None:
        """The next one if it is here already, and while it is asked for the ones after it are fetched."""
        claim = self._next()
        if claim is None:
            return None
        is_fetching = self._fetching is not None and not self._fetching.done()
        if not self._scarce and not is_fetching and len(self._limits) < self._limit() // 2:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch())
        return claim

    def give_back(self, claim: Claim) -> None:
        """Nothing was done with it: it is the next again."""
        self._limits.give_back(claim)
        self.untried()
        self._changed.set()

    def wake(self) -> None:
        """There may be too many who wait."""
        self._changed.set()

    def end(self, claim: Claim) -> None:
        """Something became of one that was taken."""
        self._limits.end(claim)
        self._changed.set()

    def put_back(self, claims: Iterable[Claim]) -> None:
        """The ledger takes back those who waited here. Nobody had taken them, so a canary gains nothing by it."""
        claims = list(claims)
        self._letters.forget(claims)
        for claim in claims:
            self._commits.record(put_back(claim))
            self._put_back = True
        self._changed.set()

    def untried(self) -> None:
        """One that was taken did not count as a try."""
        self._put_back = True
        if self._left is not None:
            self._left += 1

    async def close(self) -> None:
        """Wait for what is being fetched; it goes back to the ledger with the lease."""
        if self._fetching is not None:
            await asyncio.wait({self._fetching})

    async def _fetch(self) -> None:
        """Claim ahead, so that a connection does not wait for the ledger between two messages."""
        async with self._asking:
            # What the ledger raises now, it raises again for whoever has to wait for it.
            with suppress(NewsletterError):
                if (limit := self._limit() - len(self._limits)) > 0:
                    await self._more(limit)

    def _next(self) -> Claim | None:
        claim = None if self._left == 0 else self._limits.next(self._timer.monotonic())
        if claim is not None and self._left is not None:
            self._left -= 1
        return claim

    async def _choose(self) -> Claim | None:
        """Claim until one may start, or there is no more that may be claimed.

        With nothing got and something put back, ask again: else the last connection would leave too soon.
        """
        claim = self._next()
        while claim is None and self._may_ask() and (limit := self._limit()) > 0:
            got = await self._more(limit)
            claim = self._next()
            if claim is None and not got:
                if not self._put_back:
                    break
                self._put_back = False
                await self._commits.flush()
        return claim

    def _may_ask(self) -> bool:
        if not self._limits or self._put_back:
            return True
        now = self._timer.monotonic()
        just_asked = now < self._nothing_until and self._limits.closed(now) == self._nothing_without
        return not just_asked and len(self._limits) < self._most() * _MOST_HELD

    async def _more(self, limit: int) -> int:
        now = self._timer.monotonic()
        without = self._limits.closed(now)
        claims = await self._commits.ask(partial(self._claim, limit, without))
        self._scarce = len(claims) < limit
        if not claims:
            asked = self._timer.monotonic()
            self._nothing_until, self._nothing_without = asked + max(_ASK_AGAIN, _SHARE * (asked - now)), without
        await self._letters.make(claims)
        self.put_back(self._limits.put(claims, self._timer.monotonic()))
        return len(claims)

    def _most(self) -> int:
        return self._pool.allowed * FOR_EACH_CONNECTION

    def _limit(self) -> int:
        most = self._most()
        if (apart := self._pool.apart) > 0:
            most = min(most, max(_AT_LEAST, math.ceil(_AHEAD / apart)))
        return most if self._left is None else min(most, self._left)
