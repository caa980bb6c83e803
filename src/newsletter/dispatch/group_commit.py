"""Write down for all connections at once what became of messages and which go next. Touches: the ledger.

Connections hand in outcomes and intents; one thread commits all that has come together while it was busy with the last
commit (group commit: 50 turns cost about as much as one). What is handed in first is committed first or together, so
the outcome of a message is durable before, or with, each intent that its connection hands in after it.

The rows of a turn are written here, in the loop, and only its commit is the thread's: SQLite lets the interpreter's
lock go at each row, and a thread that wants it back waits until the loop rests, so that the disk rested while messages
were written. Where writing would have to wait, for another writer or for a server, and where anything else than an
acceptance is to be written, the whole turn is the thread's.

Limits: a database that is out of reach is waited for (reconnecting.py). After the first failure nothing is accepted any
more, so no further dot is written; what had been answered by then is tried once more by `last_try`, and what even then
cannot be written is in doubt when the lease is taken back.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from newsletter.errors import NewsletterError
from newsletter.ledger.database_errors import UnreachableError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.failpoints import Failpoint, OnFailpoint, no_failpoint

from .clock import Clock
from .intent import Intent
from .reconnecting import Reconnecting

_GATHER = 0.001
"""Seconds a commit waits for connections that have not handed in yet. It takes longer itself, for one as for 20: with
20 connections this saves a quarter of the processor's time and half of the disk's."""

_SENT = State.SENT
"""Asked of each message, and Python takes 0.2 µs to find a member of an enumeration."""

_Result = TypeVar("_Result")
_Written = frozenset[int] | Exception
"""The ids of the deliveries that were lost, or why nothing was written."""


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
        """`connections` tells how many are at work, each with one intent at a time. Made inside a running loop."""
        self._ledger = ledger
        self._reconnecting = Reconnecting(ledger)
        self._clock = clock
        self._on_failpoint = on_failpoint
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._outcomes: list[Outcome] = []
        self._intents: list[Intent] = []
        self._flushes: list[asyncio.Future[None]] = []
        self._is_writing = False
        self._asked = 0
        """Questions that the thread has not come to the end of."""
        self._late: asyncio.TimerHandle | None = None
        """Rings when it has been gathered for long enough."""
        self.failure: Exception | None = None
        """Why nothing is written any more."""
        self.taken_away = 0
        """Outcomes that came too late: the delivery had been taken from this process."""

    def hold_to(self, lease: Lease) -> None:
        """As long as this lease allows it, a database that is away is waited for."""
        self._reconnecting.hold_to(lease)

    def hurry(self) -> None:
        """Do not wait for a database that is away."""
        self._reconnecting.hurry()

    def leave(self, error: UnreachableError) -> None:
        """Nothing more is asked, and what is asked just now ends with an error: the database hangs."""
        self._reconnecting.leave(error)

    def record(self, outcome: Outcome) -> None:
        """Hand in what became of a message; it is written as soon as the thread is free."""
        self._outcomes.append(outcome)
        self._gather()

    def intend(self, claim: Claim) -> Intent:
        """Hand in that a message is about to go."""
        intent = Intent(claim)
        if self.failure is not None:
            intent.fail(self.failure)
        else:
            self._intents.append(intent)
            self._gather()
        return intent

    async def ask(self, question: Callable[[], _Result]) -> _Result:
        """Anything else of the ledger, in the same thread, between two commits.

        Who is cancelled does not hear the answer, but the question goes on.
        """
        asked = self._thread.submit(self._reconnecting.answer, question)
        self._asked += 1
        asked.add_done_callback(lambda _question: self._hand_back(self._answered))
        return await asyncio.wrap_future(asked)

    async def flush(self) -> None:
        """Wait until all that was handed in so far is written, or the ledger has failed.

        Not for what the others hand in meanwhile: at full speed there is always more.
        """
        if self.failure is None and (self._is_writing or self._outcomes or self._intents):
            written: asyncio.Future[None] = self._loop.create_future()
            self._flushes.append(written)
            self._gather()
            await written

    async def last_try(self) -> int:
        """After a failure: a full disk may have room again, and each outcome that gets in is a delivery less in doubt.

        Returns how many answers of the relay could not be written.
        """
        await self.flush()
        if self._outcomes:
            with suppress(NewsletterError):
                turn = partial(self._ledger.turn, list(self._outcomes), [], self._clock())
                self._count(self._outcomes, await self.ask(turn))
                self._outcomes = []
        return sum(outcome.attempted for outcome in self._outcomes)

    async def close(self) -> None:
        """End the thread, after what was handed in."""
        await self.flush()
        self._thread.shutdown(wait=False)

    def _gather(self) -> None:
        """While a commit is under way the next comes together; else let the others hand in, but not for long."""
        if self._is_writing or self.failure is not None or not (self._outcomes or self._intents or self._flushes):
            return
        if self._flushes or len(self._intents) >= self._connections():
            self._write()
        elif self._late is None:
            self._late = self._loop.call_later(_GATHER, self._write)

    def _write(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
        self._is_writing = True
        outcomes, self._outcomes = self._outcomes, []
        intents, self._intents = _still_wanted(self._intents, outcomes), []
        flushes, self._flushes = self._flushes, []
        if not (outcomes or intents):
            self._written(outcomes, intents, flushes, frozenset())
            return
        turn = outcomes, [intent.claim for intent in intents], self._clock()
        try:
            self._on_failpoint(Failpoint.BEFORE_COMMIT)
            commit = self._ledger.begin_turn(*turn) if self._loop_may_write(outcomes) else None
            self._thread.submit(self._commit, commit or partial(self._ledger.turn, *turn), outcomes, intents, flushes)
        except Exception as error:  # noqa: BLE001 - as below
            self._loop.call_soon(self._written, outcomes, intents, flushes, error)

    def _loop_may_write(self, outcomes: list[Outcome]) -> bool:
        """Whether it is short, and nothing is before it in the thread that will want the book.

        Such a question would wait for this turn's commit, which is behind it. And whoever waits or goes back is looked
        for in the lots, row by row.
        """
        return not self._asked and all(outcome.state is _SENT for outcome in outcomes)

    def _commit(
        self,
        commit: Callable[[], frozenset[int]],
        outcomes: list[Outcome],
        intents: list[Intent],
        flushes: list["asyncio.Future[None]"],
    ) -> None:
        """In the thread."""
        written: _Written
        try:
            written = self._reconnecting.answer(commit)
        except Exception as error:  # noqa: BLE001 - whatever it is, every connection must hear of it and stop
            written = error
        self._hand_back(self._written, outcomes, intents, flushes, written)

    def _hand_back(self, hear: Callable[..., None], *told: object) -> None:
        """From the thread to the loop, if there still is one."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(hear, *told)

    def _answered(self) -> None:
        self._asked -= 1

    def _written(
        self,
        outcomes: list[Outcome],
        intents: list[Intent],
        flushes: list["asyncio.Future[None]"],
        written: _Written,
    ) -> None:
        self._is_writing = False
        if isinstance(written, Exception):
            self.failure = written
            self._outcomes = outcomes + self._outcomes
            refused, self._intents = intents + self._intents, []
            flushes, self._flushes = flushes + self._flushes, []
            for intent in refused:
                intent.fail(written)
        else:
            self._count(outcomes, written)
            self._gather()  # so that the disk works while the messages are written whose marks are durable now
            for intent in intents:
                intent.answer(intent.claim.delivery not in written)
        for waiting in flushes:
            if not waiting.done():
                waiting.set_result(None)

    def _count(self, outcomes: list[Outcome], lost: frozenset[int]) -> None:
        self.taken_away += sum(outcome.attempted and outcome.claim.delivery in lost for outcome in outcomes)


def _still_wanted(intents: list[Intent], outcomes: list[Outcome]) -> list[Intent]:
    """All but those whose recipient was refused before their mark was made: there will be no dot to wait for it."""
    settled = {outcome.claim.delivery for outcome in outcomes}
    for intent in intents:
        if intent.claim.delivery in settled:
            intent.answer(False)
    return [intent for intent in intents if intent.claim.delivery not in settled]
