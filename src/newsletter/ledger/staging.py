"""Copy an audience into the book in small batches, which nobody sees. Touches: the ledger's database, a private file.

SQLite copies by itself, from the private file that the rows were judged into: half of what it takes to hand each row
over in Python. PostgreSQL gets them by COPY (`stage_by_copy`). Staged batches need not be durable: the commit that
makes the plan visible makes all before it so. SQLite's book is free between batches, which are as long as they take
some `_HELD` seconds.
"""

import time
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from newsletter.audience.judged_rows import COLUMNS

from .column_types import UtcMicroseconds
from .database import Database
from .engines import sqlite_driver
from .leases import Lease, beat
from .lots import Filler, recount
from .schema import deliveries, editions
from .staged_audience import Audience, Target, require_all
from .states import State
from .suppressions import keep_other_hashes, suppressed_row

BATCH = 1000
"""Rows of the first transaction."""
_LEAST, _MOST = 100, 5_000
_HELD = 0.03
"""Seconds that a batch shall hold the book; so long another writer waits."""
BREATH = 0.01
"""Seconds between batches. SQLite's waiting writers poll; without a gap they meet a locked book again and again."""

_judged = sa.table("judged", *map(sa.column, COLUMNS))
_LOT_OF = "lot_of"
"""For the rows of one batch: which lot, by a row's number."""
_COUNTED = {"preserve_rowcount": True}


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
    into = Target(database, lease, dispatch, newsletter, now, letters or (dispatch, 1))
    if database.is_sqlite:
        return _by_sqlite(into, audience)
    from .stage_by_copy import stage_by_copy  # SQLite does without

    return stage_by_copy(into, audience)


def _by_sqlite(into: Target, audience: Audience) -> Iterator[int]:
    copy = _copy(into.dispatch, into.letters, into.now, suppressed_row(into.newsletter, _judged))
    filler = Filler(into.dispatch, into.now, audience.lot_size)
    done, size = 0, BATCH
    with into.database.beside(audience.rows.connection) as book:
        while True:
            last, others = audience.further(done, size)
            if last == done:
                return
            if done:
                time.sleep(BREATH)
            with book.write() as connection:
                began = time.perf_counter()
                beat(into.database, connection, into.lease.id)
                keep_other_hashes(into.database, connection, others)
                lots_of = filler.place(connection, audience.rows.places(done, last))
                sqlite_driver(connection).create_function(_LOT_OF, 1, lots_of.__getitem__)
                rows = {"after": done, "last": last}
                copied = connection.execute(copy, rows, execution_options=_COUNTED).rowcount
                recount(connection, set(lots_of.values()))
            held = time.perf_counter() - began
            book.shorten_log()
            require_all(copied, last - done)
            yield copied
            size = max(_LEAST, min(_MOST, 2 * size, round(size * _HELD / held)))
            done = last


def _copy(dispatch: int, letters: tuple[int, int], now: datetime, suppressed: sa.ColumnElement[bool]) -> sa.Insert:
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
            sa.Function(_LOT_OF, row.n),
        )
        .join_from(_judged, editions, edition & (editions.c.variant == row.variant))
        .where(row.n > sa.bindparam("after"), row.n <= sa.bindparam("last"))
        .order_by(row.n)
    )
    columns = (
        "dispatch_id", "edition_id", "key", "address", "address_hash", "merge", "line", "state", "changed_at", "lot_id"
    )  # fmt: skip
    return sa.insert(deliveries).from_select(columns, found)
