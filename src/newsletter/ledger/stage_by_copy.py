"""Stage an audience on PostgreSQL by COPY straight into the deliveries. Touches: the ledger's database, a thread.

While the server takes one batch, the next one is made ready: each of the two needs some 20 µs a row. The thread only
hands over what is ready: it waits for the server, and nearly never for Python. Batches need not be durable by
themselves: the commit that makes the plan visible makes all before it so. Nobody waits for a batch, so they are large.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa

from newsletter.audience.judged_rows import COLUMNS

from .database import Database
from .driver import ManyRows, stored_moment
from .leases import Lease, beat, require_lease
from .lots import Filler
from .schema import editions
from .staged_audience import Audience, OtherHashes, require_all
from .states import State
from .suppressions import all_suppressed, keep_other_hashes, suppressed_among

ROWS = 10_000
"""Of a batch, at most."""
_FIRST = 1_000
_OCTETS = 2_000_000
"""Of a batch, about: what the rows before took is what the next are reckoned by."""
_INTO = """COPY deliveries (
    dispatch_id, edition_id, key, address, address_hash, merge, line, state, changed_at, lot_id)
    FROM STDIN (ENCODING 'UTF8')"""
_KEY, _HASH = COLUMNS.index("key"), COLUMNS.index("address_hash")
_BEATS_EACH = 100_000
"""Suppressions that are read between two heartbeats: a second or two."""
_STATES = State.PLANNED.value, State.SUPPRESSED.value
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_COUNT = ManyRows(
    "lots",
    "waiting = lots.waiting + v.waiting, suppressed = lots.suppressed + v.suppressed",
    "lots.id = v.id",
    id="bigint",
    waiting="integer",
    suppressed="integer",
)


JudgedRow = tuple[Any, ...]
"""By COLUMNS."""


class _Copy(Protocol):
    def write(self, data: bytes) -> None: ...


class _Cursor(Protocol):
    rowcount: int

    def copy(self, statement: str) -> AbstractContextManager[_Copy]: ...


class _Driver(Protocol):
    """Of psycopg."""

    def cursor(self) -> AbstractContextManager[_Cursor]: ...


@dataclass(frozen=True)
class _Batch:
    """Rows as COPY reads them, how many they should be, and what each lot gets: waiting, suppressed."""

    text: bytes
    size: int
    lots: list[tuple[int, int, int]]


def stage_by_copy(
    database: Database,
    lease: Lease,
    dispatch: int,
    newsletter: str,
    audience: Audience,
    now: datetime,
    letters: tuple[int, int],
) -> Iterator[int]:
    """As `staging.stage`."""
    edition_of = _editions(database, *letters)
    # Of many rows it is better to have read all who are suppressed, however many: whoever is suppressed after that is
    # found by the claims. Whether few are is asked for each batch.
    is_large = audience.rows.count > ROWS
    if is_large:
        audience.rows.suppress(_suppressed(database, lease, newsletter))
    is_asked = None if is_large else newsletter
    writer = _Writer(database, lease, dispatch, stored_moment(now), edition_of, Filler(dispatch, now), is_asked)
    sent: Future[int] | None = None
    done, size = 0, min(_FIRST, ROWS)
    with ThreadPoolExecutor(1, "copy") as sender:
        while True:
            last, others = audience.further(done, size)
            batch = writer.batch(audience, done, last, others) if last > done else None
            if sent is not None:
                yield sent.result()
            if batch is None:
                return
            sent = sender.submit(_send, database, lease, batch)
            size = min(ROWS, max(1, _OCTETS * (last - done) // max(1, len(batch.text))))
            done = last


def _suppressed(database: Database, lease: Lease, newsletter: str) -> Iterator[tuple[str, bytes]]:
    """All of the newsletter, while the lease is kept."""
    with database.read() as connection:
        for number, one in enumerate(all_suppressed(connection, newsletter)):
            if number % _BEATS_EACH == 0:
                with database.write() as beating:
                    beat(database, beating, lease.id)
            yield one


def _send(database: Database, lease: Lease, batch: _Batch) -> int:
    with database.write() as connection:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        beat(database, connection, lease.id)
        driver = cast(_Driver, connection.connection.driver_connection)
        with driver.cursor() as cursor:
            with cursor.copy(_INTO) as copy:
                copy.write(batch.text)
            copied = cursor.rowcount
        _COUNT.unchanged(connection, batch.lots)
    require_all(copied, batch.size)
    return copied


def _editions(database: Database, whose: int, revision: int) -> dict[str, int]:
    """Their numbers by variant."""
    those = (editions.c.dispatch_id == whose) & (editions.c.revision == revision)
    with database.read() as connection:
        found = connection.execute(sa.select(editions.c.variant, editions.c.id).where(those))
        return {row.variant: row.id for row in found}


@dataclass(frozen=True)
class _Writer:
    """Makes rows into what COPY reads."""

    database: Database
    lease: Lease
    dispatch: int
    moment: int
    edition_of: Mapping[str, int]
    filler: Filler
    is_asked: str | None
    """For which newsletter the ledger is asked who is suppressed; None: the rows know."""

    def batch(self, audience: Audience, after: int, last: int, others: OtherHashes) -> _Batch:
        rows = audience.rows.rows(after, last, others)
        with self.database.write() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            require_lease(self.database, connection, self.lease.id)
            suppressed = self._suppressed(connection, rows, others)
            keep_other_hashes(self.database, connection, others)
            lot_of = self.filler.place(connection, audience.rows.places(after, last))
        counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        lines = []
        for number, key, address, address_hash, variant, merge, line, barred in rows:
            edition = self.edition_of.get(variant)
            if edition is None:
                continue  # it is missed when they are counted
            lot, is_barred = lot_of[number], bool(barred) or key in suppressed
            counts[lot][is_barred] += 1
            who = f"{_escaped(key)}\t{_escaped(address)}\t\\\\x{address_hash.hex()}\t{_escaped(merge)}\t{line}"
            lines.append(f"{self.dispatch}\t{edition}\t{who}\t{_STATES[is_barred]}\t{self.moment}\t{lot}\n")
        text = "".join(lines).encode()
        return _Batch(text, len(rows), [(lot, waiting, barred) for lot, (waiting, barred) in sorted(counts.items())])

    def _suppressed(self, connection: sa.Connection, rows: Sequence[JudgedRow], others: OtherHashes) -> Collection[str]:
        if self.is_asked is None:
            return ()
        key_of = {row[_HASH]: row[_KEY] for row in rows} | {one: key for key, hashes in others for one in hashes}
        return suppressed_among(connection, self.is_asked, [row[_KEY] for row in rows], key_of)


def _escaped(value: str | None) -> str:
    """As COPY reads it in its text format (PostgreSQL's manual, COPY, File Formats)."""
    return r"\N" if value is None else value.translate(_ESCAPED)
