"""Clear away what was staged and never made visible. Touches: the ledger's database."""

import time

import sqlalchemy as sa

from .database import Database
from .schema import VISIBLE, deliveries, dispatches, edition_pictures, editions, leases, lots
from .staging import BATCH, BREATH


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
