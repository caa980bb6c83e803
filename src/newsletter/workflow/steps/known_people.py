"""Everybody that the subscriber file and the ledger know, each once, in a stream; also who must not be mailed.

Touches: the subscriber file, the ledger for reading, a temporary file. Limits: of several reasons of somebody the
weightiest is told.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from itertools import islice

from newsletter.audience.exports.writing import KnownPerson
from newsletter.audience.links import Links
from newsletter.audience.read import read_layout
from newsletter.audience.subscriber import KnownFrom, Subscriber
from newsletter.ledger.driver import kept_moment
from newsletter.ledger.import_verdicts import KnownSuppression
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.ledger.states import LIFTED_BY_SIGN_UP, SuppressionReason
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .keys import links_of
from .people import MailingList
from .people_ledger import open_own_people_ledger

_AT_ONCE = 500
_CSV_COLUMNS = frozenset({"email", "name", "language", "tags", "consent_at", "consent_source"})
_STATUS = {
    KnownFrom.FILE: "file",
    KnownFrom.CHOSE: "file",
    KnownFrom.BOTH: "confirmed",
    KnownFrom.SIGN_UP: "confirmed",
    KnownFrom.UNCONFIRMED: "unconfirmed",
}


class KnownPeople:
    """May be read once at a time."""

    def __init__(self, workspace: Workspace, ledger: PeopleLedger | None) -> None:
        self._newsletter = workspace.settings.newsletter.list_id
        self._csv = workspace.csv if workspace.csv.exists() else None
        self._list = MailingList(self._csv, workspace, lambda: nullcontext(ledger))
        self._ledger = ledger
        self._links: Links = links_of(workspace, create=True)
        self._is_renamed = bool(workspace.settings.newsletter.former_list_ids)

    def field_names(self) -> list[str]:
        """The file's columns in their order, then what only sign-ups have."""
        columns = read_layout(self._csv).columns if self._csv else ()
        names = [name for name in columns if name and name not in _CSV_COLUMNS]
        more = self._ledger.field_names(self._newsletter) if self._ledger else []
        return [*names, *(name for name in more if name not in names)]

    def everybody(self, advance: Advance) -> Iterator[KnownPerson]:
        """Who leaves meanwhile may come a second time, at the end."""
        with _seen() as seen:
            rows = self._list.rows(advance, unconfirmed_too=True)
            good = (row for row in rows if isinstance(row, Subscriber))
            while batch := list(islice(good, _AT_ONCE)):
                yield from self._once(batch, seen)
            yield from self._others(seen)

    def _once(self, batch: Sequence[Subscriber], seen: "_Seen") -> Iterator[KnownPerson]:
        has_left = self._ledger is not None and self._ledger.has_suppressions()
        # The ledger has nobody twice under one name: of its rows only those are noted who must not come as `_others`.
        noted = [row for row in batch if row.line or has_left or self._is_renamed]
        hashes = {row.key: self._links.all_hashes(row.key) for row in noted}
        reasons = self._ledger.suppressions_known(self._newsletter, hashes) if self._ledger and has_left else {}
        for row in batch:
            why = reasons.get(row.key, ())
            if not (row.line or why or self._is_renamed) or seen(hashes[row.key]):
                yield _person(row, why)

    def _others(self, seen: "_Seen") -> Iterator[KnownPerson]:
        """Who is in no list, and must not be mailed."""
        for one in self._ledger.each_suppression(self._newsletter) if self._ledger else ():
            hashes = self._links.all_hashes(one.key) if one.key else (one.address_hash,)
            if seen(hashes):
                yield KnownPerson(
                    one.key, status="left", reason=one.reason, left_at=one.at, address_hash=one.address_hash
                )


@contextmanager
def known_people(workspace: Workspace) -> Iterator[KnownPeople]:
    """Where there is no ledger, those of the file."""
    try:
        ledger = open_own_people_ledger(workspace, Purpose.READ)
    except LedgerMissingError:
        yield KnownPeople(workspace, None)
        return
    with ledger:
        yield KnownPeople(workspace, ledger)


def _person(row: Subscriber, known: Collection[KnownSuppression]) -> KnownPerson:
    holding = (one for one in known if one.lifted_at is None)
    why = max(holding, key=lambda one: _weight(one.reason), default=None) if known else None
    return KnownPerson(
        row.email,
        row.name,
        row.language,
        row.tags,
        row.fields,
        row.consent_at,
        row.consent_source,
        _STATUS[row.origin],
        why.reason if why else "",
        kept_moment(why.at) if why else None,
    )


def _weight(reason: str) -> int:
    return 2 if reason == SuppressionReason.COMPLAINED else int(reason not in LIFTED_BY_SIGN_UP)


_Seen = Callable[[Sequence[bytes]], bool]


@contextmanager
def _seen() -> Iterator[_Seen]:
    """Yield a function that says whether somebody comes for the first time, by any of their hashes; kept on disk."""
    with closing(sqlite3.connect("", isolation_level=None)) as kept:
        kept.execute("PRAGMA synchronous = OFF")
        kept.execute("CREATE TABLE seen (address_hash BLOB PRIMARY KEY) WITHOUT ROWID")
        kept.execute("BEGIN")

        def is_first(hashes: Sequence[bytes]) -> bool:
            added = [kept.execute("INSERT OR IGNORE INTO seen VALUES (?)", (one,)).rowcount for one in hashes]
            return all(added)

        yield is_first
