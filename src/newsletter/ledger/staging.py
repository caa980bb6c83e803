"""Copy an audience into the book in small batches, which nobody sees. Touches: the ledger's database, a private file.

SQLite copies by itself, from the private file that the rows were judged into: half of what it takes to hand each row
over in Python. PostgreSQL gets them by COPY. Staged batches need not be durable: the commit that makes the plan visible
makes all before it so. SQLite's book is free between batches, which are as long as they take some `_HELD` seconds; a
server keeps nobody waiting for one, and they are as large as they may be.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Protocol, cast

import sqlalchemy as sa

from newsletter.audience.judged_rows import COLUMNS, JudgedRows

from .column_types import UtcMicroseconds
from .database import Database
from .frozen import pack_values
from .leases import Lease, beat
from .lots import Filler, recount
from .schema import deliveries, editions
from .states import PlannedDelivery, State
from .suppressions import keep_other_hashes, suppressed_among, suppressed_row

BATCH = 1000
"""Rows of the first transaction."""
_LEAST, _MOST = 100, 5_000
_HELD = 0.03
"""Seconds that a batch shall hold the book; so long another writer waits."""
BREATH = 0.01
"""Seconds between batches. SQLite's waiting writers poll; without a gap they meet a locked book again and again."""

_judged = sa.table("judged", *map(sa.column, (*COLUMNS, "lot")))
_LOT_OF = "lot_of"
"""Of SQLite, for the rows of one batch: which lot, by a row's number."""
_FOR_THE_COPY = """CREATE TEMPORARY TABLE IF NOT EXISTS judged (n bigint, key text, address text, address_hash bytea,
    variant text, merge text, line integer, barred integer, lot bigint) ON COMMIT DELETE ROWS"""

_KEY, _HASH = COLUMNS.index("key"), COLUMNS.index("address_hash")
_COUNTED = {"preserve_rowcount": True}

OtherHashes = Sequence[tuple[str, Sequence[bytes]]]
"""By key: all hashes of whoever has more than one."""


class Audience:
    """Everybody an issue goes to, and how the links know them.

    `hashes_of` gives of a key today's hash, then those of the newsletter's former names, where it was `renamed`.
    """

    def __init__(self, rows: JudgedRows, hashes_of: Callable[[str], Sequence[bytes]], *, renamed: bool) -> None:
        self.rows = rows
        self._hashes_of = hashes_of
        self._renamed = renamed
        rows.seal(lambda key: hashes_of(key)[0])

    def further(self, after: int, size: int) -> tuple[int, OtherHashes]:
        """Make about `size` rows behind number `after` ready: the number of the last one, and hashes of other names."""
        last = min(after + size, self.rows.count)
        self.rows.sign(after, last)
        keys = [row[1] for row in self.rows.rows(after, last)] if self._renamed else []
        return last, [(key, self._hashes_of(key)) for key in keys]


class ComingDeliveries(Audience):
    """An audience that is read while it is staged, a batch at a time."""

    def __init__(self, coming: Iterable[PlannedDelivery]) -> None:
        super().__init__(JudgedRows(), lambda _key: (b"",), renamed=False)
        self._coming = iter(coming)

    def further(self, after: int, size: int) -> tuple[int, OtherHashes]:
        others: list[tuple[str, Sequence[bytes]]] = []
        while self.rows.count == after and (batch := list(islice(self._coming, size))):
            for row in batch:
                merge = pack_values(row.values, row.address)
                is_first = self.rows.add(
                    row.key, row.address, row.variant, merge, row.line, address_hash=row.address_hash
                )
                if is_first and row.former_hashes:
                    others.append((row.key, (row.address_hash, *row.former_hashes)))
        return self.rows.count, others


