"""SQLite looks at the ten states one by one, and makes no list of them for each row. Touches: the ledger's tables.

The condition means the same, and nothing that is stored changes. So only its text does, the way that SQLite describes
("Making Other Kinds Of Table Schema Changes"): a new table would be written row by row.
"""

import sqlite3

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATES = (
    "planned",
    "claimed",
    "in_flight",
    "sent",
    "deferred",
    "failed",
    "in_doubt",
    "suppressed",
    "expired",
    "cancelled",
)
_BEFORE = f"state IN {_STATES!r}"
_AFTER = " OR ".join(f"state = {state!r}" for state in _STATES)


_FORBIDDEN = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_AUTH)
"""What a SQLite says that was built to keep its schema from being written."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    try:
        _write(connection)
    except sa.exc.DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _FORBIDDEN:
            raise
        # It goes on with the list.
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _write(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'deliveries'",
        (_BEFORE, _AFTER),
    )
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
