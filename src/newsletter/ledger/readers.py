"""What a link of a letter may learn and do beside leaving: the way back, and why somebody left. Touches: the database.

Whoever holds a link is known by a keyed hash alone. Of a newsletter that was renamed, all links of one reader count as
one, as far as the book knows that they belong together. Limits: a bad address counts for all newsletters, but is kept
with the hash of the one whose letter was refused; a link of another one knows of it where its reader signed up.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from .database import LedgerPart
from .newsletters import name_to_write
from .people_tables import leave_reasons, subscriptions
from .schema import other_hashes, suppressions
from .states import EVERYWHERE, SuppressionReason
from .subscriptions import of_newsletter
from .suppressions import holds_for

_s, _c, _others = suppressions.c, subscriptions.c, other_hashes.c


LEAVE_REASONS = ("too_often", "not_mine", "no_time", "never_asked", "elsewhere", "other")
"""Why people leave, as they may say it with one click."""


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whose link it is."""

    left: bool = False
    """No mail goes there."""
    may_return: bool = False
    """The person left by a link, and nothing else keeps mail away."""
    language: str = ""
    """Chosen, or given with the sign-up; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader has chosen, or chooses now; None was not said."""

    name: str | None = None
    language: str | None = None
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LeaveReason:
    """Why somebody left: one of LEAVE_REASONS, and the reader's own words."""

    reason: str
    words: str = ""


class LinkHolders(LedgerPart):
    """Those who hold a link."""

    def readers(self, newsletter: str, hashes: Collection[bytes]) -> dict[bytes, LinkHolder]:
        """What is known of these hashes; who is not in it is a subscriber like any other."""
        with self._database.read() as connection:
            return _readers(connection, newsletter, hashes)

    def come_back(self, newsletter: str, hashes: Collection[bytes], now: datetime) -> None:
        """Lift "unsubscribed" of those whom nothing else keeps from getting mail; durable when it returns."""

        def write(connection: sa.Connection) -> None:
            name = name_to_write(self._database, connection, newsletter, now)
            marks = _marks(connection, name, hashes)
            found = _readers(connection, name, hashes)
            back = [marks[one] for one, reader in found.items() if reader.may_return]
            theirs = _is_one_of({two for one in back for two in one.hashes}, {key for one in back for key in one.keys})
            lifted = sa.update(suppressions).where(holds_for(name), theirs, _s.reason == SuppressionReason.UNSUBSCRIBED)
            connection.execute(lifted.values(lifted_at=now))

        self._database.transact(write)

    def keep_leave_reasons(
        self, newsletter: str, reasons: Collection[LeaveReason], *, day: date, now: datetime
    ) -> None:
        """Of who said it nothing is kept, not even the time of day."""

        def write(connection: sa.Connection) -> None:
            name = name_to_write(self._database, connection, newsletter, now)
            rows = [{"newsletter": name, "day": day, "reason": one.reason, "words": one.words} for one in reasons]
            connection.execute(sa.insert(leave_reasons), rows)

        self._database.transact(write)


@dataclass(slots=True)
class _Marks:
    """All that stands for one reader in the book."""

    hashes: set[bytes]
    keys: set[str]
    language: str = ""


def _marks(connection: sa.Connection, newsletter: str, hashes: Collection[bytes]) -> dict[bytes, _Marks]:
    marks = {one: _Marks({one}, set()) for one in hashes}
    mine, theirs = other_hashes.alias("mine"), other_hashes.alias("theirs")
    pairs = (
        sa.select(mine.c.address_hash, mine.c.key, theirs.c.address_hash.label("other"))
        .join(theirs, theirs.c.key == mine.c.key)
        .where(mine.c.address_hash.in_(list(hashes)))
    )
    for row in connection.execute(pairs):
        mark = marks[bytes(row.address_hash)]
        mark.keys.add(row.key)
        mark.hashes.add(bytes(row.other))
    whose: Mapping[bytes, list[_Marks]] = defaultdict(list)
    for mark in marks.values():
        for one in mark.hashes:
            whose[one].append(mark)
    known = sa.select(_c.address_hash, _c.key, _c.language).order_by(_c.changed_at)
    for row in connection.execute(known.where(of_newsletter(newsletter), _c.address_hash.in_(list(whose)))):
        for mark in whose[bytes(row.address_hash)]:
            mark.keys.update({row.key} - {""})
            mark.language = row.language or mark.language
    return marks


def _readers(connection: sa.Connection, newsletter: str, hashes: Collection[bytes]) -> dict[bytes, LinkHolder]:
    marks = _marks(connection, newsletter, hashes)
    all_hashes = {one for mark in marks.values() for one in mark.hashes}
    all_keys = {key for mark in marks.values() for key in mark.keys}
    wanted = sa.select(_s.newsletter, _s.reason, _s.key, _s.address_hash)
    rows = connection.execute(wanted.where(holds_for(newsletter), _is_one_of(all_hashes, all_keys))).all()
    found = {}
    for one, mark in marks.items():
        theirs = [row for row in rows if bytes(row.address_hash) in mark.hashes or row.key in mark.keys]
        only_left = all(row.reason == SuppressionReason.UNSUBSCRIBED and row.newsletter != EVERYWHERE for row in theirs)
        if theirs or mark.language:
            found[one] = LinkHolder(bool(theirs), bool(theirs) and only_left, mark.language)
    return found


def _is_one_of(hashes: Collection[bytes], keys: Collection[str]) -> sa.ColumnElement[bool]:
    return _s.address_hash.in_(sorted(hashes)) | _s.key.in_(sorted(keys))
