"""As many connections as the throttle allows: opened when it widens, leaving by themselves. Touches: nothing itself.

Limits: how many there are is known here and nowhere else; what a connection does is its own business.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from .throttle import Throttle


class PooledConnection(Protocol):
    """What the pool needs of a connection."""

    async def work(self) -> None:
        """Until nothing is left, the run ends, or the pool is crowded; raises what went wrong."""

    async def quit(self) -> None:
        """Say good-bye to the relay, which may take its time."""

    def close(self) -> None:
        """Drop the link to the relay, now."""

    def leave(self) -> None:
        """The run ends: wait for nothing that the relay cannot have decided yet."""


class ConnectionPool:
    """The connections of one run."""

    def __init__(self, throttle: Throttle, ending: asyncio.Event) -> None:
        self._throttle = throttle
        self._ending = ending
        self._at_work = 0
        self._open_one: Callable[[], PooledConnection] | None = None
        self._working: dict[asyncio.Task[None], PooledConnection] = {}
        self._changed = asyncio.Event()
        """While none is at work: one is, or none needs to be any more."""
        self._dismissed = False
        self._failure: BaseException | None = None

    @property
    def is_crowded(self) -> bool:
        """The relay wants fewer connections than are at work."""
        return self._at_work > self._throttle.open_connections

    @property
    def allowed(self) -> int:
        """As many as may be at work where the relay is well; one where they are all others'."""
        return max(1, self._throttle.most_connections)

    @property
    def apart(self) -> float:
        """Seconds between two messages of this process at its part of the rate; 0 without one."""
        return self._throttle.apart

    @property
    def links(self) -> int:
        """How many there are, with those that are saying good-bye."""
        return len(self._working)

    def size(self) -> int:
        """How many connections are at work; one that only says good-bye is not."""
        return self._at_work

    async def work(self, open_one: Callable[[], PooledConnection]) -> None:
        """Until nothing is left or the run ends; then raises the first thing that went wrong with any of them.

        Where other processes have all the connections, until it has one, or `dismiss`.
        """
        self._open_one = open_one
        self._dismissed = False
        self.widen()
        leaving = asyncio.create_task(self._leave())
        try:
            while self._working or self._waits:
                self._changed.clear()
                if self._working:
                    await asyncio.wait(set(self._working), return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._changed.wait()
        except asyncio.CancelledError:
            self.drop()
            await asyncio.gather(*self._working, return_exceptions=True)
            raise
        finally:
            leaving.cancel()
        if self._failure is not None:
            raise self._failure

    def widen(self) -> None:
        """Open as many more as the throttle allows."""
        while (
            self._open_one is not None and self._at_work < self._throttle.open_connections and not self._ending.is_set()
        ):
            self._at_work += 1
            self._changed.set()
            connection = self._open_one()
            task = asyncio.create_task(self._serve(connection))
            self._working[task] = connection
            task.add_done_callback(self._gone)

    def dismiss(self) -> None:
        """There is nothing that this process could do if it had a connection."""
        self._dismissed = True
        self._changed.set()

    @property
    def _waits(self) -> bool:
        return not (self._dismissed or self._ending.is_set() or self._throttle.open_connections)

    def drop(self) -> None:
        """All end at once; what had its dot written is in doubt."""
        for task in self._working:
            task.cancel()

    async def _serve(self, connection: PooledConnection) -> None:
        try:
            try:
                await connection.work()
            finally:
                self._at_work -= 1
            await connection.quit()
        finally:
            connection.close()

    async def _leave(self) -> None:
        """When the run ends, nobody waits for a relay that has nothing to decide yet."""
        await self._ending.wait()
        self._changed.set()
        for connection in self._working.values():
            connection.leave()

    def _gone(self, task: asyncio.Task[None]) -> None:
        del self._working[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = self._failure or error
            self._ending.set()
