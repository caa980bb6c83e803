"""People of an import, each once, kept until they are taken over. Touches: a file without a name, as `judged_rows`.

Where somebody stands there twice, the first row counts, but for one thing: who left in any of them has left.
"""

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from newsletter.audience.judged_rows import no_room

from .person import ExportedPerson

_TABLE = """CREATE TABLE staged (
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    address_hash BLOB NOT NULL,
    name TEXT,
    language TEXT,
    tags TEXT,
    fields TEXT,
    consent_at INTEGER,
    consent_source TEXT NOT NULL,
    reason TEXT NOT NULL,
    left_at INTEGER
)"""
_ADD = "INSERT OR IGNORE INTO staged VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LEAVES = "UPDATE staged SET reason = ?, left_at = ?, consent_at = NULL WHERE key = ? AND reason = ''"
_ROWS = "SELECT * FROM staged WHERE n > ? AND (reason <> '') = ? ORDER BY n LIMIT ?"
_REASONS = "SELECT reason, count(*) FROM staged WHERE reason <> '' GROUP BY reason ORDER BY reason"
_WITHOUT_CONSENT = "SELECT count(*) FROM staged WHERE reason = '' AND consent_at IS NULL"
_HASH_ALONE = "#"
"""Before the hash of somebody whose address nobody knows, in place of a key: no address begins so without an `@`."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 4_096
"""Sets of tags, which most share with many."""
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # `json.dumps` makes one anew for each
_MICROSECOND = timedelta(microseconds=1)


class StagedPerson(NamedTuple):
    """As they are to be kept: texts that were not said are None, tags and fields JSON, moments microseconds."""

    n: int
    key: str
    """Empty where only the hash is known."""
    address: str
    address_hash: bytes
    name: str | None
    language: str | None
    tags: str | None
    fields: str | None
    consent_at: int | None
    consent_source: str
    reason: str
    left_at: int | None


class StagedPeople:
    """Used by one thread at a time. Raises CannotWriteError (73) where there is no room."""

    def __init__(self, hash_of: Callable[[str], bytes]) -> None:
        self._hash_of = hash_of
        self._connection = sqlite3.connect("", isolation_level=None)
        self.close = weakref.finalize(self, self._connection.close)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_TABLE)
        self._connection.execute("BEGIN")
        self.count = 0
        self.duplicates = 0

    def add(self, person: ExportedPerson) -> None:
        key = person.key or f"{_HASH_ALONE}{person.address_hash.hex()}"
        row = (
            key,
            person.email,
            person.address_hash or self._hash_of(key),
            person.name or None,
            person.language or None,
            _as_list(person.tags) if person.tags else None,
            _as_json(person.fields) if person.fields else None,
            _micros(person.consent_at),
            person.consent_source,
            person.reason,
            _micros(person.left_at),
        )
        try:
            is_first = self._connection.execute(_ADD, row).rowcount == 1
            if not is_first and person.reason:
                self._connection.execute(_LEAVES, (person.reason, _micros(person.left_at), key))
        except sqlite3.Error as error:
            raise no_room(error) from error
        self.count += is_first
        self.duplicates += not is_first

    def batches(self, size: Callable[[], int]) -> Iterator[list[StagedPerson]]:
        """All of them, those who left first, as many at a time as `size` says."""
        for leaving in (True, False):
            last = 0
            while batch := [_person(row) for row in self._connection.execute(_ROWS, (last, leaving, size()))]:
                yield batch
                last = batch[-1].n

    def reasons(self) -> dict[str, int]:
        """How many left, by why."""
        return dict(self._connection.execute(_REASONS).fetchall())

    def without_consent(self) -> int:
        """How many have not left, and have none on record."""
        return int(self._connection.execute(_WITHOUT_CONSENT).fetchone()[0])

    def has(self, key: str) -> bool:
        """Whether somebody with this key was there."""
        return self._connection.execute("SELECT 1 FROM staged WHERE key = ?", (key,)).fetchone() is not None


def _person(row: tuple[object, ...]) -> StagedPerson:
    person = StagedPerson._make(row)
    return person._replace(key="") if person.key.startswith(_HASH_ALONE) and not person.address else person


@lru_cache(maxsize=_REMEMBERED)
def _as_list(tags: frozenset[str]) -> str:
    return _as_json(sorted(tags))


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND
