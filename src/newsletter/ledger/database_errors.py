"""SQLAlchemy's and the drivers' errors in our own words, in one place. Touches: nothing.

Limits: what is neither a full disk, nor a lost or locked database, is a bug (70) and keeps its cause. The words never
carry the statement's parameters (addresses) or the URL's password.
"""

import shlex
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsletter.catalogue import Phrase, Said, Verbatim, phrase
from newsletter.errors import CannotWriteError, NewsletterError, SettingsError

_SQLITE_SAID = {
    sqlite3.SQLITE_NOTADB: phrase("ledger.database.is_no_database"),
    sqlite3.SQLITE_FULL: phrase("settings.system.disk_is_full"),
    sqlite3.SQLITE_BUSY: phrase("ledger.database.is_locked"),
    sqlite3.SQLITE_LOCKED: phrase("ledger.database.is_locked"),
    sqlite3.SQLITE_READONLY: phrase("ledger.database.is_read_only"),
    sqlite3.SQLITE_PERM: phrase("settings.system.is_not_allowed"),
    sqlite3.SQLITE_CANTOPEN: phrase("ledger.database.does_not_open"),
    sqlite3.SQLITE_IOERR: phrase("settings.system.disk_fails"),
    sqlite3.SQLITE_CORRUPT: phrase("ledger.database.is_damaged"),
}
_SQLITE_HINTS = {
    sqlite3.SQLITE_FULL: phrase("ledger.database.disk_full"),
    sqlite3.SQLITE_BUSY: phrase("ledger.database.held"),
    sqlite3.SQLITE_LOCKED: phrase("ledger.database.held"),
    sqlite3.SQLITE_CANTOPEN: phrase("ledger.database.cannot_open"),
    sqlite3.SQLITE_IOERR: phrase("ledger.database.disk_trouble"),
    sqlite3.SQLITE_CORRUPT: phrase("ledger.database.damaged"),
    sqlite3.SQLITE_NOMEM: phrase("ledger.database.no_memory"),
}

_SQLITE_REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_POSTGRESQL_BUSY = "55P03"
"""lock_not_available: what `lock_timeout` raises."""

_POSTGRESQL_AWAY = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
"""The link is lost, or the server shuts down, crashed, starts up, or has left a session that was idle."""

_LINK_ERRORS = {"OperationalError", "InterfaceError"}
"""What psycopg raises, without an SQLSTATE, where there is no server to give one."""

_POSTGRESQL_GONE = ("08", "25006", "53", "55", "57", "58", "XX")
"""SQLSTATE classes (PostgreSQL appendix A): connection, read-only, resources, in use, intervention, system, corrupt."""


class UnreachableError(CannotWriteError):
    """There is no server just now: it refuses, the link to it is lost, it starts up or shuts down. It may come back.

    What was asked last may have been done, and only its answer is lost.
    """


class BusyError(CannotWriteError):
    """Another process has held the database for longer than this one waits."""


class ConflictError(CannotWriteError):
    """PostgreSQL ended a transaction for another's sake: class 40, a deadlock or a serialisation failure."""


def translate_database_error(error: SQLAlchemyError, *, where: str, opening: bool = False) -> NewsletterError:
    """The error of our own tree for what went wrong with the ledger at `where` (a URL without password)."""
    if isinstance(error, PoolTimeoutError):
        return CannotWriteError(phrase("ledger.database.no_connection_free", where=where))
    if not isinstance(error, DBAPIError) or error.orig is None:
        return NewsletterError(phrase("ledger.database.failed", where=where, words=type(error).__name__))
    said = phrase("ledger.database.failed", where=where, words=_words(error.orig))
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(error.orig, said, where=where, opening=opening)
    return _from_postgresql(error, said, opening=opening)


def _words(error: BaseException) -> Said:
    """Ours where they are known, or the first line of the driver's."""
    known = _SQLITE_SAID.get(_code(error)) if isinstance(error, sqlite3.Error) else None
    return known or Verbatim((str(error).strip().splitlines() or [type(error).__name__])[0])


def _code(error: sqlite3.Error) -> int:
    extended: int = getattr(error, "sqlite_errorcode", 0)
    # What it says where a full disk has no room for the index of the write-ahead log.
    return sqlite3.SQLITE_FULL if extended == sqlite3.SQLITE_IOERR_SHMSIZE else extended & 0xFF


def _from_sqlite(error: sqlite3.Error, said: Phrase, *, where: str, opening: bool) -> NewsletterError:
    code = _code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return SettingsError(said, hint=phrase("ledger.database.no_ledger_file"))
    if code in _SQLITE_REFUSED:
        folder = shlex.quote(str(Path(where.partition(":///")[2]).parent))
        return CannotWriteError(said, hint=phrase("ledger.database.read_only", folder=folder))
    if code in _SQLITE_HINTS:
        kind = BusyError if code in _SQLITE_BUSY else CannotWriteError
        return kind(said, hint=_SQLITE_HINTS[code])
    if opening and isinstance(error, sqlite3.OperationalError):
        return CannotWriteError(said)
    return NewsletterError(said)


def _from_postgresql(error: DBAPIError, said: Phrase, *, opening: bool) -> NewsletterError:
    state = getattr(error.orig, "sqlstate", None) or ""
    if opening and not state:
        if "does not exist" in str(error.orig):
            return SettingsError(said, hint=phrase("ledger.database.make_database"))
        return UnreachableError(said, hint=phrase("ledger.database.server_down"))
    if state.startswith("42501"):
        return SettingsError(said, hint=phrase("ledger.database.may_not_create"))
    if state == _POSTGRESQL_BUSY:
        return BusyError(said)
    if state.startswith("40"):
        return ConflictError(said, hint=phrase("ledger.database.conflict"))
    lost = not state and any(kind.__name__ in _LINK_ERRORS for kind in type(error.orig).__mro__)
    if lost or error.connection_invalidated or state.startswith(_POSTGRESQL_AWAY):
        return UnreachableError(said)
    if not state or state.startswith(_POSTGRESQL_GONE):
        return CannotWriteError(said)
    return NewsletterError(said)
