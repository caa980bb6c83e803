"""The heart of the book: outcomes of messages just answered and marks of messages about to go, in one commit.

Touches: the ledger's database. Only when `turn`, or the commit of `begin_turn`, has returned may the final dots of its
intents be written (docs/design.md 4.5, promise 1). A turn is a handful of statements for however many messages:

1. the lease: a heartbeat, the fence (nothing counts of a lease that has ended), and the list of marks, that is of all
   whose dot may be on its way from now on;
2. does the dispatch still run, were its editions corrected, and has anybody left since the claim;
3. the outcomes, each on the row of its delivery, and the counts of their lots.

A mark leaves the list only in the commit that writes what became of it. A delivery in the answer is this process's no
more; the book has put it where it belongs.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .dispatch_now import DispatchNow, dispatch_now
from .driver import Prepared
from .late_answers import book_late
from .leases import Lease, Leases, beat, boot_seconds
from .lots import move, recount, release
from .records import LeaseLostError
from .schema import deliveries, lots
from .seen_state import WAITS, as_list
from .settling import UNTOLD, settle
from .states import Claim, Outcome, State
from .suppressions import suppressed_delivery

_d = deliveries.c

_LEFT = Prepared(
    sa.select(_d.id).where(_d.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.BigInteger))), suppressed_delivery())
)

_CLAIMED = State.CLAIMED
"""DispatchNow of each message, and Python takes 0.2 µs to find a member of an enumeration."""


class Outcomes(Leases):
    """Where every message passes."""

    def turn(self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime) -> frozenset[int]:
        """In one commit: what became of messages, and which ones go next. The ids of deliveries that were lost.

        A lost one is not the caller's any more: taken back meanwhile, its reader suppressed, or its dispatch paused or
        cancelled. Forget it and write no dot; the book has put it where it belongs.
        """
        if not outcomes and not intents:
            return frozenset()
        began = boot_seconds()
        with ExitStack() as alone:
            for lease in self._owned(numbers := _leases_of(outcomes, intents)):
                alone.enter_context(lease.alone)
            parts = self._database.transact(lambda book: self._write(book, numbers, outcomes, intents, now))
            return _lost(parts, began)

    def begin_turn(
        self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime
    ) -> Callable[[], frozenset[int]] | None:
        """The same up to its commit, which any thread may make by calling what is given.

        None where that cannot be had without waiting for anybody: another writer, or a server.
        """
        began = boot_seconds()
        with ExitStack() as alone, ExitStack() as writing:
            for lease in self._owned(numbers := _leases_of(outcomes, intents)):
                if not lease.alone.acquire(blocking=False):
                    return None
                alone.callback(lease.alone.release)
            book = writing.enter_context(self._database.write_at_once())
            if book is None:
                return None
            parts = self._write(book, numbers, outcomes, intents, now)
            committing, holding = writing.pop_all(), alone.pop_all()

        def commit() -> frozenset[int]:
            with holding:
                committing.close()
                return _lost(parts, began)

        return commit

    def _owned(self, numbers: Sequence[int]) -> list[Lease]:
        """Those of these leases that this process has not given up."""
        return [lease for lease in map(self._own.get, numbers) if lease is not None]

    def _write(
        self,
        connection: sa.Connection,
        numbers: Sequence[int],
        outcomes: Sequence[Outcome],
        intents: Sequence[Claim],
        now: datetime,
    ) -> list["_Part"]:
        parts = [self._part(number, outcomes, intents, alone=len(numbers) == 1) for number in numbers]
        for part in parts:
            part.begin(self._database, connection)
        asked = _ask(self._database, connection, parts)
        for part in parts:
            part.settle(connection, asked, now)
            part.refuse(self._database, connection, asked, now)
            part.free(connection)
        return parts

    def _part(self, number: int, outcomes: Sequence[Outcome], intents: Sequence[Claim], *, alone: bool) -> "_Part":
        if not alone:
            outcomes = [outcome for outcome in outcomes if outcome.claim.lease == number]
            intents = [claim for claim in intents if claim.lease == number]
        return _Part(number, self._own.get(number), outcomes, intents)


class _Part:
    """What of a turn belongs to one lease."""

    def __init__(self, number: int, lease: Lease | None, outcomes: Sequence[Outcome], intents: Sequence[Claim]) -> None:
        """`lease` is None where this process has given it up."""
        self._number = number
        self._lease = lease
        self._is_open = lease is not None
        handed = lease.handed if lease else dict[int, int]()
        answered = {outcome.claim.delivery for outcome in outcomes}
        strange = answered - handed.keys()
        self.outcomes = [one for one in outcomes if one.claim.delivery not in strange] if strange else outcomes
        self._strange = [one for one in outcomes if one.claim.delivery in strange] if strange else []
        self._done = {one.claim.delivery for one in self.outcomes if one.state is not _CLAIMED}
        self._marks = (lease.marks if lease else set[int]()) - answered
        self.begun = {
            one.delivery: one
            for one in intents
            if one.delivery in handed and one.delivery not in self._done and one.delivery not in self._marks
        }
        """Whoever gets a mark, by number."""
        self.lost = strange | ({one.delivery for one in intents} - self.begun.keys())

    def begin(self, database: Database, connection: sa.Connection) -> None:
        """Beat, and write the list of marks. Of a lease that has ended everything is lost."""
        if self._lease is None:
            return
        marks = as_list((*self._marks, *self.begun))
        try:
            beat(database, connection, self._number, begins=len(self.begun), knows=self._lease.begun, marks=marks)
        except LeaseLostError:
            self._is_open = False
            self._strange += self.outcomes
            self.lost |= {*self.begun, *(one.claim.delivery for one in self.outcomes)}
            self.outcomes, self.begun, self._done = [], {}, set()

    def settle(self, connection: sa.Connection, asked: Mapping[int, DispatchNow], now: datetime) -> None:
        """Write the outcomes, and count them in their lots."""
        told = [outcome for outcome in self.outcomes if outcome.state not in UNTOLD]
        if self._strange and self._is_open:
            told += (unmarked := _without_mark(connection, self._number, self._strange))
            self.lost -= {outcome.claim.delivery for outcome in unmarked}
        unchanged, deferred = settle(connection, told, now)
        if deferred and self._lease:
            move(connection, deferred, now, since=self._lease.started_at)
        if cancelled := {number for number, one in asked.items() if one.is_cancelled}:
            ended = [one.claim for one in self.outcomes if one.claim.dispatch in cancelled]
            _end(connection, ended, State.CANCELLED, now)
        self.lost |= unchanged
        if self._strange and not self._is_open:
            self.lost -= book_late(connection, self._strange, now)

    def refuse(
        self, database: Database, connection: sa.Connection, asked: Mapping[int, DispatchNow], now: datetime
    ) -> None:
        """Let those go whose dispatch does not run, who are to get other words now, or who have left."""
        claims = self.begun.values()
        stopping = {number for number, one in asked.items() if not one.is_running}
        stopped = {one.delivery for one in claims if one.dispatch in stopping}
        revised = _revised(connection, [one for one in claims if one.revision != asked[one.dispatch].revision])
        left = _left(database, connection, claims, max((one.newest for one in asked.values()), default=0))
        if not (refused := stopped | revised | left):
            return
        _end(connection, [self.begun[number] for number in left], State.SUPPRESSED, now)
        self.begun = {number: one for number, one in self.begun.items() if number not in refused}
        self.lost |= refused
        self._done |= refused
        marks = (*self._marks, *self.begun)
        beat(database, connection, self._number, begins=-len(refused), marks=as_list(marks))

    def free(self, connection: sa.Connection) -> None:
        """Of a lot of which nothing is handed out any more the rest is anybody's."""
        if self._lease is None or not self._done:
            return
        done = Counter(map(self._lease.handed.__getitem__, self._done))
        if freed := [lot for lot, number in done.items() if number == self._lease.held[lot]]:
            release(connection, self._number, freed)

    def remember(self, began: float) -> None:
        """It is committed; `began` is from the boot's clock."""
        if self._lease is None or not self._is_open:
            return
        self._lease.beaten(began)
        self._lease.let_go(self._done)
        self._lease.marks = self._marks | self.begun.keys()
        if self.begun:
            self._lease.has_begun(len(self.begun))


