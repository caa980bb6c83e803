"""Stage an audience on PostgreSQL by COPY straight into the deliveries. Touches: the ledger's database, a thread.

While the server takes one batch, the next one is made ready: each of the two needs some 20 µs a row. The thread only
hands over what is ready, since each of its answers waits for the interpreter's lock. Batches need not be durable by
themselves: the commit that makes the plan visible makes all before it so. Nobody waits for a batch, so they are as
large as memory should hold.
"""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

import sqlalchemy as sa

from .database import Database
from .driver import ManyRows, stored_moment
from .leases import Lease, beat
from .lots import Filler
from .schema import editions
from .staged_audience import Audience, OtherHashes, require_all
from .states import State
from .suppressions import all_suppressed, keep_other_hashes

ROWS = 10_000
"""Of a batch: some 2 MB."""
_INTO = """COPY deliveries (
    dispatch_id, edition_id, key, address, address_hash, merge, line, state, changed_at, lot_id) FROM STDIN"""
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
    with database.read() as connection:
        # Whoever is suppressed from now on is found by the claims (docs/design.md 4.5, promise 6).
        audience.rows.suppress(all_suppressed(connection, newsletter))
        writer = _Writer(database, connection, dispatch, now, letters)
    sent: Future[int] | None = None
    done = 0
    with ThreadPoolExecutor(1, "copy") as sender:
        while True:
            last, others = audience.further(done, ROWS)
            batch = writer.batch(audience, done, last, others) if last > done else None
            if sent is not None:
                yield sent.result()
            if batch is None:
                return
            sent = sender.submit(_send, database, lease, batch)
            done = last


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


class _Writer:
    """Makes rows into what COPY reads."""

    def __init__(
        self, database: Database, connection: sa.Connection, dispatch: int, now: datetime, letters: tuple[int, int]
    ) -> None:
        self._database = database
        self._dispatch = dispatch
        self._moment = stored_moment(now)
        self._filler = Filler(dispatch, now)
        whose, revision = letters
        those = (editions.c.dispatch_id == whose) & (editions.c.revision == revision)
        found = connection.execute(sa.select(editions.c.variant, editions.c.id).where(those))
        self._edition_of: dict[str, int] = {row.variant: row.id for row in found}

    def batch(self, audience: Audience, after: int, last: int, others: OtherHashes) -> _Batch:
        rows = audience.rows.rows(after, last, others)
        with self._database.write() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            keep_other_hashes(self._database, connection, others)
            lot_of = self._filler.place(connection, audience.rows.places(after, last))
        counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        lines = []
        for number, key, address, address_hash, variant, merge, line, barred in rows:
            edition = self._edition_of.get(variant)
            if edition is None:
                continue  # it is missed when they are counted
            lot, is_barred = lot_of[number], bool(barred)
            counts[lot][is_barred] += 1
            who = f"{_escaped(key)}\t{_escaped(address)}\t\\\\x{address_hash.hex()}\t{_escaped(merge)}\t{line}"
            lines.append(f"{self._dispatch}\t{edition}\t{who}\t{_STATES[is_barred]}\t{self._moment}\t{lot}\n")
        text = "".join(lines).encode()
        return _Batch(text, len(rows), [(lot, waiting, barred) for lot, (waiting, barred) in sorted(counts.items())])


def _escaped(value: str | None) -> str:
    """As COPY reads it in its text format (PostgreSQL's manual, COPY, File Formats)."""
    return r"\N" if value is None else value.translate(_ESCAPED)
