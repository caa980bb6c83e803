"""The heart of the book: outcomes of messages just answered and marks of messages about to go, in one commit.

Touches: the ledger's database. Only when `turn`, or the commit of `begin_turn`, has returned may the final dots of its
intents be written (docs/design.md 4.5, promise 1). A turn is a handful of statements for however many messages:

1. the lease: a heartbeat, the fence (nothing counts of a lease that has ended), and the list of marks, that is of all
   whose dot may be on its way from now on;
2. does the dispatch still run, were its editions corrected, and has anybody left since the claim;
3. the outcomes, each on the row of its delivery, and the counts of their lots.

A mark leaves the list only in the commit that writes what became of it. A delivery in the answer is this process's no
more; the book has put it where it belongs. A commit of which no answer came, since the database was gone, may be in the
book or not: that is looked up by the number of the turn before anything else is written (lease_turn.py).
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from .book_time import boot_seconds
from .database import Database
from .dispatch_now import DispatchNow, dispatch_now
from .lease_turn import LeaseTurn
from .leases import Lease, Leases
from .states import Claim, Outcome

_Given = TypeVar("_Given", Claim, Outcome)


class Outcomes(Leases):
    """Where every message passes."""

    def turn(self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime) -> frozenset[int]:
        """In one commit: what became of messages, and which ones go next. The ids of deliveries that were lost.

        A lost one is not the caller's any more: taken back meanwhile, its reader suppressed, or its dispatch paused or
        cancelled. Forget it and write no dot; the book has put it where it belongs.

        What it raises may have come after its commit. Then make it again, with the same objects and perhaps more: what
        is in the book already is not written a second time.
        """
        began = boot_seconds()
        with ExitStack() as alone:
            owned = self._owned(numbers := _leases_of(outcomes, intents))
            for lease in owned:
                alone.enter_context(lease.alone)
            lost: frozenset[int] = frozenset()
            for part in self._unanswered(owned):
                lost |= part.lost
                outcomes = _others(outcomes, part.given_outcomes)
                intents = _others(intents, part.given_intents)
            if not outcomes and not intents:
                return lost
            parts = self._database.transact(lambda book: self._write(book, numbers, outcomes, intents, now, began))
            return lost | _lost(parts)

    def begin_turn(
        self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime
    ) -> Callable[[], frozenset[int]] | None:
        """The same up to its commit, which any thread may make by calling what is given.

        None where that cannot be had without waiting for anybody: another writer, or a server.
        """
        began = boot_seconds()
        with ExitStack() as alone, ExitStack() as writing:
            for lease in self._owned(numbers := _leases_of(outcomes, intents)):
                if lease.unanswered is not None or not lease.alone.acquire(blocking=False):
                    return None
                alone.callback(lease.alone.release)
            book = writing.enter_context(self._database.write_at_once())
            if book is None:
                return None
            parts = self._write(book, numbers, outcomes, intents, now, began)
            committing, holding = writing.pop_all(), alone.pop_all()

        def commit() -> frozenset[int]:
            with holding:
                committing.close()
                return _lost(parts)

        return commit

    def _owned(self, numbers: Sequence[int]) -> list[Lease]:
        """Those of these leases that this process has not given up."""
        return [lease for lease in map(self._own.get, numbers) if lease is not None]

    def _unanswered(self, owned: Sequence[Lease]) -> list[LeaseTurn]:
        """Their turns of which no answer came, and that are in the book all the same."""
        waiting = [lease.unanswered for lease in owned if lease.unanswered is not None]
        found = [part for part in waiting if part.is_in(self._database)]
        for part in waiting:
            part.forget()
        _lost(found)
        return found

    def _write(
        self,
        connection: sa.Connection,
        numbers: Sequence[int],
        outcomes: Sequence[Outcome],
        intents: Sequence[Claim],
        now: datetime,
        began: float,
    ) -> list[LeaseTurn]:
        parts = [self._part(number, outcomes, intents, began, alone=len(numbers) == 1) for number in numbers]
        for part in parts:
            part.begin(self._database, connection)
        asked = _ask(self._database, connection, parts)
        for part in parts:
            part.settle(connection, asked, now)
            part.refuse(self._database, connection, asked, now)
            part.free(connection)
        for part in parts:
            part.await_answer()
        return parts

    def _part(
        self, number: int, outcomes: Sequence[Outcome], intents: Sequence[Claim], began: float, *, alone: bool
    ) -> LeaseTurn:
        if not alone:
            outcomes = [outcome for outcome in outcomes if outcome.claim.lease == number]
            intents = [claim for claim in intents if claim.lease == number]
        return LeaseTurn(number, self._own.get(number), outcomes, intents, began)


def _leases_of(outcomes: Sequence[Outcome], intents: Sequence[Claim]) -> list[int]:
    """Their numbers, in the order in which they are locked."""
    return sorted({claim.lease for claim in (*(outcome.claim for outcome in outcomes), *intents)})


def _others(given: Sequence[_Given], done: Sequence[_Given]) -> list[_Given]:
    """All but these very objects: of one delivery there may be two outcomes, one after the other."""
    these = set(map(id, done))
    return [one for one in given if id(one) not in these]


def _lost(parts: Sequence[LeaseTurn]) -> frozenset[int]:
    """They are committed."""
    for part in parts:
        part.remember()
    return frozenset().union(*(part.lost for part in parts))


def _ask(database: Database, connection: sa.Connection, parts: Sequence[LeaseTurn]) -> dict[int, DispatchNow]:
    """Each dispatch of the turn, which until its end nobody pauses, cancels or corrects."""
    numbers = {one.dispatch for part in parts for one in part.begun.values()}
    numbers |= {one.claim.dispatch for part in parts for one in part.outcomes}
    return {number: dispatch_now(database, connection, number) for number in sorted(numbers)}
