"""Behind many rows at once: tell PostgreSQL of them, and clear away what never became visible.

Touches: the ledger's database.
"""

import time

import sqlalchemy as sa

from .database import Database
from .schema import VISIBLE, deliveries, dispatches, edition_pictures, editions, leases, lots
from .staging import BATCH, BREATH

_WORTH_COUNTING = 1_000
"""Rows; of fewer PostgreSQL may think what it likes."""


def count_anew(database: Database, changed: int, *tables: sa.Table) -> None:
    """So many rows of these tables are new: let PostgreSQL look how large they have become.

    By itself it does so a minute later. Until then it takes them for empty, and reads whole indexes for each row: to
    count 2,000 sign-ups beside 2,000 who had left took 18 s before it had looked, and 0.08 s afterwards. Its ways to
    rows, kept for a session, are chosen anew by everybody who is at work already.
    """
    if not database.is_sqlite and changed >= _WORTH_COUNTING:
        names = ", ".join(table.name for table in tables)
        with database.write() as connection:
            connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {names}")


def clear_stale(database: Database) -> None:
    """Clear away what planners left behind whose lease has ended."""
    with database.read() as connection:
        stale = connection.execute(
            sa.select(dispatches.c.id)
            .join(leases, leases.c.id == dispatches.c.staged_by)
            .where(~VISIBLE, leases.c.ended_at.is_not(None))
        ).scalars()
        ids = list(stale)
    for dispatch in ids:
        discard(database, dispatch)


def discard(database: Database, dispatch: int) -> None:
    """Remove a staging dispatch, in batches; nothing where it is visible or gone."""
    staging = sa.select(dispatches.c.id).where(dispatches.c.id == dispatch, ~VISIBLE)
    some = sa.select(deliveries.c.id).where(deliveries.c.dispatch_id.in_(staging)).limit(BATCH)
    while True:
        with database.write() as connection:
            deleted = connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(some))).rowcount
            if not deleted:
                theirs = sa.select(editions.c.id).where(editions.c.dispatch_id.in_(staging))
                connection.execute(sa.delete(edition_pictures).where(edition_pictures.c.edition_id.in_(theirs)))
                connection.execute(sa.delete(editions).where(editions.c.dispatch_id.in_(staging)))
                connection.execute(sa.delete(lots).where(lots.c.dispatch_id.in_(staging)))
                connection.execute(sa.delete(dispatches).where(dispatches.c.id.in_(staging)))
                return
        time.sleep(BREATH)
