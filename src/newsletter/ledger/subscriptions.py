"""Who subscribed, with what consent, and what they chose. Touches: the ledger's database.

A person is one row of a newsletter, by the keyed hash that the links carry. Who is known by nothing else stands in the
subscriber file, and chose by a link. A newsletter that was renamed has letters out with hashes of either name: a row is
found by each of them, as far as the book knows that they belong together (`suppressions.keep_other_hashes`).
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from .database import Database, LedgerPart
from .newsletters import name_to_write
from .people_tables import consent_texts, subscriptions
from .schema import newsletters, other_hashes
from .subscription_state import SubscriptionState

_BATCH = 1000
_STATES = {state.value: state for state in SubscriptionState}
_SAID = ("name", "language", "tags", "fields", "over_14", "import_id")
"""Columns in which null is: not said. What was said before stays."""
_CONSENT = ("consent_at", "consent_source", "consent_text", "consent_language")

_c, _others = subscriptions.c, other_hashes.c


@dataclass(frozen=True, slots=True)
class Subscription:
    """One person of a newsletter. What is None was not said: the subscriber file's counts; an empty text was said."""

    address_hash: bytes
    key: str = ""
    """Empty, as the address, where only the hash is known."""
    address: str = ""
    state: SubscriptionState = SubscriptionState.CONFIRMED
    name: str | None = None
    language: str | None = None
    tags: frozenset[str] | None = None
    fields: Mapping[str, str] | None = None
    source: str = ""
    consent_at: datetime | None = None
    consent_source: str = ""
    consent_text: str | None = None
    """The digest of the wording, by which `consent_wording` finds it."""
    consent_language: str = ""
    over_14: bool | None = None
    created_at: datetime | None = None
    """Left out for a new one: now."""
    changed_at: datetime | None = None
    import_id: int | None = None
    id: int = 0
    """In the order of coming; 0 for one that is not in the book yet."""


@dataclass(frozen=True, slots=True)
class SubscriptionStamp:
    """Another one where anything was added, changed or erased."""

    count: int
    newest: int
    changed_at: int


class Subscriptions(LedgerPart):
    """Sign-ups, and choices of those who are in the subscriber file."""

    def subscribe(self, newsletter: str, rows: Iterable[Subscription], now: datetime) -> None:
        """As `keep_subscriptions`, in batches of a durable transaction each."""
        coming = iter(rows)
        while batch := list(islice(coming, _BATCH)):
            self._keep(newsletter, batch, now)

    def _keep(self, newsletter: str, batch: Collection[Subscription], now: datetime) -> None:
        self._database.transact(
            lambda connection: keep_subscriptions(self._database, connection, newsletter, batch, now)
        )

    def choose(
        self,
        newsletter: str,
        address_hash: bytes,
        *,
        name: str | None = None,
        language: str | None = None,
        tags: Collection[str] | None = None,
        now: datetime,
    ) -> None:
        """What somebody chose by a link; None leaves as it is. Who has no row stands in the subscriber file."""
        chosen = {"name": name, "language": language, "tags": None if tags is None else _listed(tags)}
        said = {column: value for column, value in chosen.items() if value is not None}

        def write(connection: sa.Connection) -> None:
            called = name_to_write(self._database, connection, newsletter, now)
            row = {"newsletter": called, "address_hash": address_hash, "state": SubscriptionState.CHOSE, **said}
            dated = {"source": "link", "created_at": now, "changed_at": now}
            found = _found(connection, called, [address_hash])
            if found is None and self._database.insert_new(connection, subscriptions, **row, **dated):
                return
            this = _c.id == found.id if found else (_c.newsletter == called) & (_c.address_hash == address_hash)
            connection.execute(sa.update(subscriptions).where(this).values(**said, changed_at=now))

        self._database.transact(write)

    def subscription(self, newsletter: str, hashes: Collection[bytes]) -> Subscription | None:
        """Whoever has one of these hashes: the one with an address, where that and a choice by an old link stand."""
        with self._database.read() as connection:
            return _found(connection, newsletter, hashes)

    def subscriptions_among(self, newsletter: str, hashes: Collection[bytes]) -> list[Subscription]:
        """All rows with one of these hashes, and no others."""
        wanted = sa.select(subscriptions).where(of_newsletter(newsletter), _c.address_hash.in_(list(hashes)))
        with self._database.read() as connection:
            return [subscription_of(row) for row in connection.execute(wanted)]

    def subscription_stamp(self, newsletter: str) -> SubscriptionStamp:
        """What tells whether they are still those that were read."""
        numbers = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.max(_c.id), 0),
            sa.func.coalesce(sa.func.max(sa.type_coerce(_c.changed_at, sa.BigInteger)), 0),
        )
        with self._database.read() as connection:
            return SubscriptionStamp(*connection.execute(numbers.where(of_newsletter(newsletter))).one())

    def consent_text(self, language: str, text: str) -> str:
        """Keep a wording that people agree to, once; its digest."""
        with self._database.write() as connection:
            return keep_consent_text(self._database, connection, language, text)

    def consent_wording(self, digest: str) -> str:
        """The text with that digest; empty where there is none."""
        wanted = sa.select(consent_texts.c.text).where(consent_texts.c.digest == digest)
        with self._database.read() as connection:
            return connection.execute(wanted).scalar() or ""


