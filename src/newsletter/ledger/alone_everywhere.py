"""One process at a time over all machines, for as long as its connection lives. Touches: the ledger's database.

PostgreSQL forgets whose connection is gone, so nobody waits for a machine that died. A SQLite file is one machine's,
where a lock file does the same (lock_file.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from .database import Database
from .database_errors import translate_database_error

_NAME = "hashtextextended(:name || ' ' || current_schema(), 0)"
"""A schema is a ledger of its own."""
_TRY = sa.text(f"SELECT pg_try_advisory_lock({_NAME})")
_FREE = sa.text(f"SELECT pg_advisory_unlock({_NAME})")


@contextmanager
def held_everywhere(database: Database, name: str) -> Iterator[bool]:
    """False where another connection holds the name; else it is this one's until the block is left."""
    if database.is_sqlite:
        yield True
        return
    try:
        connection = database.engine.connect()
    except SQLAlchemyError as error:
        raise translate_database_error(error, where=database.where, opening=False) from error
    with connection:
        is_ours = connection.scalar(_TRY, {"name": name}) is True
        connection.commit()  # the lock is the session's, and no transaction stays open meanwhile
        try:
            yield is_ours
        finally:
            # A connection that has died holds nothing any more.
            if is_ours and not connection.invalidated:
                connection.execute(_FREE, {"name": name})
                connection.commit()
