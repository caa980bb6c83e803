"""Whose turn it is: a host is asked by one at a time, rests in between, and is left alone once it asks for that.

Touches: nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LeftAloneError(Exception):
    """The host has answered 429 before, and is not asked again."""


class Turns:
    """For one event loop; `pause` in seconds, `hosts` at once."""

    def __init__(self, pause: float, hosts: int) -> None:
        self._pause = pause
        self._few = asyncio.Semaphore(hosts)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._rested: dict[str, float] = {}
        self._left_alone: set[str] = set()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host may be asked; LeftAloneError where it may not any more."""
        now = asyncio.get_running_loop().time
        async with self._hosts[host]:
            if host in self._left_alone:
                raise LeftAloneError
            await asyncio.sleep(self._rested.get(host, 0) - now())
            async with self._few:
                try:
                    yield
                finally:
                    self._rested[host] = now() + self._pause

    def leave_alone(self, host: str) -> None:
        self._left_alone.add(host)
