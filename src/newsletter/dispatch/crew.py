"""As many workers as the pacer allows: taken on when it widens, leaving by themselves. Touches: network, the ledger."""

import asyncio

from .moments import Moments
from .shift import Shift
from .worker import Compose, Worker


class Crew:
    """The connections of one run."""

    def __init__(self, shift: Shift, compose: Compose, moments: Moments) -> None:
        self._shift = shift
        self._compose = compose
        self._moments = moments
        self._working: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    async def work(self) -> None:
        """Until nothing is left or the shift ends; then raises the first thing that went wrong with any of them."""
        self._shift.hire = self._hire
        self._hire()
        try:
            while self._working:
                await asyncio.wait(set(self._working), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.drop()
            await asyncio.gather(*self._working, return_exceptions=True)
            raise
        if self._failure is not None:
            raise self._failure

    def drop(self) -> None:
        """Everybody leaves at once; what had its dot written is in doubt."""
        for task in self._working:
            task.cancel()

    def _hire(self) -> None:
        shift = self._shift
        while shift.is_short_of_hands:
            shift.at_work += 1
            task = asyncio.create_task(Worker(shift, self._compose, self._moments).work())
            self._working.add(task)
            task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = self._failure or error
            self._shift.ending.set()
