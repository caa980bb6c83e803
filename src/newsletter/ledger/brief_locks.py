"""Locks that are given up where whoever has them is stopped in the middle of a transaction. Touches: the database.

A process that is stopped (SIGSTOP, a debugger, no processor for it) keeps its session with PostgreSQL, and what its
transaction has locked. Who then takes its lease back would wait for the row until its own patience is over and end with
73, and so would everybody who is at it and everybody who comes. So a transaction that locks what others go by tells the
server to end the session once it has had nothing to do for IDLE_SECONDS.

Limits: SQLite has no server; there the one writer who is stopped holds up its own machine, which alone has the book.
"""

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from .database import Database

IDLE_SECONDS = 10
"""Less than anybody waits for a lock (BUSY_SECONDS), more than a process waits for a busy processor between two
statements. One that wakes up later finds its link gone, and asks again."""

BRIEFLY = sa.func.set_config(
    sa.literal_column("'idle_in_transaction_session_timeout'"),
    sa.bindparam("idle", type_=sa.Text),
    sa.literal_column("true"),
)
"""SQL: until the end of the transaction; `idle` is what `idle` says."""


def idle() -> str:
    """How long the server lets such a transaction be idle, as PostgreSQL has it."""
    return f"{IDLE_SECONDS}s"


def hold_briefly(database: "Database", connection: sa.Connection) -> None:
    """What this transaction locks from here on it holds up nobody with, should its process be stopped."""
    if not database.is_sqlite:
        connection.execute(sa.select(BRIEFLY), {"idle": idle()})
