"""As many workers as the pacer allows: taken on when it widens, leaving by themselves. Touches: network, the ledger."""

import asyncio

from newsletter.smtp.failpoints import OnFailpoint

from .connection import Compose, Connection
from .coordinator import Coordinator


class Crew:
    """The connections of one run."""

    def __init__(self, shift: Coordinator, compose: Compose, moments: OnFailpoint) -> None:
        self._shift = shift
        self._compose = compose
        self._moments = moments
        self._working: dict[asyncio.Task[None], Connection] = {}
        self._failure: BaseException | None = None

    async def work(self) -> None:
        """Until nothing is left or the shift ends; then raises the first thing that went wrong with any of them."""
        self._shift.hire = self._hire
        self._hire()
        leaving = asyncio.create_task(self._leave())
        try:
            while self._working:
                await asyncio.wait(set(self._working), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.drop()
            await asyncio.gather(*self._working, return_exceptions=True)
            raise
        finally:
            leaving.cancel()
        if self._failure is not None:
            raise self._failure

    async def _leave(self) -> None:
        """When the shift ends, nobody waits for a relay that has nothing to decide yet."""
        await self._shift.ending.wait()
        for worker in self._working.values():
            worker.leave()

    def drop(self) -> None:
        """Everybody leaves at once; what had its dot written is in doubt."""
        for task in self._working:
            task.cancel()

    def _hire(self) -> None:
        shift = self._shift
        while shift.is_short_of_hands:
            shift.at_work += 1
            worker = Connection(shift, self._compose, self._moments)
            task = asyncio.create_task(worker.work())
            self._working[task] = worker
            task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        del self._working[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = self._failure or error
            self._shift.ending.set()
