"""What a worker does beside sending where it has a workspace: plan what is due, publish, tell, each minute.

Touches: a process of its own (`send --due --leave-to-workers`), so that a plan of a million readers, or a template that
hangs, holds up no letter. It says what it has to say by itself. Limits: one that is killed at the worker's end plans
nothing: a plan is there as a whole, or not.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from newsletter.dispatch.clock import REAL_TIME, unless

_EVERY = 60.0
"""Seconds from one beginning to the next."""


async def plan_each_minute(command: Sequence[str], stop: asyncio.Event) -> None:
    """Until the event; then the process is told to end, too."""
    while not stop.is_set():
        began = time.monotonic()
        # In a session of its own: Ctrl-C is for the worker, which tells.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        if not await unless(stop, _ended(process)):
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
        await REAL_TIME.wait_unless(stop, began + _EVERY - time.monotonic())


async def _ended(process: asyncio.subprocess.Process) -> None:
    await process.wait()
