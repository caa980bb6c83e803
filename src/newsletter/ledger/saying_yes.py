"""What a request to be subscribed says to whoever opens its link, and what a yes does. Touches: the ledger's database.

The yes, the subscription with its consent, the lifting of "unsubscribed" and the welcome that is due are one
transaction; of the request nothing but the hash of the address is left then.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from .database import LedgerPart
from .people_tables import consent_texts, sign_ups, subscriptions, welcomes
from .states import LIFTED_BY_SIGN_UP
from .subscription_state import SubscriptionState
from .subscriptions import Subscription, keep_subscriptions
from .suppressions import is_barred_from, lift

_c = sign_ups.c


@dataclass(frozen=True, slots=True)
class Requested:
    """What a request says, for whoever opens its link."""

    language: str
    name: str | None
    tags: frozenset[str]
    wording: str
    wording_language: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a yes did."""

    key: str
    """Empty where the person was forgotten since."""
    language: str
    barred: bool
    """Nothing is sent all the same: they complained once, or their address takes no mail."""


class SayingYes(LedgerPart):
    """Of requests that were mailed."""

    def requested(self, id_: str, *, since: datetime) -> Requested | None:
        """A request made after `since`; None where there is none, or none any more."""
        found = (
            sa.select(sign_ups, consent_texts.c.text, consent_texts.c.language.label("written_in"))
            .join(consent_texts)
            .where(_c.id == id_, _c.asked_at >= since)
        )
        with self._database.read() as connection:
            row = connection.execute(found).first()
        if row is None:
            return None
        return Requested(
            language=row.language,
            name=row.name,
            tags=frozenset(json.loads(row.tags or "[]")),
            wording=row.text,
            wording_language=row.written_in,
            confirmed=row.confirmed_at is not None,
        )

    def confirm(
        self, id_: str, *, since: datetime, now: datetime, hashes_of: Callable[[str], Collection[bytes]]
    ) -> Confirmed | None:
        """The yes to a request made after `since`, each time with the same answer; None where there is none.

        `hashes_of` gives all hashes of a key; the first is today's.
        """

        def work(connection: sa.Connection) -> Confirmed | None:
            wanted = sa.select(sign_ups).where(_c.id == id_, _c.asked_at >= since).with_for_update()
            row = connection.execute(wanted).first()
            if row is None:
                return None
            if row.confirmed_at is None:
                return self._say_yes(connection, row, tuple(hashes_of(row.key)), now)
            return _said_before(connection, row)

        return self._database.transact(work)

    def _say_yes(
        self, connection: sa.Connection, row: sa.Row[tuple[object, ...]], hashes: tuple[bytes, ...], now: datetime
    ) -> Confirmed:
        keep_subscriptions(self._database, connection, row.newsletter, [_subscription(connection, row, now)], now)
        lift(connection, row.newsletter, row.key, hashes, LIFTED_BY_SIGN_UP, now)
        welcome = {"newsletter": row.newsletter, "address_hash": row.address_hash, "since": now}
        self._database.insert_new(connection, welcomes, **welcome)
        erased = {"key": "", "address": "", "name": None, "tags": None}
        connection.execute(sa.update(sign_ups).where(_c.id == row.id).values(confirmed_at=now, due_at=None, **erased))
        barred = is_barred_from(connection, row.newsletter, row.key, hashes, LIFTED_BY_SIGN_UP)
        return Confirmed(row.key, row.language, barred)


def _subscription(connection: sa.Connection, row: sa.Row[tuple[object, ...]], now: datetime) -> Subscription:
    language = sa.select(consent_texts.c.language).where(consent_texts.c.digest == row.consent_text)
    return Subscription(
        address_hash=bytes(row.address_hash),
        key=row.key,
        address=row.address,
        state=SubscriptionState.CONFIRMED,
        name=row.name,
        language=row.language,
        tags=None if row.tags is None else frozenset(json.loads(row.tags)),
        source=row.source,
        consent_at=now,
        consent_source=row.place,
        consent_text=row.consent_text,
        consent_language=connection.execute(language).scalar_one(),
        over_14=row.over_14,
        created_at=row.asked_at,  # since then the address is in the book
    )


def _said_before(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Confirmed:
    """To who presses the button once more; the request knows the hash alone by now."""
    person = (subscriptions.c.newsletter == row.newsletter) & (subscriptions.c.address_hash == row.address_hash)
    key = connection.execute(sa.select(subscriptions.c.key).where(person)).scalar() or ""
    return Confirmed(
        key, row.language, is_barred_from(connection, row.newsletter, key, [bytes(row.address_hash)], LIFTED_BY_SIGN_UP)
    )
