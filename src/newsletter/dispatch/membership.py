"""This run among those that send as the same account: which part it has, looked after. Touches: the ledger.

Every second it reads who else is there (ledger/sharing.py) and goes by that from then on; that it does it says last,
once it has no connection more than its part: then a newcomer may begin. Who has nothing to do gives its part away. Who
has none waits for one, for as long as there is somebody to send to whom nobody has.

Limits: what one that was killed had comes back when its lease ends: on this machine at once, on another once it has
been silent for that long.
"""

import asyncio
import time
from functools import partial

from newsletter.errors import NewsletterError
from newsletter.ledger.sharing import Sharers

from .coordinator import Coordinator
from .run_context import RunContext

_EVERY = 1.0
"""Seconds between two looks."""
_SOON = 0.1
"""The same while something is about to change."""
_SETTLES = 3.0
"""Seconds after a change in which the next is likely: the processes of a command begin together."""

_ASKS_AGAIN = 5.0
"""Seconds after it has given its part away: each coming and going costs the others some starts."""


class Membership:
    """Owner of the part of one run."""

    def __init__(self, run: RunContext, coordinator: Coordinator) -> None:
        self._run = run
        self._coordinator = coordinator
        self._account = run.policy.shared_as
        self._has_asked = False
        self._knows = 0
        self._calm_from = time.monotonic() + (_SETTLES if run.siblings.command else 0.0)
        self._idle_since: float | None = None
        self._asks_from = 0.0

    async def begin(self) -> None:
        """Ask for a part; who is alone has it at once."""
        seen = await self._run.commits.ask(self._see)
        await self._run.exchange.begin()
        await self._ask(seen)

    async def keep(self) -> None:
        """For as long as the run lasts."""
        while True:
            is_settled = self._has_part == self._has_asked and time.monotonic() >= self._calm_from
            await asyncio.sleep(_EVERY if is_settled else _SOON)
            try:
                await self._look()
            except NewsletterError as error:
                await self._coordinator.failed(error)
                return

    @property
    def _has_part(self) -> bool:
        return self._run.share.mine in self._run.share.sharers

    async def _look(self) -> None:
        """Who is there, what they have to tell, and what that means for this one."""
        seen = await self._run.commits.ask(self._see)
        await self._run.exchange.go_by(seen)
        if self._is_idle():
            await self._leave(seen)
        elif self._has_asked:
            await self._go_by(seen)
        elif not await self._has_free():
            self._run.pool.dismiss()
        elif time.monotonic() >= self._asks_from:
            await self._ask(seen)

    async def _ask(self, seen: Sharers) -> None:
        """Where one may still have a connection."""
        run = self._run
        if len(seen.all) < run.policy.connections:
            await run.commits.ask(partial(run.ledger.ask_part, self._account, run.lease, run.siblings.command))
            self._has_asked = True
            seen = await run.commits.ask(self._see)
            self._knows = seen.asked(run.lease.id) or 0
            await self._go_by(seen)

    async def _leave(self, seen: Sharers) -> None:
        """Its part is the others' from now on; so is what it holds and cannot send."""
        run = self._run
        self._has_asked, self._idle_since = False, None
        self._asks_from = time.monotonic() + _ASKS_AGAIN
        self._take(seen)
        run.queue.put_back(run.limits.release())
        await run.commits.flush()
        await run.commits.ask(partial(run.ledger.leave_part, run.lease))

    async def _go_by(self, seen: Sharers) -> None:
        run = self._run
        if run.lease.id not in seen.leases[: run.policy.connections]:
            await self._leave(seen)  # two have asked for the last connection at once
            return
        self._take(seen)
        await self._tell_known(seen)
        if not run.throttle.open_connections and not run.pool.links:
            # The relay wants fewer connections than there are processes: hold nothing that others could send.
            if held := run.limits.release():
                run.queue.put_back(held)
                await run.commits.flush()
            if not await self._has_free():
                run.pool.dismiss()

    def _is_idle(self) -> bool:
        """It could have connections, and has had none for a while: there is nothing for it to do."""
        run, now = self._run, time.monotonic()
        if run.pool.links or not run.throttle.open_connections:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        return self._idle_since is not None and now - self._idle_since >= _EVERY

    async def _has_free(self) -> bool:
        """There is somebody to send to whom nobody has."""
        run = self._run
        retry_now = run.policy.retry_now
        return await run.commits.ask(
            lambda: run.ledger.has_free(run.dispatch, run.lease, run.clock(), retry_now=retry_now)
        )

    def _see(self) -> Sharers:
        """In the ledger's thread; what others hold who are gone is free first."""
        run = self._run
        run.ledger.take_back(run.clock(), run.lease)
        before = run.timer.monotonic()
        seen = run.ledger.sharers(self._account)
        after = run.timer.monotonic()
        if not run.ledger.is_of_one_machine:
            # Read at some moment between the two: no more is known, and so no more is changed.
            clock, ahead = seen.clock.timestamp(), run.share.clock_ahead
            run.share.clock_ahead = min(max(ahead, clock - after), clock - before)
        return seen

    def _take(self, seen: Sharers) -> None:
        """Go by it, with all connections and whoever waits."""
        run = self._run
        sharers = sharers_for(run.lease.id, seen, has_part=self._has_part) if self._has_asked else ()
        if sharers == run.share.sharers:
            return
        self._calm_from = time.monotonic() + _SETTLES
        run.share.change(sharers)
        run.queue.put_back(run.limits.part())
        run.queue.wake()
        run.budget.wake()
        run.pool.widen()

    async def _tell_known(self, seen: Sharers) -> None:
        """Not before it is so: a newcomer opens its connections then."""
        run = self._run
        is_more = run.pool.links > run.throttle.open_connections or run.limits.is_crowded
        if self._has_asked and seen.epoch > self._knows and not is_more:
            await run.commits.ask(partial(run.ledger.know_sharers, run.lease, seen.epoch))
            self._knows = seen.epoch


def sharers_for(lease: int, seen: Sharers, *, has_part: bool) -> tuple[int, ...]:
    """By whom the one with this lease reckons its part; nobody while it may have none."""
    return seen.leases if has_part or seen.know_of(lease) else ()
