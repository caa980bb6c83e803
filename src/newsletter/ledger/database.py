"""One database, reached the way the promises need it: durable commits, and writes that begin as writes.

Touches: the ledger's database. SQLite: WAL, synchronous=FULL, foreign keys, 30 s busy timeout, BEGIN IMMEDIATE for
writes, since a BEGIN that turns into a write later gets "database is locked" at once. PostgreSQL: READ COMMITTED with
row locks, synchronous_commit=on. Every use goes through `read()`, `write()` or `write_at_once()`, where foreign errors
are translated.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.system_reason import system_reason

from .book_time import BookTime, server_clock
from .column_types import UtcMicroseconds
from .database_errors import ConflictError, translate_database_error
from .driver import Prepared
from .engines import (
    BESIDE,
    begin_at_once,
    begin_to_write,
    file_identity,
    leave_beside,
    postgresql_engine,
    sqlite_driver,
    sqlite_engine,
    sqlite_engine_beside,
)
from .server_links import ServerLinks

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY_SECONDS = 30
"""How long a writer waits for another; claims and turns take milliseconds, a planner's batch some ten."""

_TRIES = 3

_DISPATCH_LOCK = "hashtextextended('newsletter dispatch ' || current_schema(), held.id)"
"""A schema is a ledger of its own, with numbers of its own."""

_HOLD_ONE_SHARED = Prepared(
    sa.select(sa.literal_column(f"pg_advisory_xact_lock_shared({_DISPATCH_LOCK})")).select_from(
        sa.select(sa.bindparam("number", type_=sa.BigInteger).label("id")).subquery("held")
    )
)

_Result = TypeVar("_Result")


