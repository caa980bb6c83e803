"""Which database it is and how each is opened, so that its commits are durable and its writes wait for each other.

Touches: the ledger's database.
"""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import cast
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.catalogue import Verbatim, phrase
from newsletter.errors import SettingsError

BESIDE = "ledger"
"""What the book is called beside a private database."""
_LOCK_PAUSE = 0.05
"""Seconds."""

_TRY = 20
"""Milliseconds: SQLite pauses for 1, 2, 5 and 10 of them (sqliteDefaultBusyCallback)."""
_FOR_A_CONNECTION = 5
"""Seconds: one that takes longer is tried anew, which finds a network that is back sooner than waiting does."""
_LINK = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 3, "tcp_keepalives_count": 3, "tcp_user_timeout": 15_000}
"""As PostgreSQL has it, seconds and milliseconds. A cut network says nothing: within 15 seconds both ends notice, so
that a third of a lease (60 s) is left to find the server again, and none of its sessions holds locks for long."""
_PLANNING = {"plan_cache_mode": "force_generic_plan"}
"""A way is chosen once for a statement, not with each turn and claim: a fifth of what a dispatch takes of the server's
processor. Sessions choose anew when a table was counted, which planning an issue does."""
_REMEMBERED = 16_000
"""KiB; with SQLite's usual 2,000 an import of 300,000 takes 17.0 s of the processor, 14.1 with these."""
_BE_SHORT = f"PRAGMA busy_timeout = {_TRY}"


def file_identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None where it is gone."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def database_url(text: str, root: Path) -> URL:
    """The URL of `ledger.url`, a relative SQLite path placed under `root`. SettingsError for what is no ledger's."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError(phrase("ledger.database.no_url"), hint=_EXAMPLES) from error
    if backend == "sqlite" and url.drivername in ("sqlite", "sqlite+pysqlite"):
        if not url.database or url.database == ":memory:" or url.query:
            raise SettingsError(phrase("ledger.database.no_path"), hint=_EXAMPLES)
        return url.set(database=str((root / url.database).absolute()))
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise SettingsError(phrase("ledger.database.unsuitable", driver=url.drivername), hint=_EXAMPLES)


_EXAMPLES = phrase("ledger.database.url_examples")


def sqlite_engine(path: Path, patience: int) -> sa.Engine:
    """WAL, synchronous=FULL, foreign keys; a BEGIN of a write is IMMEDIATE. `patience` in seconds."""
    # mode=rw: a file that is gone is not silently made anew
    url = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": "rw", "uri": "true"})
    engine = sa.create_engine(
        url, connect_args={"timeout": patience}, hide_parameters=True, max_overflow=20, pool_use_lifo=True
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = file_identity(path)
        connection.isolation_level = None  # BEGIN is ours, see below
        _use_wal(connection, patience)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return _begun_as_meant(engine, patience)


def sqlite_engine_beside(path: Path, private: sqlite3.Connection, patience: int, *, durable: bool) -> sa.Engine:
    """The same file as a second database of a connection that has one of its own, which is asked first for a table.

    A commit is there for everybody, and where it is not `durable` at once (synchronous=FULL), it is so with the next
    one of `sqlite_engine`: synchronous=NORMAL. Closing the engine closes the connection.
    """
    engine = sa.create_engine("sqlite://", creator=lambda: private, poolclass=sa.pool.StaticPool, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = file_identity(path)
        connection.execute(f"PRAGMA busy_timeout = {patience * 1000}")
        connection.execute(f"ATTACH ? AS {BESIDE}", (f"file:{quote(str(path))}?mode=rw",))
        connection.execute(f"PRAGMA {BESIDE}.synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA wal_autocheckpoint=0")  # `Database.shorten_log` does it
        connection.execute("PRAGMA foreign_keys=ON")

    return _begun_as_meant(engine, patience)


def leave_beside(private: sqlite3.Connection) -> None:
    """The private database is alone again, where the book was reached at all; else SQLAlchemy has closed it."""
    with suppress(sqlite3.ProgrammingError):
        if _is_beside(private):
            private.execute(f"DETACH {BESIDE}")


def _is_beside(driver: sqlite3.Connection) -> bool:
    return any(name == BESIDE for _, name, _ in driver.execute("PRAGMA database_list"))


def _begun_as_meant(engine: sa.Engine, patience: int) -> sa.Engine:
    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if not (driver := sqlite_driver(connection)).in_transaction:  # else it is a write, and begun
            driver.execute(f"PRAGMA busy_timeout = {patience * 1000}")
            driver.execute("BEGIN")

    return engine


def sqlite_driver(connection: sa.Connection) -> sqlite3.Connection:
    """What is below SQLAlchemy's connection."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def begin_to_write(driver: sqlite3.Connection, patience: float) -> None:
    """SQLite's own waiting comes back each tenth of a second, and loses to a writer who comes back at once: a click
    waited for longer than five seconds. Begun anew each `_TRY`, it stays at pauses of a few milliseconds.

    `patience` in seconds. Who reads after it sets its own; a writer that has begun waits for nobody.
    """
    deadline = time.monotonic() + patience
    driver.execute(_BE_SHORT)
    while not _begin(driver):
        if time.monotonic() > deadline:
            driver.execute("BEGIN IMMEDIATE")  # which says what it is
            return


def remember_more(connection: sa.Connection) -> None:
    """For who writes all over the book: SQLite keeps more of it in memory as long as this connection lives."""
    if connection.dialect.name == "sqlite":
        driver = sqlite_driver(connection)
        driver.execute(f"PRAGMA {BESIDE if _is_beside(driver) else 'main'}.cache_size = -{_REMEMBERED}")


def begin_at_once(driver: sqlite3.Connection) -> bool:
    """False, and nothing is begun, where another writes."""
    driver.execute("PRAGMA busy_timeout = 0")
    return _begin(driver)


def _begin(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise
        return False
    return True


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _use_wal(connection: sqlite3.Connection, patience: int) -> None:
    """Turning WAL on needs the file alone, and SQLite does not wait for that by itself: so we do."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_LOCK_PAUSE)
        else:
            return


def postgresql_engine(url: URL, patience: int) -> sa.Engine:
    """READ COMMITTED, synchronous_commit=on. SettingsError (78) where the driver is missing."""
    try:
        engine = sa.create_engine(
            url,
            connect_args={
                "connect_timeout": min(_FOR_A_CONNECTION, patience),
                **{name.replace("tcp_keep", "keep"): value for name, value in _LINK.items()},
            },
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            max_overflow=20,
            pool_pre_ping=True,
        )
    except ImportError as error:
        raise SettingsError(
            phrase("ledger.database.no_driver"), hint=Verbatim("pip install 'gitletter[postgresql]'")
        ) from error

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        with closing(connection.cursor()) as cursor:
            # Weaker settings lose commits the relay already acted on; stronger ones of the server stay.
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
            )
            cursor.execute(f"SET lock_timeout = '{patience}s'")
            for name, value in {**_LINK, **_PLANNING}.items():  # an older server does not know all of them
                known = "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s"
                cursor.execute(known, (str(value), name))
        connection.commit()

    return engine
