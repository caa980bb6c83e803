"""Hand the next delivery to whichever connection asks. Touches: the ledger.

Claims are small: two processes then share fairly, and whoever dies holds little. A claim that is not used is handed to
the next one who asks, or goes back to the ledger with the lease.
"""

import asyncio
from collections import deque
from contextlib import suppress
from datetime import datetime
from functools import partial

from newsletter.errors import NewsletterError
from newsletter.ledger.book import Ledger
from newsletter.ledger.leases import Lease
from newsletter.ledger.states import Claim

from .book import Book
from .policy import Policy
from .timer import Clock

_FOR_EACH_CONNECTION = 5
"""Claims held in advance: at 1,000 messages a second on 20 connections ten claims a second, and none of them long."""


class Supply:
    """The claimed deliveries of this process that nobody works on yet."""

    def __init__(self, ledger: Ledger, dispatch: int, lease: Lease, book: Book, policy: Policy, clock: Clock) -> None:
        self._ledger = ledger
        self._dispatch = dispatch
        self._lease = lease
        self._book = book
        self._policy = policy
        self._clock = clock
        self._waiting: deque[Claim] = deque()
        self._left = policy.first
        self._asking = asyncio.Lock()
        self._fetching: asyncio.Task[None] | None = None
        self._scarce = False
        """The ledger had less than was asked for, so there is no use in asking ahead."""
        self._put_back = False
        """Since the last flush something was put back untried: perhaps the book has not written that yet."""
        self.dry = False
        """The last who asked got nothing."""

    async def take(self) -> Claim | None:
        """The next one; None when nothing is due any more, or the canary is complete. Raises what the ledger raises."""
        async with self._asking:
            await self._fill()
            self.dry = not self._waiting or self._left == 0
            if self.dry:
                return None
            if self._left is not None:
                self._left -= 1
            return self._waiting.popleft()

    def take_now(self) -> Claim | None:
        """The next one if it is here already, and while it is asked for the ones after it are fetched."""
        if not self._waiting or self._left == 0:
            return None
        if self._left is not None:
            self._left -= 1
        claim = self._waiting.popleft()
        is_fetching = self._fetching is not None and not self._fetching.done()
        if not self._scarce and not is_fetching and len(self._waiting) < self._limit() // 2:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch())
        return claim

    def give_back(self, claim: Claim) -> None:
        """Nothing was done with it: it is the next again."""
        self._waiting.appendleft(claim)
        self.untried()

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
                if (limit := self._limit() - len(self._waiting)) > 0:
                    await self._more(limit)

    async def _fill(self) -> None:
        """Claim some. With nothing got and something put back, ask again: else the last worker would leave too soon."""
        while not self._waiting and (limit := self._limit()) > 0:
            await self._more(limit)
            if not self._put_back:
                return
            if not self._waiting:
                self._put_back = False
                await self._book.flush()

    async def _more(self, limit: int) -> None:
        claims = await self._book.ask(partial(self._claim, limit, self._clock()))
        self._scarce = len(claims) < limit
        self._waiting.extend(claims)

    def _limit(self) -> int:
        limit = self._policy.connections * _FOR_EACH_CONNECTION
        return limit if self._left is None else min(limit, self._left)

    def _claim(self, limit: int, now: datetime) -> list[Claim]:
        return self._ledger.claim(self._dispatch, self._lease, limit, now, retry_now=self._policy.retry_now)
