"""All that the book knows of one address, and whose addresses a newsletter held at a moment. Touches: the ledger."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.smtp.reply import Reply

from .database import LedgerPart
from .people_tables import sign_ups
from .queries import DELIVERIES, delivery_of
from .records import DeliveryRecord
from .return_tables import returns
from .returns import EventKind
from .schema import VISIBLE, deliveries, dispatches, suppressions
from .states import EVERYWHERE
from .subscriptions import Subscription, tags_stored

_s = suppressions.c
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class PastSuppression:
    """One that holds, or held until somebody lifted it."""

    newsletter: str
    """Its list_id, or EVERYWHERE."""
    reason: str
    at: datetime
    lifted_at: datetime | None
    by_link: bool
    """A link told of it, which knows no address."""


@dataclass(frozen=True, slots=True)
class Received:
    """One issue that was planned for this address."""

    newsletter: str
    slug: str
    planned_at: datetime
    delivery: DeliveryRecord


@dataclass(frozen=True, slots=True)
class PastReturn:
    """Something that came back."""

    newsletter: str
    slug: str
    """Of the letter; empty where that is not known."""
    event: EventKind
    at: datetime
    reply_class: str
    reply: Reply | None
    suppressed: bool
    """It is why the address is not mailed any more."""
    proved: bool
    """By a token or a Message-ID of ours; else somebody only named the address."""


class History(LedgerPart):
    """One address, over all newsletters of the ledger; and whose addresses one of them held."""

    def addresses_mailed_before(self, newsletter: str, moment: datetime) -> Iterator[tuple[str, str]]:
        """Key and address of everybody whom an issue of this newsletter was planned for before; some come again.

        Read in batches: memory does not grow with them. Who was erased is passed over.
        """
        planned = (dispatches.c.newsletter == newsletter, VISIBLE, dispatches.c.planned_at <= moment)
        with self._database.read() as connection:
            issues = connection.execute(sa.select(dispatches.c.id).where(*planned)).scalars().all()
        d = deliveries.c
        for issue in issues:
            wanted = sa.select(d.id, d.key, d.address).where(d.dispatch_id == issue, d.address_hash != b"")
            yield from ((row.key, row.address or row.key) for row in self._in_batches(wanted, d.id))

    def addresses_suppressed_before(self, newsletter: str, moment: datetime) -> Iterator[str]:
        """Keys of those whom a suppression named by address before, lifted or not, and some come again."""
        here = _s.newsletter.in_([newsletter, EVERYWHERE])
        wanted = sa.select(_s.id, _s.key).where(here, _s.key != "", _s.at <= moment)
        yield from (row.key for row in self._in_batches(wanted, _s.id))

    def sign_ups_asked_before(self, newsletter: str, moment: datetime) -> Iterator[Subscription]:
        """Requests that were made before and are neither confirmed nor erased; as what they would become."""
        c = sign_ups.c
        wanted = sa.select(sign_ups).where(c.newsletter == newsletter, c.key != "", c.asked_at <= moment)
        for row in self._in_batches(wanted, c.id):
            tags = None if row.tags is None else tags_stored(row.tags)
            yield Subscription(
                bytes(row.address_hash), row.key, row.address, name=row.name, language=row.language, tags=tags
            )

    def _in_batches(self, wanted: sa.Select[Any], number: sa.ColumnElement[Any]) -> Iterator[sa.Row[Any]]:
        """In the order of the column `id`, which is `number`: memory does not grow with the rows."""
        query = wanted
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(number).limit(_BATCH)).all()
            yield from rows
            if len(rows) < _BATCH:
                return
            query = wanted.where(number > rows[-1].id)

    def suppressions_of(self, key: str, hashes: Collection[bytes]) -> list[PastSuppression]:
        """What suppressed this address, lifted or not, oldest first. `hashes` are those that its links carry."""
        theirs = (_s.key == key) | _s.address_hash.in_([one for one in hashes if one])
        with self._database.read() as connection:
            rows = connection.execute(sa.select(suppressions).where(theirs).order_by(_s.at, _s.id)).all()
        return [PastSuppression(row.newsletter, row.reason, row.at, row.lifted_at, not row.key) for row in rows]

    def returns_of(self, hashes: Collection[bytes]) -> list[PastReturn]:
        """What came back of this address, oldest first."""
        query = (
            sa.select(returns, dispatches.c.slug)
            .join(deliveries, deliveries.c.id == returns.c.delivery_id, isouter=True)
            .join(dispatches, dispatches.c.id == deliveries.c.dispatch_id, isouter=True)
            .where(returns.c.address_hash.in_([one for one in hashes if one]))
            .order_by(returns.c.at, returns.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [
            PastReturn(
                row.newsletter,
                row.slug or "",
                EventKind(row.event),
                row.at,
                row.reply_class,
                Reply("dot", row.reply_code or 0, row.reply_enhanced or "", row.reply_text or "")
                if row.reply_code or row.reply_text
                else None,
                row.suppressed,
                row.delivery_id is not None or row.suppressed,
            )
            for row in rows
        ]

    def received_by(self, key: str) -> list[Received]:
        """What each issue did to this address, the first planned first.

        A look-up an issue: asked for all at once, SQLite reads through the deliveries of everybody.
        """
        issues = sa.select(dispatches).where(VISIBLE).order_by(dispatches.c.planned_at, dispatches.c.id)
        received = []
        with self._database.read() as connection:
            for issue in connection.execute(issues).all():
                its = (deliveries.c.dispatch_id == issue.id) & (deliveries.c.key == key)
                if row := connection.execute(DELIVERIES.where(its)).first():
                    received.append(Received(issue.newsletter, issue.slug, issue.planned_at, delivery_of(row)))
        return received
