"""SQLAlchemy's and the drivers' errors in our own words, in one place. Touches: nothing.

Limits: what is neither a full disk, nor a lost or locked database, is a bug (70) and keeps its cause. The words never
carry the statement's parameters (addresses) or the URL's password.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsletter.errors import CannotWriteError, NewsletterError, SettingsError

_SQLITE_HINTS = {
    sqlite3.SQLITE_FULL: "The disk is full. Make room and run the command again.",
    sqlite3.SQLITE_BUSY: "Another process has held the ledger for more than 30 seconds.",
    sqlite3.SQLITE_LOCKED: "Another process has held the ledger for more than 30 seconds.",
    sqlite3.SQLITE_READONLY: "The ledger, or the folder it is in, is read-only for this user.",
    sqlite3.SQLITE_PERM: "The ledger, or the folder it is in, is read-only for this user.",
    sqlite3.SQLITE_CANTOPEN: "Is the folder there, and may this user write in it?",
    sqlite3.SQLITE_IOERR: "The disk does not answer as it should.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged. Keep a copy before anything else is tried.",
    sqlite3.SQLITE_NOMEM: "Out of memory.",
}

_POSTGRESQL_GONE = ("08", "25006", "53", "55", "57", "58", "XX")
"""SQLSTATE classes (PostgreSQL appendix A): connection, read-only, resources, in use, intervention, system, corrupt."""


class ConflictError(CannotWriteError):
    """PostgreSQL ended a transaction for another's sake: class 40, a deadlock or a serialisation failure."""


def translate_database_error(error: SQLAlchemyError, *, where: str, opening: bool = False) -> NewsletterError:
    """The error of our own tree for what went wrong with the ledger at `where` (a URL without password)."""
    if isinstance(error, PoolTimeoutError):
        return CannotWriteError(f"ledger {where}: no connection became free in 30 seconds")
    if not isinstance(error, DBAPIError) or error.orig is None:
        return NewsletterError(f"ledger {where}: {type(error).__name__}")
    words = _first_line(error.orig)
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(error.orig, f"ledger {where}: {words}", opening=opening)
    return _from_postgresql(error, f"ledger {where}: {words}", opening=opening)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _from_sqlite(error: sqlite3.Error, words: str, *, opening: bool) -> NewsletterError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return SettingsError(words, hint="`ledger.url` points to a file that is no ledger.")
    if code in _SQLITE_HINTS:
        return CannotWriteError(words, hint=_SQLITE_HINTS[code])
    if opening and isinstance(error, sqlite3.OperationalError):
        return CannotWriteError(words)
    return NewsletterError(words)


def _from_postgresql(error: DBAPIError, words: str, *, opening: bool) -> NewsletterError:
    state = getattr(error.orig, "sqlstate", None) or ""
    if opening and not state:
        if "does not exist" in str(error.orig):
            return SettingsError(words, hint="Make it with `createdb`, or correct `ledger.url`.")
        return CannotWriteError(words, hint="Does the database server run, and does `ledger.url` name it?")
    if state.startswith("42501"):
        return SettingsError(words, hint="The ledger's user needs CREATE on the schema for the first run.")
    if state.startswith("40"):
        return ConflictError(words, hint="Another process was at the same deliveries. Run the command again.")
    if error.connection_invalidated or not state or state.startswith(_POSTGRESQL_GONE):
        return CannotWriteError(words)
    return NewsletterError(words)