def _leases_of(outcomes: Sequence[Outcome], intents: Sequence[Claim]) -> list[int]:
    """Their numbers, in the order in which they are locked."""
    return sorted({claim.lease for claim in (*(outcome.claim for outcome in outcomes), *intents)})


def _lost(parts: Sequence[_Part], began: float) -> frozenset[int]:
    """They are committed."""
    for part in parts:
        part.remember(began)
    return frozenset().union(*(part.lost for part in parts))


def _ask(database: Database, connection: sa.Connection, parts: Sequence[_Part]) -> dict[int, DispatchNow]:
    """Each dispatch of the turn, which until its end nobody pauses, cancels or corrects."""
    numbers = {one.dispatch for part in parts for one in part.begun.values()}
    numbers |= {one.claim.dispatch for part in parts for one in part.outcomes}
    return {number: dispatch_now(database, connection, number) for number in sorted(numbers)}


def _without_mark(connection: sa.Connection, lease: int, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those whose mark was refused while the relay was at their envelope: what it said is true all the same.

    Only while nobody else has the lot, which until the end of the transaction nobody takes.
    """
    told = [outcome for outcome in outcomes if outcome.state not in UNTOLD]
    free = lots.c.lease_id.is_(None) | (lots.c.lease_id == lease)
    these = lots.c.id.in_({outcome.claim.lot for outcome in told})
    found = set(connection.execute(sa.select(lots.c.id).where(these, free).with_for_update()).scalars())
    return [outcome for outcome in told if outcome.claim.lot in found]


def _revised(connection: sa.Connection, claims: Sequence[Claim]) -> set[int]:
    """Those of them whose edition is not the one that they were claimed with."""
    if not claims:
        return set()
    theirs = sa.select(_d.id, _d.edition_id).where(_d.id.in_([claim.delivery for claim in claims]))
    edition = {row.id: row.edition_id for row in connection.execute(theirs)}
    return {claim.delivery for claim in claims if edition[claim.delivery] != claim.edition}


def _left(database: Database, connection: sa.Connection, claims: Collection[Claim], newest: int) -> set[int]:
    """Those whose reader was suppressed since the claim.

    SQLite commits in the order of the numbers, so where the `newest` suppression is the one that the claim saw there is
    no other. PostgreSQL does not: there the readers of the turn are looked up.
    """
    if not claims:
        return set()
    numbers = [claim.delivery for claim in claims]
    if not database.is_sqlite:
        return {number for (number,) in _LEFT.rows(connection, {"ids": numbers})}
    if newest <= min(claim.seen for claim in claims):
        return set()
    return set(connection.execute(sa.select(_d.id).where(_d.id.in_(numbers), suppressed_delivery())).scalars())


def _end(connection: sa.Connection, claims: Collection[Claim], state: State, now: datetime) -> None:
    """Those of them who wait wait no more."""
    if not claims:
        return
    these = _d.id.in_([claim.delivery for claim in claims])
    touched = set(connection.execute(sa.select(_d.lot_id).where(these, WAITS)).scalars())
    connection.execute(sa.update(deliveries).where(these, WAITS).values(state=state, due_at=None, changed_at=now))
    recount(connection, touched)
