"""What of a turn belongs to one lease, and whether it is in the book when its commit was not answered.

Touches: the ledger's database. Each lease numbers its turns, and a turn writes its number where the one before stands
(`beat`): a commit whose answer was lost with the link is so neither made a second time nor lost. The row of the lease
is locked until a turn ends, so who reads the number waits for it, even where the server has not noticed yet that nobody
is there.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .dispatch_now import DispatchNow
from .driver import Prepared
from .late_answers import book_late
from .leases import Lease, beat
from .lots import move, recount, release
from .records import LeaseLostError
from .schema import deliveries, leases, lots
from .seen_state import WAITS, as_list
from .settling import UNTOLD, settle
from .states import Claim, Outcome, State
from .suppressions import suppressed_delivery

_d = deliveries.c

_LEFT = Prepared(
    sa.select(_d.id).where(_d.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.BigInteger))), suppressed_delivery())
)

_CLAIMED = State.CLAIMED
"""Asked of each message, and Python takes 0.2 µs to find a member of an enumeration."""


class LeaseTurn:
    """What of a turn belongs to one lease."""

    def __init__(
        self, number: int, lease: Lease | None, outcomes: Sequence[Outcome], intents: Sequence[Claim], began: float
    ) -> None:
        """`lease` is None where this process has given it up; `began` is from the boot's clock."""
        self._number = number
        self._lease = lease
        self._began = began
        self._turn = lease.turns + 1 if lease else 0
        self.given_outcomes, self.given_intents = outcomes, intents
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
        marks, begins, knows = as_list((*self._marks, *self.begun)), len(self.begun), self._lease.begun
        try:
            beat(database, connection, self._number, begins=begins, knows=knows, marks=marks, turn=self._turn)
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

    def await_answer(self) -> None:
        """All is written, and its commit comes next: if no answer comes, it may be in the book."""
        if self._lease is not None and self._is_open:
            self._lease.unanswered = self

    def is_in(self, database: Database) -> bool:
        """Whether its commit was made; where the server still is at it, that is waited for."""
        this = sa.select(leases.c.turn).where(leases.c.id == self._number).with_for_update()
        return bool(database.transact(lambda book: book.execute(this).scalar_one()) >= self._turn)

    def forget(self) -> None:
        """It is known whether it is in."""
        if self._lease is not None:
            self._lease.unanswered = None

    def remember(self) -> None:
        """It is committed."""
        if self._lease is None or not self._is_open:
            return
        self.forget()
        self._lease.turns = self._turn
        self._lease.beaten(self._began)
        self._lease.let_go(self._done)
        self._lease.marks = self._marks | self.begun.keys()
        if self.begun:
            self._lease.has_begun(len(self.begun))


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
