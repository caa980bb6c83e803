"""Write down for all connections at once what became of messages and which go next. Touches: the ledger.

Connections hand in outcomes and intents; one thread commits all that has come together while it was busy with the last
commit (group commit: 50 turns cost about as much as one). What is handed in first is committed first or together, so
the outcome of a message is durable before the next intent of its connection is.

Limits: after the first failure nothing is accepted any more, so no further dot is written; what had been answered by
then is tried once more by `last_try`, and what even then cannot be written is in doubt when the lease is taken back.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, Outcome
from newsletter.smtp.failpoints import Failpoint, OnFailpoint, no_failpoint

from .clock import Clock

_GATHER = 0.001
"""Seconds a commit waits for connections that have not handed in yet. It takes longer itself, for one as for 20: with
20 connections this saves a quarter of the processor's time and half of the disk's."""

_Result = TypeVar("_Result")
_Intent = tuple[Claim, "asyncio.Future[bool]"]


def _one() -> int:
    """A connection alone: nobody else is waited for."""
    return 1


class GroupCommit:
    """The ledger, as all the connections of one run share it."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        on_failpoint: OnFailpoint = no_failpoint,
        connections: Callable[[], int] = _one,
    ) -> None:
        """`connections` tells how many are at work, each with one intent at a time."""
        self._ledger = ledger
        self._clock = clock
        self._on_failpoint = on_failpoint
        self._connections = connections
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._outcomes: list[Outcome] = []
        self._intents: list[_Intent] = []
        self._flushes: list[asyncio.Future[None]] = []
        self._writer: asyncio.Task[None] | None = None
        self._complete: asyncio.Event | None = None
        self.failure: Exception | None = None
        """Why nothing is written any more."""
        self.taken_away = 0
        """Outcomes that came too late: the delivery had been taken from this process."""

    def record(self, outcome: Outcome) -> None:
        """Hand in what became of a message; it is written as soon as the thread is free."""
        self._outcomes.append(outcome)
        self._wake()

    def intend(self, claim: Claim) -> "asyncio.Future[bool]":
        """Hand in that a message is about to go. True: its mark is durable and the dot may be written.

        False: the delivery is not ours any more, and no outcome is wanted. Raises what the ledger raised.
        """
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self.failure is not None:
            future.set_exception(self.failure)
            future.exception()
        else:
            self._intents.append((claim, future))
            if self._complete is not None and len(self._intents) >= self._connections():
                self._complete.set()
            self._wake()
        return future

    async def ask(self, question: Callable[[], _Result]) -> _Result:
        """Anything else of the ledger, in the same thread, between two commits."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    async def flush(self) -> None:
        """Wait until all that was handed in so far is written, or the ledger has failed.

        Not for what the others hand in meanwhile: at full speed there is always more.
        """
        if self._writer is not None and not self._writer.done():
            written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._flushes.append(written)
            await written

    async def last_try(self) -> int:
        """After a failure: a full disk may have room again, and each outcome that gets in is a delivery less in doubt.

        Returns how many answers of the relay could not be written.
        """
        await self.flush()
        if self._outcomes:
            with suppress(NewsletterError):
                self._count(self._outcomes, await self.ask(partial(self._turn, list(self._outcomes), [])))
                self._outcomes = []
        return sum(outcome.attempted for outcome in self._outcomes)

    async def close(self) -> None:
        """End the thread, after what was handed in."""
        await self.flush()
        self._thread.shutdown(wait=False)

    def _wake(self) -> None:
        if self.failure is None and (self._writer is None or self._writer.done()):
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while (self._outcomes or self._intents or self._flushes) and self.failure is None:
            if self._outcomes or self._intents:
                await self._gather()
            outcomes, self._outcomes = self._outcomes, []
            intents, self._intents = _still_wanted(self._intents, outcomes), []
            flushes, self._flushes = self._flushes, []
            try:
                await self._commit(outcomes, intents)
            except Exception as error:  # noqa: BLE001 - whatever it is, every connection must hear of it and stop
                self.failure = error
                self._outcomes = outcomes + self._outcomes
                _refuse(intents + self._intents, error)
                self._intents = []
                flushes += self._flushes
            for written in flushes:
                if not written.done():
                    written.set_result(None)

    async def _commit(self, outcomes: list[Outcome], intents: list[_Intent]) -> None:
        if outcomes or intents:
            lost = await self.ask(partial(self._turn, outcomes, intents))
            self._count(outcomes, lost)
            for claim, future in intents:
                if not future.done():
                    future.set_result(claim.delivery not in lost)

    async def _gather(self) -> None:
        """Let the others hand in, too, but not for long."""
        if len(self._intents) >= self._connections():
            return
        self._complete = asyncio.Event()
        late = asyncio.get_running_loop().call_later(_GATHER, self._complete.set)
        try:
            await self._complete.wait()
        finally:
            late.cancel()
            self._complete = None

    def _count(self, outcomes: list[Outcome], lost: frozenset[int]) -> None:
        self.taken_away += sum(outcome.attempted and outcome.claim.delivery in lost for outcome in outcomes)

    def _turn(self, outcomes: list[Outcome], intents: list[_Intent]) -> frozenset[int]:
        self._on_failpoint(Failpoint.BEFORE_COMMIT)
        return self._ledger.turn(outcomes, [claim for claim, _ in intents], self._clock())


def _refuse(intents: list[_Intent], error: Exception) -> None:
    """Nobody gets a mark any more."""
    for _, future in intents:
        if not future.done():
            future.set_exception(error)
            future.exception()


def _still_wanted(intents: list[_Intent], outcomes: list[Outcome]) -> list[_Intent]:
    """All but those whose recipient was refused before their mark was made: there will be no dot to wait for it."""
    settled = {outcome.claim.delivery for outcome in outcomes}
    for claim, future in intents:
        if claim.delivery in settled and not future.done():
            future.set_result(False)
    return [(claim, future) for claim, future in intents if claim.delivery not in settled]
