"""Who asked to be subscribed, and the mail that asks them back. Touches: the ledger's database.

A request is written down with the wording that was agreed to, and mailed once a day for an address at most; whether
somebody is known, has left or has complained makes no difference to who asks. What a yes does is in saying_yes.py.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from .database import LedgerPart
from .newsletters import name_to_write
from .people_tables import sign_ups
from .sign_up_limits import HourlyLimit, count_one, forget_counts
from .states import LIFTED_BY_SIGN_UP
from .subscriptions import keep_consent_text
from .suppressions import is_barred_from

AGAIN_AFTER = timedelta(days=1)
"""One mail that asks, for an address and so long."""
MOST_WAITING = 1000
"""Mails that the relay has not taken; beyond that nobody else is written down."""
WHILE_FULL = timedelta(minutes=5)

_c = sign_ups.c


@dataclass(frozen=True, slots=True)
class SignUp:
    """A request, as it was made."""

    id: str
    address_hash: bytes
    key: str
    address: str
    language: str
    wording: str
    """What was agreed to, word for word."""
    wording_language: str
    source: str
    """form or api."""
    place: str
    """Address of the page, or the origin of a site."""
    name: str | None = None
    tags: frozenset[str] | None = None
    over_14: bool = True


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A mail to be sent that asks."""

    id: str
    key: str
    address: str
    language: str
    place: str
    asked_at: datetime
    tries: int
    """This one counted."""


class SignUps(LedgerPart):
    """Requests, until they are confirmed or too old."""

    def ask(
        self,
        newsletter: str,
        sign_up: SignUp | None,
        limits: Sequence[HourlyLimit],
        now: datetime,
        *,
        hashes: Collection[bytes] = (),
    ) -> timedelta | None:
        """Count a request and write it down, durably; how long to wait where a limit is reached, and nothing is kept.

        `hashes` are all of the address. Without a `sign_up` it is only counted.
        """

        def work(connection: sa.Connection) -> timedelta | None:
            name = name_to_write(self._database, connection, newsletter, now)
            self._database.serialise(connection, f"newsletter sign-ups {name}")
            wait = _full(connection, name) or count_one(self._database, connection, name, limits, now)
            if wait is None and sign_up is not None:
                self._keep_request(connection, name, sign_up, {sign_up.address_hash, *hashes}, now)
            return wait

        return self._database.transact(work)

    def _keep_request(
        self, connection: sa.Connection, newsletter: str, one: SignUp, hashes: Collection[bytes], now: datetime
    ) -> None:
        wording = keep_consent_text(self._database, connection, one.wording_language, one.wording)
        lately = sa.exists().where(
            _c.newsletter == newsletter, _c.address_hash.in_(list(hashes)), _c.asked_at > now - AGAIN_AFTER
        )
        is_known = connection.execute(sa.select(lately)).scalar_one()
        is_barred = is_barred_from(connection, newsletter, one.key, hashes, LIFTED_BY_SIGN_UP)
        if is_known or is_barred:
            return
        connection.execute(
            sa.insert(sign_ups).values(
                id=one.id,
                newsletter=newsletter,
                address_hash=one.address_hash,
                key=one.key,
                address=one.address,
                name=one.name,
                language=one.language,
                tags=None if one.tags is None else json.dumps(sorted(one.tags), ensure_ascii=False),
                source=one.source,
                place=one.place,
                consent_text=wording,
                over_14=one.over_14,
                asked_at=now,
                due_at=now,
            )
        )

    def take_to_mail(self, newsletter: str, now: datetime, *, most: int, until: datetime) -> list[ToAsk]:
        """Mails that are due, oldest first; until then they are nobody else's to send."""

        def work(connection: sa.Connection) -> list[ToAsk]:
            name = name_to_write(self._database, connection, newsletter, now)
            due = (
                sa.select(sign_ups)
                .where(_c.newsletter == name, _c.due_at <= now)
                .order_by(_c.due_at, _c.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(due).all()
            taken = sa.update(sign_ups).where(_c.id.in_([row.id for row in rows]))
            connection.execute(taken.values(due_at=until, tries=_c.tries + 1))
            return [
                ToAsk(row.id, row.key, row.address, row.language, row.place, row.asked_at, row.tries + 1)
                for row in rows
            ]

        return self._database.transact(work)

    def sign_ups_waiting(self, newsletter: str) -> int:
        """How many mails that ask the relay has not taken."""
        with self._database.read() as connection:
            return _waiting(connection, newsletter)

    def sign_up_mailed(self, id_: str, now: datetime) -> None:
        """The relay has taken the mail."""
        self._change(id_, mailed_at=now, due_at=None)

    def put_sign_up_off(self, id_: str, until: datetime | None) -> None:
        """It is tried again then; None: not again."""
        self._change(id_, due_at=until)

    def _change(self, id_: str, **values: object) -> None:
        """Not of one that has come to its end meanwhile."""
        row = (_c.id == id_) & _c.due_at.is_not(None)
        self._database.transact(lambda connection: connection.execute(sa.update(sign_ups).where(row).values(**values)))

    def erase_sign_ups(self, newsletter: str, *, before: datetime, now: datetime) -> int:
        """Take away requests that nobody can confirm any more, and counts that are over; how many requests."""
        old = sa.delete(sign_ups).where(_c.newsletter == newsletter, _c.asked_at < before)

        def work(connection: sa.Connection) -> int:
            forget_counts(connection, newsletter, now)
            return connection.execute(old).rowcount

        return self._database.transact(work)


def _full(connection: sa.Connection, newsletter: str) -> timedelta | None:
    """How long to wait where the relay has not taken the mails of so many."""
    return WHILE_FULL if _waiting(connection, newsletter) >= MOST_WAITING else None


def _waiting(connection: sa.Connection, newsletter: str) -> int:
    count = sa.select(sa.func.count()).where(_c.newsletter == newsletter, _c.due_at.is_not(None))
    return connection.execute(count).scalar_one()
