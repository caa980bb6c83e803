"""Stage an audience on PostgreSQL by COPY straight into the deliveries. Touches: the ledger's database, a thread.

While the server has one batch, a thread makes the next one ready: each of the two takes some 20 µs a row. Batches need
not be durable by themselves: the commit that makes the plan visible makes all before it so. Nobody waits for a batch,
so they are as large as memory should hold.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa

from newsletter.audience.judged_rows import COLUMNS

from .database import Database
from .driver import ManyRows, stored_moment
from .leases import Lease, beat
from .lots import Filler
from .schema import editions
from .staged_audience import Audience, OtherHashes, require_all
from .states import State
from .suppressions import keep_other_hashes, suppressed_among

ROWS = 5_000
"""Of a batch."""
_INTO = """COPY deliveries (
    dispatch_id, edition_id, key, address, address_hash, merge, line, state, changed_at, lot_id) FROM STDIN"""
_STATES = State.PLANNED.value, State.SUPPRESSED.value
_KEY, _HASH = COLUMNS.index("key"), COLUMNS.index("address_hash")
_COUNT = ManyRows(
    "lots",
    "waiting = lots.waiting + v.waiting, suppressed = lots.suppressed + v.suppressed",
    "lots.id = v.id",
    id="bigint",
    waiting="integer",
    suppressed="integer",
)


class _Copy(Protocol):
    def write_row(self, row: Sequence[object]) -> None: ...


class _Cursor(Protocol):
    rowcount: int

    def copy(self, statement: str) -> AbstractContextManager[_Copy]: ...


class _Driver(Protocol):
    """Of psycopg."""

    def cursor(self) -> AbstractContextManager[_Cursor]: ...


@dataclass(frozen=True)
class _Batch:
    """Rows by COLUMNS, of each its number, domain and line, and the hashes of those who have several."""

    last: int
    rows: list[tuple[Any, ...]]
    places: list[tuple[int, str, int]]
    others: OtherHashes


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
    filler = Filler(dispatch, now)
    with database.read() as connection:
        edition_of = _editions(connection, *letters)
    fixed = dispatch, stored_moment(now)
    done = 0
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(_made, audience, done)
        while (batch := coming.result()).last > done:
            coming = maker.submit(_made, audience, batch.last)
            with database.write() as connection:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                beat(database, connection, lease.id)
                keep_other_hashes(database, connection, batch.others)
                suppressed = _suppressed(connection, newsletter, batch)
                lots = filler.place(connection, batch.places)
                copied = _copy(connection, batch, suppressed, lots, edition_of, fixed)
            require_all(copied, len(batch.rows))
            yield copied
            done = batch.last


def _made(audience: Audience, done: int) -> _Batch:
    last, others = audience.further(done, ROWS)
    return _Batch(last, list(audience.rows.rows(done, last)), list(audience.rows.places(done, last)), others)


def _editions(connection: sa.Connection, whose: int, revision: int) -> dict[str, int]:
    those = (editions.c.dispatch_id == whose) & (editions.c.revision == revision)
    return {
        row.variant: row.id for row in connection.execute(sa.select(editions.c.variant, editions.c.id).where(those))
    }


def _suppressed(connection: sa.Connection, newsletter: str, batch: _Batch) -> set[str]:
    key_of = {row[_HASH]: row[_KEY] for row in batch.rows}
    key_of |= {one: key for key, hashes in batch.others for one in hashes}
    return suppressed_among(connection, newsletter, [row[_KEY] for row in batch.rows], key_of)


def _copy(
    connection: sa.Connection,
    batch: _Batch,
    suppressed: Collection[str],
    lots: Mapping[int, int],
    edition_of: Mapping[str, int],
    fixed: tuple[int, int],
) -> int:
    """How many were copied: all who have an edition."""
    dispatch, moment = fixed
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    driver = cast(_Driver, connection.connection.driver_connection)
    with driver.cursor() as cursor:
        with cursor.copy(_INTO) as copy:
            for number, key, address, address_hash, variant, merge, line, barred in batch.rows:
                edition = edition_of.get(variant)
                if edition is None:
                    continue
                lot, is_barred = lots[number], bool(barred or key in suppressed)
                counts[lot][is_barred] += 1
                state = _STATES[is_barred]
                copy.write_row((dispatch, edition, key, address, address_hash, merge, line, state, moment, lot))
        copied = cursor.rowcount
    _COUNT.unchanged(connection, [(lot, *both) for lot, both in sorted(counts.items())])
    return copied