class Database:
    """An engine and its manners; one per open ledger, used by several threads."""

    def __init__(self, url: URL, *, patience: int = BUSY_SECONDS) -> None:
        """`patience` is in seconds: so long is waited for another's lock."""
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.where = url.set(query={}).render_as_string(hide_password=True)
        self._opened = False
        self._patience = patience
        self._private: sqlite3.Connection | None = None
        self.path = Path(url.database or "")
        self.engine = sqlite_engine(self.path, patience) if self.is_sqlite else postgresql_engine(url, patience)
        self.time = BookTime(self)
        self.links = None if self.is_sqlite else ServerLinks(self.engine, self.where)
        self._driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the book (SQLite) and changes nothing."""
        with self._translated(), self._connected() as connection, connection.begin():
            self._require_file(connection)
            self._opened = True
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """As `read`, of which all questions see the same state of the book, on PostgreSQL too."""
        if self.is_sqlite:
            with self.read() as connection:
                yield connection
            return
        with self._translated(), self._connected() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._opened = True
                yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may change the book; when the block is left, the change is durable.

        SQLite is told by its driver to begin and to commit, which SQLAlchemy makes five times as long.
        """
        with self._translated(), self._connected() as connection:
            driver = sqlite_driver(connection) if self.is_sqlite else None
            begin_to_write(driver, self._patience) if driver else connection.begin()
            self._opened = True
            yield connection
            (driver or connection).commit()
            self._require_file(connection)

    @contextmanager
    def write_at_once(self) -> Iterator[sa.Connection | None]:
        """The same, and any thread may leave it; None where it takes waiting, for another writer or for a server."""
        with self._translated(), self.engine.connect() if self.is_sqlite else nullcontext() as connection:
            if connection is None or not begin_at_once(driver := sqlite_driver(connection)):
                yield None
            else:
                self._opened = True
                yield connection
                driver.commit()
                self._require_file(connection)

    @contextmanager
    def beside(self, private: sqlite3.Connection, *, passing: bool = False) -> Iterator["Database"]:
        """The same book (SQLite), reached from a private database, so that one statement copies from there. Unless one
        is `passing`, it is durable once something is written here, and the private one is closed at the end.
        """
        reached = copy(self)
        reached.engine = sqlite_engine_beside(self.path, private, self._patience, durable=passing)
        reached._private = private  # noqa: SLF001 - of its own class
        try:
            yield reached
        finally:
            leave_beside(private) if passing else reached.close()

    def shorten_log(self) -> None:
        """Take over into the file what its log holds (SQLite), which nobody has to wait for; of `beside` alone."""
        if self._private is not None:
            with self._translated():
                self._private.execute(f"PRAGMA {BESIDE}.wal_checkpoint(PASSIVE)")

    def transact(self, work: Callable[[sa.Connection], _Result]) -> _Result:
        """`work` in a `write`, begun anew where PostgreSQL ended it for another's sake; it may touch only the book."""
        for _ in range(_TRIES - 1):
            with suppress(ConflictError), self.write() as connection:
                return work(connection)
        with self.write() as connection:
            return work(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise translate_database_error(error, where=self.where, opening=not self._opened) from error
        except self._driver_error as error:
            said = DBAPIError(None, None, error)
            raise translate_database_error(said, where=self.where, opening=not self._opened) from error

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection:
            if self.links is not None:
                self.links.require_place(connection)
            yield connection

    def _require_file(self, connection: sa.Connection) -> None:
        """A SQLite file that was deleted or replaced takes commits in silence, and nobody else ever reads them."""
        if self.is_sqlite and connection.info["file"] != file_identity(self.path):
            raise CannotWriteError(phrase("ledger.database.taken_away", where=self.where))

    def place(self) -> str:
        """Which file, or which server on which timeline; empty where this user may not ask."""
        if self.links is not None:
            return self.links.place()
        found = file_identity(self.path)
        return f"inode {found[1]}" if found else ""

    def clock(self, connection: sa.Connection) -> datetime:
        """The time by which leases live: the server's, where several machines share one; else this machine's."""
        if self.is_sqlite:
            return datetime.now(UTC)
        moment: datetime = connection.execute(sa.select(server_clock())).scalar_one()
        return moment

    def shared_clock(self, connection: sa.Connection, now: datetime) -> datetime:
        """The server's clock, where several machines share one; else `now`."""
        return now if self.is_sqlite else self.clock(connection)

    def clock_sql(self) -> sa.ColumnElement[datetime]:
        """The same as an expression."""
        return sa.literal(datetime.now(UTC), UtcMicroseconds) if self.is_sqlite else server_clock()

    def insert_new(self, connection: sa.Connection, table: sa.Table, **row: object) -> bool:
        """Insert a row, or leave the one alone which is there already: False."""
        statement = self.insert(table).values(**row).on_conflict_do_nothing()
        return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1

    def insert_all_new(self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert many rows, and leave those alone which are there already."""
        if rows:  # SQLAlchemy takes no rows for one of defaults
            connection.execute(self.insert(table).on_conflict_do_nothing(), rows)

    def insert(self, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
        """An INSERT that can say what follows where a row is there already."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def serialise(self, connection: sa.Connection, name: str) -> None:
        """Only one transaction at a time goes on from here, for this name. SQLite writes one at a time anyway."""
        if not self.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def hold_shared(self, connection: sa.Connection, dispatches: sa.Select[tuple[int]]) -> None:
        """Until the end of the transaction nobody decides anything about these dispatches: for whoever ends a lease."""
        self._hold(connection, dispatches, "pg_advisory_xact_lock_shared")

    def hold_one_shared(self, connection: sa.Connection, dispatch: int) -> None:
        """The same for one, whose number is known: for turns and claims."""
        if not self.is_sqlite:
            _HOLD_ONE_SHARED.rows(connection, {"number": dispatch})

    def hold_alone(self, connection: sa.Connection, dispatches: sa.Select[tuple[int]]) -> None:
        """From here on nobody is in the middle of a turn or a claim of these: for pause, cancel, revise, a canary.

        Locks are taken in one order everywhere, leases, dispatches (by number), deliveries: no deadlocks.
        """
        self._hold(connection, dispatches, "pg_advisory_xact_lock")

    def _hold(self, connection: sa.Connection, dispatches: sa.Select[tuple[int]], lock: str) -> None:
        """Advisory locks, not row locks: they queue, so whoever wants one alone waits for nobody who comes later.

        FOR SHARE overtakes a waiting FOR UPDATE: behind ten busy processes a `pause` waited 8 seconds for its row.
        """
        if self.is_sqlite:  # one writer at a time, so there is nothing to hold
            return
        only_id = dispatches.with_only_columns(dispatches.selected_columns[0].label("id"))
        held = only_id.distinct().order_by("id").subquery("held")
        connection.execute(sa.select(sa.literal_column(f"{lock}({_DISPATCH_LOCK})")).select_from(held)).all()

    def exists(self) -> bool:
        """False where a SQLite file is missing; a server is asked by connecting."""
        return not self.is_sqlite or self.path.exists()

    def make_file(self) -> None:
        """The SQLite file and its folder, for this user only: it holds everybody's address.

        One that is there is not touched. A process that opens and closes it by itself loses all its locks on it
        (POSIX; SQLite, "How To Corrupt", 2.2): others would then clear the log away that it goes on writing to.
        """
        if not self.is_sqlite:
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            why = system_reason(error)
            raise CannotWriteError(phrase("ledger.database.failed", where=self.where, words=why)) from error

    def close(self) -> None:
        self.engine.dispose()


class LedgerPart:
    """A part of the `Ledger` or of the `PeopleLedger`, each one object: each method is one promise of the book."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> datetime:
        """What time it is, by the clock that all machines of this book go by. CannotWriteError."""
        return self._database.time.now()

    def now_as_known(self) -> datetime:
        """The same, without asking: see `BookTime`."""
        return self._database.time.as_known()

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
