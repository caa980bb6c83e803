"""What a database keeps of rows that are gone, and getting rid of it. Touches: the ledger's database and its file.

SQLite leaves a deleted row in its page, and former versions of pages in its log, until something is written over them.
PostgreSQL leaves it in the table's pages until they are written anew, and in its own log (WAL) until the server clears
that away; back-ups and replicas of either are out of reach from here.
"""

import re
import sqlite3
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from newsletter.catalogue import phrase
from newsletter.errors import RunAgainError

from .database import BUSY_SECONDS, Database
from .database_errors import translate_database_error
from .engines import sqlite_driver

_LONGEST_REWRITE = 1 << 30
"""Octets of the tables of a server: 1 GiB is written anew in half a minute, and nobody sends meanwhile."""
_BLOCK = 1 << 22
_OVERLAP = 1_024
"""Octets; an address has at most 254 characters."""
_PAUSE = 0.1
"""Seconds."""


def overwrite_what_is_deleted(database: Database, connection: sa.Connection) -> None:
    """From here on, what this connection deletes is written over with zeros (SQLite)."""
    if database.is_sqlite:
        sqlite_driver(connection).execute("PRAGMA secure_delete=ON")


def take_over_log(database: Database) -> None:
    """Empty the log into the file (SQLite). RunAgainError (75) while others are in the middle of reading."""
    if not database.is_sqlite:
        return
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        with database.engine.connect() as connection:
            busy, _, _ = _run(database, connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        if time.monotonic() > deadline:
            raise RunAgainError(phrase("ledger.forgetting.log_is_read"), hint=phrase("ledger.forgetting.pause_it"))
        time.sleep(_PAUSE)


def write_anew(database: Database, tables: Collection[str]) -> bool:
    """Write these tables anew, so that no page holds what is not there any more; SQLite writes its whole file anew.

    False where a server's are so large that nobody could send for too long.
    """
    if database.is_sqlite:
        with database.engine.connect() as connection:
            _run(database, connection, f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            _run(database, connection, "VACUUM")
        take_over_log(database)
        return True
    sizes = sa.text(
        "SELECT coalesce(sum(pg_total_relation_size(to_regclass(one))), 0) FROM unnest(CAST(:names AS text[])) AS one"
    )
    with database.read() as connection:
        if connection.execute(sizes, {"names": sorted(tables)}).scalar_one() > _LONGEST_REWRITE:
            return False
    try:
        with database.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in sorted(tables):
                alone.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
    except SQLAlchemyError as error:
        raise translate_database_error(error, where=database.where, opening=False) from error
    return True


def octets_with(database: Database, patterns: Sequence[re.Pattern[bytes]]) -> int | None:
    """How often one of these is found in the file and in its log (SQLite); None for a server, whose files are its own.

    What is found over the border of two blocks is counted once.
    """
    if not database.is_sqlite:
        return None
    with database.engine.connect() as connection:
        _, _, name = sqlite_driver(connection).execute("PRAGMA database_list").fetchone()
    return sum(count_in(path, patterns) for path in (Path(name), Path(f"{name}-wal")) if path.exists())


def count_in(path: Path, patterns: Sequence[re.Pattern[bytes]]) -> int:
    """How often a file of any size holds one of these. Raises OSError."""
    found = 0
    with path.open("rb") as file:
        before = b""
        while block := file.read(_BLOCK):
            text = before + block
            found += sum(match.end() > len(before) for one in patterns for match in one.finditer(text))
            before = text[-_OVERLAP:]
    return found


def _run(database: Database, connection: sa.Connection, statement: str) -> sqlite3.Cursor:
    """By the driver: none of these may stand in a transaction."""
    try:
        return sqlite_driver(connection).execute(statement)
    except sqlite3.Error as error:
        said = DBAPIError(None, None, error)
        raise translate_database_error(said, where=database.where, opening=False) from error
