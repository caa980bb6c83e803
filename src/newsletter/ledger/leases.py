"""Leases: which process owns deliveries, and that it says so again and again.

Touches: the ledger's database, lock files under the workspace's `.newsletter/leases/`. A lease is one row with a
heartbeat and one locked file; deliveries point at the row. Whether the process lives is seen in lease_watch.py, what
happens when it ends is in lease_end.py. Locks are taken in one order everywhere, leases, dispatches, deliveries: no
deadlocks.
"""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from weakref import WeakValueDictionary

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.workspace import LEASES_FOLDER

from .book_time import boot_seconds, server_clock
from .brief_locks import BRIEFLY, hold_briefly, idle
from .database import Database, LedgerPart
from .driver import Prepared, inserted_id
from .lease_end import end_lease
from .lease_watch import LEASE_LASTS, Watch
from .lock_file import LockFile, host
from .mark import HighWaterMark, note_of
from .records import LeaseLostError
from .schema import leases, lots
from .states import Claim

if TYPE_CHECKING:
    from .lease_turn import LeaseTurn

LEFT_AT_THE_END = timedelta(seconds=15)
"""Of a lease, when its process stops to wait for a database that is away: time to say so before others may take it."""

_LEASE_SECONDS = LEASE_LASTS.total_seconds()


class Lease:
    """This process's right to deliveries; `close` (or the end of a `with`) gives back what is still held."""

    def __init__(self, database: Database, folder: Path, now: datetime, mark: HighWaterMark) -> None:
        self._database = database
        self._mark = mark
        self._beat_began = boot_seconds()
        self.begun = 0
        """Messages whose intent was committed under it: what the book must know at the least."""
        self.alone = threading.Lock()
        """Held from before a transaction that goes by what follows until this is brought up to it."""
        self.handed: dict[int, int] = {}
        """Deliveries that were claimed under it and of which nothing is written yet, with the lots they stand in."""
        self.held: Counter[int] = Counter()
        """How many of them stand in each lot."""
        self.marks: set[int] = set()
        """Those of them whose dot may be on its way, as its row has them."""
        self.turns = 0
        """Its turns that are committed, as its row has it."""
        self.unanswered: LeaseTurn | None = None
        """The turn of which nobody knows yet whether it is committed."""
        self._lock = LockFile(folder)  # locked before the row says so: nobody ever sees a new lease unlocked
        self.started_at = now
        try:
            with database.write() as connection:
                inserted = connection.execute(
                    sa.insert(leases).values(
                        host=host(folder),
                        lock=self._lock.name,
                        pid=os.getpid(),
                        machine=socket.gethostname(),
                        started_at=now,
                        beat_at=database.clock_sql(),
                    )
                )
                self.id: int = inserted_id(inserted)
            self._keep_mark(now)
        except BaseException:
            self._lock.close()
            raise

    def _keep_mark(self, now: datetime) -> None:
        """Where it cannot be kept, nothing may be claimed."""
        try:
            self._ledger = self._mark.rise()
            self.has_begun(0)
        except BaseException:
            self._database.transact(lambda book: end_lease(self._database, book, self.id, now, gone=True))
            raise

    @property
    def may_have_ended(self) -> bool:
        """Others may have taken it for run out: this process was stopped, or its machine slept, since the last beat."""
        return boot_seconds() - self._beat_began >= _LEASE_SECONDS

    @property
    def seconds_left(self) -> float:
        """For so long a database that is away may be waited for: till the lease's end, less LEFT_AT_THE_END."""
        return _LEASE_SECONDS - LEFT_AT_THE_END.total_seconds() - (boot_seconds() - self._beat_began)

    def hand_out(self, claims: Collection[Claim]) -> None:
        """These are claimed."""
        self.handed.update((claim.delivery, claim.lot) for claim in claims)
        self.held.update(claim.lot for claim in claims)

    def let_go(self, numbers: Iterable[int]) -> None:
        """These are written down, or somebody else's."""
        for number in numbers:
            self.held[self.handed.pop(number)] -= 1

    def beaten(self, began: float) -> None:
        """A beat is committed, which was begun then (`boot_seconds`)."""
        self._beat_began = began

    def heartbeat(self) -> None:
        """Say that this process lives; LeaseLostError where it came too late, CannotWriteError for the mark."""
        began = boot_seconds()
        with self._database.write() as connection:
            beat(self._database, connection, self.id, knows=self.begun)
        self.beaten(began)
        self._mark.rise()

    def has_begun(self, number: int) -> None:
        """So many more intents are committed: note it outside of the book, before their dots. CannotWriteError."""
        self.begun += number
        self._lock.note(note_of(self._ledger, self.id, self.begun))

    def close(self, now: datetime | None = None) -> None:
        """Give everything back and end; a second time does nothing. The lock goes even if the database is gone."""
        try:
            self._database.transact(lambda book: end_lease(self._database, book, self.id, now, gone=True))
            self._mark.rise()
        except BaseException:
            self._lock.abandon()
            raise
        self._lock.close()

    def leave(self) -> None:
        """Only the lock goes, and shows others that this process is no more at it: the database is gone."""
        self._lock.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_THIS = sa.and_(leases.c.id == sa.bindparam("lease", type_=sa.BigInteger), leases.c.ended_at.is_(None))
