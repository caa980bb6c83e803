"""People of an import, each once, kept until they are taken over. Touches: a file without a name, as `judged_rows`.

Where somebody stands there twice, the first row counts, but for one thing: who left in any of them has left.
They come in the order of their hashes, as the ledger's index has them: of a million it then writes a page at a time,
and not one for each.
"""

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from newsletter.audience.judged_rows import no_room

from .person import ExportedPerson

_TABLES = """CREATE TABLE staged (
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    address_hash BLOB NOT NULL UNIQUE,
    name TEXT,
    language TEXT,
    tags TEXT,
    fields TEXT,
    consent_at INTEGER,
    consent_source TEXT NOT NULL,
    reason TEXT NOT NULL,
    left_at INTEGER
);
CREATE INDEX who_left ON staged (address_hash) WHERE reason <> '';
CREATE TABLE met (
    address_hash BLOB PRIMARY KEY,
    row INTEGER NOT NULL,
    row_changed_at INTEGER NOT NULL
) WITHOUT ROWID;"""
_ADD = """INSERT INTO staged VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, left_at = excluded.left_at, consent_at = NULL
    WHERE staged.reason = '' AND excluded.reason <> ''"""
_ADDED_AT_ONCE = 1000
_CACHE = 16_000
"""KiB; with SQLite's usual 2,000 a row takes 6.4 µs to add, and 4.6 with these."""
_MEET = "INSERT OR REPLACE INTO met SELECT address_hash, ?2, ?3 FROM staged WHERE n = ?1"
_ROWS = """SELECT staged.*, row, row_changed_at FROM staged LEFT JOIN met USING (address_hash)
    WHERE address_hash > ? AND {} ORDER BY address_hash LIMIT ?"""
_WHO_LEFT, _THE_OTHERS = _ROWS.format("reason <> ''"), _ROWS.format("reason = ''")
_STRETCH = """SELECT count(*), max(address_hash) FROM
    (SELECT address_hash FROM staged WHERE address_hash > ? ORDER BY address_hash LIMIT ?)"""
_LEFT_IN = "SELECT count(*) FROM staged WHERE reason <> '' AND address_hash > ? AND address_hash <= ?"
_HAS = "SELECT 1 FROM staged WHERE address_hash = ?"
_REASONS = "SELECT reason, count(*) FROM staged WHERE reason <> '' GROUP BY reason ORDER BY reason"
_WITHOUT_CONSENT = "SELECT count(*) FROM staged WHERE reason = '' AND consent_at IS NULL"
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
    row: int | None = None
    """Number of theirs in the ledger, where it was met and would not change."""
    row_changed_at: int | None = None
    """When that was changed last."""

    @property
    def mark(self) -> str:
        """The key, or the hash in hex: what tells them apart."""
        return self.key or self.address_hash.hex()

    @property
    def said(self) -> tuple[str | None, ...]:
        """What of them may change."""
        return self.name, self.language, self.tags, self.fields


class HashRange(NamedTuple):
    """People whose hashes are greater than `after`, up to `last`."""

    after: bytes
    last: bytes
    staying: int
    """How many of them have not left."""


class StagedPeople:
    """Used by one thread at a time. Raises CannotWriteError (73) where there is no room."""

    def __init__(self, hash_of: Callable[[str], bytes]) -> None:
        self._hash_of = hash_of
        self._connection = sqlite3.connect("", isolation_level=None, uri=True)
        self.close = weakref.finalize(self, self._connection.close)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN")
        self._coming: list[tuple[object, ...]] = []
        self._added = 0

    def add(self, person: ExportedPerson) -> None:
        self._coming.append(
            (
                person.key,
                person.email,
                person.address_hash or self._hash_of(person.key),
                person.name or None,
                person.language or None,
                _as_list(person.tags) if person.tags else None,
                _as_object(person.fields) if person.fields else None,
                _micros(person.consent_at),
                person.consent_source,
                person.reason,
                _micros(person.left_at),
            )
        )
        if len(self._coming) >= _ADDED_AT_ONCE:
            self._rows()

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self._rows().execute("SELECT coalesce(max(n), 0) FROM staged").fetchone()[0])

    @property
    def duplicates(self) -> int:
        """Rows of somebody who was there before."""
        count = self.count
        return self._added - count

    def meet(self, known: Iterable[tuple[int, int, int]]) -> None:
        """Keep of people, by their `n`, that they have a row that would not change: its number, and its last change."""
        self._connection.executemany(_MEET, known)

    def batches(self, size: Callable[[], int]) -> Iterator[list[StagedPerson]]:
        """All of them, those who left first, as many at a time as `size` says."""
        yield from self.who_left(size)
        yield from self._batches(_THE_OTHERS, size)

    def who_left(self, size: Callable[[], int]) -> Iterator[list[StagedPerson]]:
        """Those who left, as many at a time."""
        yield from self._batches(_WHO_LEFT, size)

    def _batches(self, wanted: str, size: Callable[[], int]) -> Iterator[list[StagedPerson]]:
        last = b""
        while batch := [StagedPerson._make(row) for row in self._rows().execute(wanted, (last, size()))]:
            yield batch
            last = batch[-1].address_hash

    def stretches(self, size: Callable[[], int]) -> Iterator["HashRange"]:
        """All of them, as many at a time, for who asks the table itself."""
        last = b""
        while True:
            count, further = self._rows().execute(_STRETCH, (last, size())).fetchone()
            if not count:
                return
            left = self._connection.execute(_LEFT_IN, (last, further)).fetchone()[0]
            if count > left:
                yield HashRange(last, further, count - left)
            last = further

    @property
    def connection(self) -> sqlite3.Connection:
        """With the tables `staged`, of all who came, and `met`; no transaction is open."""
        connection = self._rows()
        if connection.in_transaction:
            connection.execute("COMMIT")
        return connection

    def reasons(self) -> dict[str, int]:
        """How many left, by why."""
        return dict(self._rows().execute(_REASONS).fetchall())

    def without_consent(self) -> int:
        """How many have not left, and have none on record."""
        return int(self._rows().execute(_WITHOUT_CONSENT).fetchone()[0])

    def has(self, address_hash: bytes) -> bool:
        """Whether somebody with this hash was there."""
        return self._rows().execute(_HAS, (address_hash,)).fetchone() is not None

    def _rows(self) -> sqlite3.Connection:
        """Where all that came stand."""
        if self._coming:
            coming, self._coming = self._coming, []
            self._added += len(coming)
            try:
                self._connection.executemany(_ADD, coming)
            except sqlite3.Error as error:
                raise no_room(error) from error
        return self._connection


@lru_cache(maxsize=_REMEMBERED)
def _as_list(tags: frozenset[str]) -> str:
    return _as_json(sorted(tags))


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _as_object(fields: Mapping[str, str]) -> str:
    """What `_as_json` makes of them, in a third of the time."""
    said = ", ".join([f"{_as_json(name)}: {_as_json(fields[name])}" for name in sorted(fields)])
    return f"{{{said}}}"
