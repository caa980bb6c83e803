"""Rows of a subscriber file that were judged good, each address once, kept until they are planned; and who is barred.

Touches: a file without a name. SQLite makes it where `SQLITE_TMPDIR` or `TMPDIR` says, or in /var/tmp, for this user
only, and takes its name away before it writes into it: whatever ends this process, the file is gone with it. Small ones
stay in memory. Limits: the file system there needs as much room as the subscriber file takes, and where many are
planned on PostgreSQL some 100 octets for each who is suppressed.
"""

import os
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from newsletter.catalogue import Verbatim, phrase
from newsletter.errors import CannotWriteError

COLUMNS = ("n", "key", "address", "address_hash", "variant", "merge", "line", "barred")
_TABLE = """CREATE TABLE judged (
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    address TEXT,
    address_hash BLOB NOT NULL,
    variant TEXT NOT NULL,
    merge TEXT,
    line INTEGER NOT NULL,
    barred INTEGER NOT NULL,
    domain TEXT GENERATED ALWAYS AS (substr(key, instr(key, '@') + 1)) VIRTUAL
)"""
_ADD = "INSERT OR IGNORE INTO judged VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
_SIGN = "UPDATE judged SET address_hash = address_hash(key) WHERE n > ? AND n <= ?"
_BARRED = """
    CREATE TABLE barred_keys (key TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE barred_hashes (hash BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE several_hashes (key TEXT, hash BLOB);
"""
_ROWS = """SELECT n, key, address, address_hash, variant, merge, line,
        barred OR key IN barred_keys OR address_hash IN barred_hashes OR key IN (
            SELECT key FROM several_hashes WHERE hash IN barred_hashes)
    FROM judged WHERE n > ? AND n <= ? ORDER BY n"""
_PLACES = "SELECT n, domain, line FROM judged WHERE n > ? AND n <= ? ORDER BY n"
_AT_ONCE = 1_000
_USUAL_FOLDER = "/var/tmp"  # noqa: S108 - SQLite makes the file there, for this user only
_HASH_TO_COME = bytes(16)
_NO_ROOM = {
    sqlite3.SQLITE_FULL: phrase("settings.system.disk_is_full"),
    sqlite3.SQLITE_IOERR: phrase("settings.system.disk_fails"),
    sqlite3.SQLITE_CANTOPEN: phrase("settings.system.is_not_allowed"),
}


class JudgedRows:
    """The table `judged`, in a database of its own.

    `n` counts from 1 in the order of the file, without gaps. `address` is null where it is the key, `merge` as the
    ledger packs it; `barred` is whoever was suppressed when no message could have been made. Used by one thread at a
    time. Raises CannotWriteError (73) where there is no room.
    """

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False, uri=True)
        self.close = weakref.finalize(self, self.connection.close)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(_TABLE + ";" + _BARRED)
        self.connection.execute("BEGIN")
        self.count = 0
        self.duplicates = 0

    def add(
        self,
        key: str,
        address: str,
        variant: str,
        merge: str | None,
        line: int,
        *,
        barred: bool = False,
        address_hash: bytes = _HASH_TO_COME,
    ) -> bool:
        """Keep a row behind the others; False for an address that came before."""
        row = (key, None if address == key else address, address_hash, variant, merge, line, barred)
        try:
            is_first = self.connection.execute(_ADD, row).rowcount == 1
        except sqlite3.Error as error:
            raise no_room(error) from error
        self.count += is_first
        self.duplicates += not is_first
        return is_first

    @property
    def is_open(self) -> bool:
        """Until somebody has taken the rows, or they were given up."""
        return self.close.alive

    def seal(self, hash_of: Callable[[str], bytes]) -> None:
        """No row is added any more by whoever judges; `hash_of` makes the hash of a key for `sign`."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")
        self.connection.create_function("address_hash", 1, hash_of, deterministic=True)

    def sign(self, after: int, last: int) -> None:
        """Give their hashes to the rows behind number `after`, up to `last`."""
        try:
            self.connection.execute(_SIGN, (after, last))
        except sqlite3.Error as error:
            raise no_room(error) from error

    def suppress(self, known: Iterable[tuple[str, bytes]]) -> None:
        """Who is never to be mailed, by key or hash, the other empty, or both: from now on `rows` has them barred."""
        coming = iter(known)
        try:
            self.connection.execute("BEGIN")
            while some := list(islice(coming, _AT_ONCE)):
                keys, hashes = ([(one,) for one in column if one] for column in zip(*some, strict=True))
                self.connection.executemany("INSERT OR IGNORE INTO barred_keys VALUES (?)", keys)
                self.connection.executemany("INSERT OR IGNORE INTO barred_hashes VALUES (?)", hashes)
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise no_room(error) from error

    def rows(self, after: int, last: int, others: Iterable[tuple[str, Sequence[bytes]]] = ()) -> list[tuple[Any, ...]]:
        """The rows behind number `after`, up to `last`, by COLUMNS; `others` are keys that have several hashes."""
        try:
            self.connection.execute("DELETE FROM several_hashes")
            several = ((key, one) for key, hashes in others for one in hashes)
            self.connection.executemany("INSERT INTO several_hashes VALUES (?, ?)", several)
            return self.connection.execute(_ROWS, (after, last)).fetchall()
        except sqlite3.Error as error:
            raise no_room(error) from error

    def places(self, after: int, last: int) -> Iterator[tuple[int, str, int]]:
        """Of the same rows the number, the domain and the line."""
        return iter(self.connection.execute(_PLACES, (after, last)))


def no_room(error: sqlite3.Error) -> CannotWriteError:
    """What to raise where SQLite cannot keep what is put aside."""
    why = _NO_ROOM.get(getattr(error, "sqlite_errorcode", 0) & 0xFF) or Verbatim(str(error))
    folder = os.environ.get("SQLITE_TMPDIR") or os.environ.get("TMPDIR") or _USUAL_FOLDER
    return CannotWriteError(
        phrase("audience.rows.no_room", folder=folder, why=why), hint=phrase("audience.rows.make_room")
    )
