"""One process at a time, over all machines of a book, for work that is long and that two need not do at once.

Touches: the ledger's database; with SQLite a lock file beside it.
Limits: it spares work and promises nothing. A server that goes away lets go of the lock while its holder works on;
what must not happen twice is forbidden where it is committed. The lock is the session's: a pooler that gives a session
to somebody else after each transaction is none to keep a ledger behind.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from .database import Database
from .database_errors import translate_database_error
from .lock_file import alone_for_now

_KEY = "hashtextextended('newsletter ' || current_schema() || ' ' || :name, 0)"
"""A schema is a ledger of its own."""
_TAKE = sa.text(f"SELECT pg_try_advisory_lock({_KEY})")
_GIVE_BACK = sa.text(f"SELECT pg_advisory_unlock({_KEY})")


@contextmanager
def one_at_a_time(database: Database, name: str) -> Iterator[bool]:
    """Whether this process is the one, until the block ends. CannotWriteError."""
    if database.is_sqlite:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        with alone_for_now(database.path.with_name(f"{digest}.alone")) as is_alone:
            yield is_alone
        return
    try:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")  # the session's lock, of no transaction
            is_alone = bool(connection.execute(_TAKE, {"name": name}).scalar())
            try:
                yield is_alone
            finally:
                if is_alone:
                    _give_back(connection, name)
    except SQLAlchemyError as error:
        raise translate_database_error(error, where=database.where) from error


def _give_back(connection: sa.Connection, name: str) -> None:
    try:
        connection.execute(_GIVE_BACK, {"name": name})
    except SQLAlchemyError:
        connection.invalidate()  # no session that may hold it goes back to the pool; most likely it is gone already
