"""Do what may take minutes in a thread that nobody has to wait for. Touches: threads.

The threads of a pool are joined when Python ends, so that Ctrl-C would wait for a count of a million rows, or for a
relay that says nothing; these are left behind. Limits: only for work that may be broken off anywhere, as reading may.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")


async def run_detached(work: Callable[[], Result]) -> Result:
    """What the work returns or raises; a caller that is cancelled leaves it running."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def run() -> None:
        try:
            settle = _settled(done, result=work())
        except Exception as error:  # noqa: BLE001 - raised again where the result is waited for
            settle = _failed(done, error)
        # A loop that has been closed has nobody any more who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    threading.Thread(target=run, name="newsletter-detached", daemon=True).start()
    return await done


def _settled(done: asyncio.Future[Result], result: Result) -> Callable[[], None]:
    return lambda: None if done.done() else done.set_result(result)


def _failed(done: asyncio.Future[Result], error: Exception) -> Callable[[], None]:
    return lambda: None if done.done() else done.set_exception(error)
