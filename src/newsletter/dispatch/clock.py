"""Waiting, as an argument. Touches: the clock of the machine, and nothing else."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

Clock = Callable[[], datetime]
"""The wall time, aware; what is written down."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Seconds that only go forward, and how to let them pass; a test puts its own two functions in."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def wait_unless(self, event: asyncio.Event, seconds: float) -> bool:
        """Let that much time pass, or the event happen: True if it has."""
        if seconds > 0 and not event.is_set():
            await unless(event, self._pass(seconds))
        return event.is_set()

    async def wait_for_any(self, *events: asyncio.Event, seconds: float) -> None:
        """Until one of the events happens or that much time has passed; infinite: until one happens."""
        passing = [] if seconds == math.inf else [asyncio.ensure_future(self._pass(max(0.0, seconds)))]
        waiting = [*passing, *(asyncio.ensure_future(event.wait()) for event in events)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _pass(self, seconds: float) -> None:
        await self.sleep(seconds)


REAL_TIME = Timer()


async def unless(event: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do the work unless the event happens first; then it is cancelled, and the answer is False."""
    working = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        finished = working.done()
        if not finished:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
    if finished:
        working.result()
    return finished