_TURN = sa.bindparam("turn", type_=sa.BigInteger)
_BEAT = {
    is_sqlite: Prepared(
        sa.update(leases)
        .where(_THIS, leases.c.begun >= sa.bindparam("knows", type_=sa.BigInteger))
        .where(leases.c.turn == sa.func.coalesce(_TURN - 1, leases.c.turn), *(() if is_sqlite else (BRIEFLY != "",)))
        .values(
            beat_at=sa.bindparam("clock") if is_sqlite else server_clock(),
            begun=leases.c.begun + sa.bindparam("begins", type_=sa.BigInteger),
            turn=sa.func.coalesce(_TURN, leases.c.turn),
            marks=sa.func.coalesce(sa.bindparam("the_marks", type_=sa.Text), leases.c.marks),
        )
    )
    for is_sqlite in (True, False)
}


def beat(
    database: Database,
    connection: sa.Connection,
    lease: int,
    *,
    begins: int = 0,
    knows: int = 0,
    marks: str | None = None,
    turn: int | None = None,
) -> None:
    """A heartbeat inside a transaction; until its end nobody can take this lease away. LeaseLostError if it ended.

    `begins` so many messages in the same commit; `marks` is its list of those whose dot may be on its way, from now on;
    `turn` is the number of the turn that this is the beginning of. CannotWriteError where the book does not know of
    those that were begun before (`knows`), or of the turn before: it was put back under a process that works with it.
    """
    values = {"lease": lease, "begins": begins, "knows": knows, "the_marks": marks, "turn": turn}
    if database.is_sqlite:
        values["clock"] = time.time_ns() // 1000
    else:
        values["idle"] = idle()
    if _BEAT[database.is_sqlite].changes(connection, values):
        return
    if connection.execute(sa.select(leases.c.id).where(_THIS), {"lease": lease}).first():
        raise CannotWriteError(phrase("ledger.mark.was_put_back", where=database.where))
    raise _lost()


def require_lease(database: Database, connection: sa.Connection, lease: int) -> None:
    """Inside a transaction beside which another one beats (PostgreSQL): until its end nobody ends this lease.

    LeaseLostError if it has ended.
    """
    hold_briefly(database, connection)
    mine = sa.select(leases.c.id).where(leases.c.id == lease, leases.c.ended_at.is_(None))
    if connection.execute(mine.with_for_update(read=True, key_share=True)).first() is None:
        raise _lost()


def _lost() -> LeaseLostError:
    return LeaseLostError(phrase("ledger.lease.lost"), hint=phrase("ledger.lease.run_again"))


class Leases(LedgerPart):
    """This process's leases, and a watch over those of others."""

    def __init__(self, database: Database, state: Path, *, lease_lasts: timedelta = LEASE_LASTS) -> None:
        """`state` is `.newsletter/`, with the mark and the lock files."""
        super().__init__(database)
        self._leases = state / LEASES_FOLDER
        self._watch = Watch(database, self._leases, lease_lasts)
        self.mark = HighWaterMark(database, state)
        self._own: WeakValueDictionary[int, Lease] = WeakValueDictionary()
        if database.links is not None:
            database.links.turns = lambda: {number: lease.turns for number, lease in self._own.items()}

    def lease(self, now: datetime) -> Lease:
        """This process's right to claim; call its `heartbeat` every HEARTBEAT_EVERY, and close it."""
        lease = Lease(self._database, self._leases, now, self.mark)
        self._own[lease.id] = lease
        return lease

    def take_back(self, now: datetime, mine: Lease | None = None) -> None:
        """What processes that are gone held goes back to where it came from, or is in doubt; not what is `mine`.

        Of another machine a process is gone once it was seen silent for LEASE_LASTS: look every HEARTBEAT_EVERY.
        """
        self._watch.take_back(now, mine=mine.id if mine else None)

    def hang_up(self) -> None:
        """Wait no longer for a server that does not answer: any thread may say so of another's question."""
        if self._database.links is not None:
            self._database.links.hang_up()

    def held_by_others(self, dispatch: int, lease: Lease) -> int:
        """Deliveries that other processes hold just now."""
        with self._database.read() as connection:
            return held_by_others(connection, dispatch, lease.id)

    def held_elsewhere(self, dispatch: int, lease: Lease) -> int:
        """Those of them of whose process only the heartbeat speaks: if it is gone, that shows after LEASE_LASTS."""
        theirs = (lots.c.dispatch_id == dispatch) & (lots.c.lease_id != lease.id)
        held = sa.select(leases.c.host, leases.c.lock, sa.func.sum(lots.c.waiting).label("held"))
        by_lease = held.join(lots, lots.c.lease_id == leases.c.id).where(theirs).group_by(leases.c.id)
        with self._database.read() as connection:
            rows = connection.execute(by_lease).all()
        return sum(row.held for row in rows if self._watch.is_elsewhere(row.host, row.lock))


def held_by_others(connection: sa.Connection, dispatch: int, lease: int) -> int:
    theirs = (lots.c.dispatch_id == dispatch) & (lots.c.lease_id != lease)
    return int(connection.execute(sa.select(sa.func.sum(lots.c.waiting)).where(theirs)).scalar() or 0)
