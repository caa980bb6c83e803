"""Hold dispatches still while something is decided about them, or is done because they run. Touches: the database.

Turns and claims share a dispatch; pause, cancel, resume, revise and canaries want it alone. On PostgreSQL these are
advisory locks, not row locks: they queue, so whoever wants it alone waits for those at work and for nobody who comes
later. FOR SHARE overtakes a waiting FOR UPDATE: behind ten busy processes a `pause` waited 8 seconds for its row.
SQLite has one writer at a time, so there is nothing to hold.

Limits: locks are taken in one order everywhere, leases, dispatches (by number), deliveries: no deadlocks.
"""

import sqlalchemy as sa

from .database import Database

_KEY = "hashtextextended('newsletter dispatch ' || current_schema(), held.id)"
"""A schema is a ledger of its own, with numbers of its own."""


def share(database: Database, connection: sa.Connection, numbers: sa.Select[tuple[int]]) -> None:
    """Until the end of the transaction nobody decides anything about these dispatches."""
    _hold(database, connection, numbers, "pg_advisory_xact_lock_shared")


def alone(database: Database, connection: sa.Connection, numbers: sa.Select[tuple[int]]) -> None:
    """From here on nobody else is in the middle of a turn or a claim of these dispatches."""
    _hold(database, connection, numbers, "pg_advisory_xact_lock")


def _hold(database: Database, connection: sa.Connection, numbers: sa.Select[tuple[int]], lock: str) -> None:
    if database.is_sqlite:
        return
    held = numbers.with_only_columns(numbers.selected_columns[0].label("id")).distinct().order_by("id").subquery("held")
    connection.execute(sa.select(sa.literal_column(f"{lock}({_KEY})")).select_from(held)).all()
