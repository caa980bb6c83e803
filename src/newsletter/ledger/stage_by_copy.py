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
from typing import Any, Protocol, cast

import sqlalchemy as sa

from newsletter.audience.judged_rows import COLUMNS

from .driver import ManyRows, stored_moment
from .leases import beat, require_lease
from .lots import Filler
from .schema import editions
from .staged_audience import Audience, OtherHashes, Target, require_all
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


def stage_by_copy(into: Target, audience: Audience) -> Iterator[int]:
    """As `staging.stage`."""
    # For many rows all who are suppressed are read once, however many; for a few the ledger is asked with each batch.
    # Whoever is suppressed later is found by the claims.
    asks = audience.rows.count <= ROWS
    if not asks:
        audience.rows.suppress(_suppressed(into))
    writer = _Writer(into, _editions(into), Filler(into.dispatch, into.now, audience.lot_size), asks=asks)
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
            sent = sender.submit(_send, into, batch)
            size = min(ROWS, max(1, _OCTETS * (last - done) // max(1, len(batch.text))))
            done = last


def _suppressed(into: Target) -> Iterator[tuple[str, bytes]]:
    """All of the newsletter, while the lease is kept."""
    with into.database.read() as connection:
        for number, one in enumerate(all_suppressed(connection, into.newsletter)):
            if number % _BEATS_EACH == 0:
                with into.database.write() as beating:
                    beat(into.database, beating, into.lease.id)
            yield one


def _send(into: Target, batch: _Batch) -> int:
    with into.database.write() as connection:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        beat(into.database, connection, into.lease.id)
        driver = cast(_Driver, connection.connection.driver_connection)
        with driver.cursor() as cursor:
            with cursor.copy(_INTO) as copy:
                copy.write(batch.text)
            copied = cursor.rowcount
        _COUNT.unchanged(connection, batch.lots)
    require_all(copied, batch.size)
    return copied


def _editions(into: Target) -> dict[str, int]:
    """Their numbers by variant."""
    whose, revision = into.letters
    those = (editions.c.dispatch_id == whose) & (editions.c.revision == revision)
    with into.database.read() as connection:
        found = connection.execute(sa.select(editions.c.variant, editions.c.id).where(those))
        return {row.variant: row.id for row in found}


@dataclass(frozen=True)
class _Writer:
    """Makes rows into what COPY reads."""

    into: Target
    edition_of: Mapping[str, int]
    filler: Filler
    asks: bool
    """The ledger, who is suppressed; else the rows know."""

    def batch(self, audience: Audience, after: int, last: int, others: OtherHashes) -> _Batch:
        rows = audience.rows.rows(after, last, others)
        with self.into.database.write() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            require_lease(self.into.database, connection, self.into.lease.id)
            suppressed = self._suppressed(connection, rows, others)
            keep_other_hashes(self.into.database, connection, others)
            lot_of = self.filler.place(connection, audience.rows.places(after, last))
        dispatch, moment = self.into.dispatch, stored_moment(self.into.now)
        counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        lines = []
        for number, key, address, address_hash, variant, merge, line, barred in rows:
            edition = self.edition_of.get(variant)
            if edition is None:
                continue  # it is missed when they are counted
            lot, is_barred = lot_of[number], bool(barred) or key in suppressed
            counts[lot][is_barred] += 1
            who = f"{_escaped(key)}\t{_escaped(address)}\t\\\\x{address_hash.hex()}\t{_escaped(merge)}\t{line}"
            lines.append(f"{dispatch}\t{edition}\t{who}\t{_STATES[is_barred]}\t{moment}\t{lot}\n")
        text = "".join(lines).encode()
        return _Batch(text, len(rows), [(lot, waiting, barred) for lot, (waiting, barred) in sorted(counts.items())])

    def _suppressed(self, connection: sa.Connection, rows: Sequence[JudgedRow], others: OtherHashes) -> Collection[str]:
        if not self.asks:
            return ()
        key_of = {row[_HASH]: row[_KEY] for row in rows} | {one: key for key, hashes in others for one in hashes}
        return suppressed_among(connection, self.into.newsletter, [row[_KEY] for row in rows], key_of)


def _escaped(value: str | None) -> str:
    """As COPY reads it in its text format (PostgreSQL's manual, COPY, File Formats)."""
    return r"\N" if value is None else value.translate(_ESCAPED)