def stage(
    database: Database,
    lease: Lease,
    dispatch: int,
    newsletter: str,
    audience: Audience,
    now: datetime,
    letters: tuple[int, int] | None = None,
) -> Iterator[int]:
    """Copy the audience into a staging dispatch; yields how many rows each batch had.

    `letters` are the dispatch whose editions they get, and which revision of them; left out: its own, the first.
    """
    with _reached_from(database, audience.rows) as book:
        suppressed = suppressed_row(newsletter, _judged) if database.is_sqlite else sa.false()
        copy = _copy(database, dispatch, letters or (dispatch, 1), now, suppressed)
        filler = Filler(dispatch, now)
        done, size = 0, BATCH
        while True:
            last, others = audience.further(done, size)
            if last == done:
                return
            if done and database.is_sqlite:
                time.sleep(BREATH)
            with book.write() as connection:
                began = time.perf_counter()
                beat(database, connection, lease.id)
                keep_other_hashes(database, connection, others)
                lots_of = filler.place(connection, audience.rows.places(done, last))
                if database.is_sqlite:
                    _driver(connection).create_function(_LOT_OF, 1, lots_of.__getitem__)
                else:
                    coming = list(audience.rows.rows(done, last))
                    _hand_over(connection, coming, _suppressed(connection, newsletter, coming, others), lots_of)
                rows = {"after": done, "last": last}
                copied = connection.execute(copy, rows, execution_options=_COUNTED).rowcount
                recount(connection, set(lots_of.values()))
            held = time.perf_counter() - began
            book.shorten_log()
            if copied != last - done:
                raise RuntimeError(f"{last - done} rows were to be staged and {copied} were")
            yield copied
            wanted = round(size * _HELD / held) if database.is_sqlite else _MOST
            size = max(_LEAST, min(_MOST, 2 * size, wanted))
            done = last


@contextmanager
def _reached_from(database: Database, rows: JudgedRows) -> Iterator[Database]:
    if not database.is_sqlite:
        yield database
        return
    with database.beside(rows.connection) as book:
        yield book


def _copy(
    database: Database, dispatch: int, letters: tuple[int, int], now: datetime, suppressed: sa.ColumnElement[bool]
) -> sa.Insert:
    """INSERT … SELECT of the rows behind `after`, up to `last`; `suppressed` are those that are not barred already."""
    row, whose, revision = _judged.c, *letters
    edition = (editions.c.dispatch_id == whose) & (editions.c.revision == revision)
    is_suppressed = (row.barred != 0) | suppressed
    found = (
        sa.select(
            sa.literal(dispatch),
            editions.c.id,
            row.key,
            row.address,
            row.address_hash,
            row.merge,
            row.line,
            sa.case((is_suppressed, State.SUPPRESSED.value), else_=State.PLANNED.value),
            sa.literal(now, UtcMicroseconds),
            sa.Function(_LOT_OF, row.n) if database.is_sqlite else row.lot,
        )
        .join_from(_judged, editions, edition & (editions.c.variant == row.variant))
        .where(row.n > sa.bindparam("after"), row.n <= sa.bindparam("last"))
        .order_by(row.n)
    )
    columns = (
        "dispatch_id", "edition_id", "key", "address", "address_hash", "merge", "line", "state", "changed_at", "lot_id"
    )  # fmt: skip
    return sa.insert(deliveries).from_select(columns, found)


class _Copy(Protocol):
    def write_row(self, row: Sequence[object]) -> None: ...


class _Cursor(Protocol):
    def copy(self, statement: str) -> AbstractContextManager[_Copy]: ...


class _Driver(Protocol):
    """Of psycopg, and the last of sqlite3."""

    def cursor(self) -> AbstractContextManager[_Cursor]: ...

    def create_function(self, name: str, values: int, function: Callable[[int], int]) -> object: ...


JudgedRow = tuple[Any, ...]
"""By COLUMNS."""


def _suppressed(connection: sa.Connection, newsletter: str, rows: Sequence[JudgedRow], others: OtherHashes) -> set[str]:
    key_of = {row[_HASH]: row[_KEY] for row in rows} | {one: key for key, hashes in others for one in hashes}
    return suppressed_among(connection, newsletter, [row[_KEY] for row in rows], key_of)


def _hand_over(
    connection: sa.Connection, rows: Sequence[JudgedRow], suppressed: Collection[str], lots_of: Mapping[int, int]
) -> None:
    """Rows as a table of this transaction, of the same name as where they come from; the suppressed are barred, too."""
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    connection.exec_driver_sql(_FOR_THE_COPY)
    columns = ", ".join((*COLUMNS, "lot"))
    with _driver(connection).cursor() as cursor, cursor.copy(f"COPY judged ({columns}) FROM STDIN") as copy:
        for row in rows:
            *known, barred = row
            copy.write_row((*known, int(barred or row[_KEY] in suppressed), lots_of[row[0]]))


def _driver(connection: sa.Connection) -> _Driver:
    return cast(_Driver, connection.connection.driver_connection)