def keep_subscriptions(
    database: Database, connection: sa.Connection, newsletter: str, rows: Iterable[Subscription], now: datetime
) -> None:
    """Inside a transaction: add these people, or add what they say to the rows they have.

    A confirmed one stays confirmed; of two consents the later stays on record, and what was said before stays where
    nothing is said now.
    """
    name = name_to_write(database, connection, newsletter, now)
    # In one order, so that two processes with the same ones do not wait for each other.
    values = [_row(one, name, now) for one in sorted(rows, key=lambda one: one.address_hash)]
    if values:
        connection.execute(_upsert(database), values)


def keep_consent_text(database: Database, connection: sa.Connection, language: str, text: str) -> str:
    """Inside a transaction: as `Subscriptions.consent_text`."""
    digest = hashlib.sha256(f"{language}\0{text}".encode()).hexdigest()
    database.insert_new(connection, consent_texts, digest=digest, language=language, text=text)
    return digest


def _upsert(database: Database) -> sa.Insert:
    insert = database.insert(subscriptions)
    new = insert.excluded
    is_later = new.consent_at >= sa.func.coalesce(_c.consent_at, new.consent_at)
    confirmed = SubscriptionState.CONFIRMED.value
    return insert.on_conflict_do_update(
        index_elements=[_c.newsletter, _c.address_hash],
        set_={
            "key": new.key,
            "address": sa.case((_c.address == "", new.address), else_=_c.address),
            "state": sa.case((_c.state == confirmed, confirmed), else_=new.state),
            "source": sa.case((is_later | (_c.consent_at.is_(None)), new.source), else_=_c.source),
            "changed_at": new.changed_at,
            **{column: sa.func.coalesce(new[column], _c[column]) for column in _SAID},
            **{column: sa.case((is_later, new[column]), else_=_c[column]) for column in _CONSENT},
        },
    )


def _row(one: Subscription, newsletter: str, now: datetime) -> dict[str, object]:
    fields = None if one.fields is None else json.dumps(dict(one.fields), ensure_ascii=False, sort_keys=True)
    return {
        "newsletter": newsletter,
        "address_hash": one.address_hash,
        "key": one.key,
        "address": one.address,
        "state": one.state,
        "name": one.name,
        "language": one.language,
        "tags": None if one.tags is None else _listed(one.tags),
        "fields": fields,
        "source": one.source,
        "consent_at": one.consent_at,
        "consent_source": one.consent_source,
        "consent_text": one.consent_text,
        "consent_language": one.consent_language,
        "over_14": one.over_14,
        "created_at": one.created_at or now,
        "changed_at": now,
        "import_id": one.import_id,
    }


def _found(connection: sa.Connection, newsletter: str, hashes: Collection[bytes]) -> Subscription | None:
    theirs = sa.select(_others.key).where(_others.address_hash.in_(list(hashes)))
    others = connection.execute(sa.select(_others.address_hash).where(_others.key.in_(theirs))).scalars()
    known = {*hashes, *map(bytes, others)}
    wanted = sa.select(subscriptions).where(of_newsletter(newsletter), _c.address_hash.in_(sorted(known)))
    row = connection.execute(wanted.order_by(_c.key == "", _c.id.desc()).limit(1)).first()
    return None if row is None else subscription_of(row)


def of_newsletter(newsletter: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Under this name, or under the newest where this is a former one."""
    now = sa.select(newsletters.c.now_called).where(newsletters.c.list_id == newsletter).scalar_subquery()
    return _c.newsletter == sa.func.coalesce(now, newsletter)


def subscription_of(row: sa.Row[tuple[Any, ...]]) -> Subscription:
    """What a whole row of the table says."""
    values: tuple[Any, ...] = tuple(row)
    number, _, hash_, key, address, state, name, language, tags, fields = values[:10]
    return Subscription(
        bytes(hash_),
        key,
        address,
        _STATES[state],
        name,
        language,
        None if tags is None else tags_stored(tags),
        None if fields is None else json.loads(fields),
        *(*values[10:], number),
    )


@lru_cache(maxsize=4_096)
def tags_stored(stored: str) -> frozenset[str]:
    """What the column of tags says."""
    return frozenset(json.loads(stored))


def _listed(tags: Collection[str]) -> str:
    return json.dumps(sorted(tags), ensure_ascii=False)
