"""What many ask of the ledger at once, asked in one call: a thousand clicks a second are some commits.

Touches: a thread. What is asked while a call is under way goes into the next one. A ledger that does not answer holds
that one thread, however many ask, and nobody for longer than `seconds`.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Generic, TypeVar

KEYS_AT_ONCE = 500
"""Keys of one call: a database takes only so many values in a statement."""

_Key = TypeVar("_Key", bound=Hashable)
_Result = TypeVar("_Result")


class _Call(Generic[_Key, _Result]):
    """Keys that are asked about together, and what will be said to all who asked, at the latest after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.keys: dict[_Key, None] = {}
        self.loop = asyncio.get_running_loop()
        self.result: asyncio.Future[_Result] = self.loop.create_future()
        self._late = self.loop.call_later(seconds, self.fail, TimeoutError())

    def end(self, result: _Result) -> None:
        self._late.cancel()
        if not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        self._late.cancel()
        if not self.result.done():
            self.result.set_exception(error)


class Together(Generic[_Key, _Result]):
    """One call at a time of a function that may block; used on one event loop."""

    def __init__(self, function: Callable[[Sequence[_Key]], _Result], *, seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._waiting: deque[_Call[_Key, _Result]] = deque()
        self._handed_over: SimpleQueue[_Call[_Key, _Result]] = SimpleQueue()
        self._is_calling = False
        self._thread: threading.Thread | None = None

    async def call_with(self, key: _Key) -> _Result:
        """What the call said that this key was part of. Raise what it raised, or TimeoutError: it may yet be made."""
        if not self._waiting or len(self._waiting[-1].keys) >= KEYS_AT_ONCE:
            self._waiting.append(_Call(self._seconds))
        call = self._waiting[-1]
        call.keys[key] = None
        if not self._is_calling:
            self._hand_over()
        return await asyncio.shield(call.result)

    def _hand_over(self) -> None:
        self._is_calling = bool(self._waiting)
        if self._waiting:
            if self._thread is None:
                # Not waited for at the end: what it does is a transaction, which is whole or not at all.
                self._thread = threading.Thread(target=self._call, name="newsletter-together", daemon=True)
                self._thread.start()
            self._handed_over.put(self._waiting.popleft())

    def _call(self) -> None:
        while True:
            call = self._handed_over.get()
            end: Callable[[], None]
            try:
                end = partial(call.end, self._function(list(call.keys)))
            except Exception as error:  # noqa: BLE001 - raised again in all who wait for it
                end = partial(call.fail, error)
            # A loop that has been closed has nobody any more who waits.
            with suppress(RuntimeError):
                call.loop.call_soon_threadsafe(self._go_on, end)

    def _go_on(self, end: Callable[[], None]) -> None:
        end()
        self._hand_over()
