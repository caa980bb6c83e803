"""What came back, as events of deliveries that stay `sent`, and whom it suppresses. Touches: the ledger's database.

An event and the suppression that follows from it are one durable transaction. A message is known by its fingerprint:
read twice, by one process or two, it is kept once. Whoever is proved by nothing is kept as an event of nobody's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from .column_types import storable_text
from .database import LedgerPart
from .newsletters import name_to_write
from .return_tables import returns
from .schema import suppressions
from .states import EVERYWHERE, SuppressionReason

_r, _s = returns.c, suppressions.c
_HOUR = timedelta(hours=1)
_CAP_LOCK = "newsletter returns"


class EventKind(StrEnum):
    """Of a delivery, as far as somebody told us."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    DELAYED = "delayed"
    MOVED = "moved"
    """The reader has another address now."""
    REPLIED = "replied"
    """A machine did."""


@dataclass(frozen=True, slots=True)
class ReturnEvent:
    """One thing that came back."""

    fingerprint: str
    newsletter: str
    """The list_id of the letter."""
    event: EventKind
    address_hash: bytes = b""
    """As the newsletter's links have it; empty: nobody is named."""
    key: str = ""
    """The normalised address, where it is known."""
    delivery: int | None = None
    reply_class: str = ""
    code: int = 0
    enhanced: str = ""
    text: str = ""
    rule: str = ""
    suppress: SuppressionReason | None = None
    """The address is never to be mailed; not for a full mailbox, which is counted over several issues."""


@dataclass(frozen=True, slots=True)
class KeptReturns:
    """What became of some events."""

    new: Collection[str] = ()
    """Fingerprints of those that were not known before."""
    held: Collection[str] = ()
    """Of those that nothing was written of: too many bounces have suppressed somebody within the hour."""
    suppressed: dict[SuppressionReason, int] = field(default_factory=dict)
    """Addresses that are suppressed since, by reason."""


class Returns(LedgerPart):
    """What came back."""

    def keep_returns(self, events: Sequence[ReturnEvent], per_hour: int, now: datetime) -> KeptReturns:
        """Write those that are new, durably, all together; bounces suppress at most `per_hour` addresses in an hour.

        Who complains or leaves is never held back.
        """

        def write(connection: sa.Connection) -> KeptReturns:
            self._database.serialise(connection, _CAP_LOCK)
            new, held, suppressed = set(), set(), dict.fromkeys(SuppressionReason, 0)
            room = per_hour - _suppressed_since(connection, now - _HOUR)
            for event in events:
                suppresses = self._would_suppress(connection, event)
                limited = suppresses and event.suppress is SuppressionReason.BAD_ADDRESS
                if _is_known(connection, event.fingerprint):
                    continue
                if limited and room <= 0:
                    held.add(event.fingerprint)
                    continue
                if not self._insert_event(connection, event, suppresses, now):
                    continue
                new.add(event.fingerprint)
                room -= limited
                if suppresses and event.suppress:
                    self._suppress(connection, event, now)
                    suppressed[event.suppress] += 1
            return KeptReturns(new, held, {reason: number for reason, number in suppressed.items() if number})

        return self._database.transact(write)

    def known_returns(self, fingerprints: Collection[str]) -> set[str]:
        """Those of them that were read before."""
        found = sa.select(_r.fingerprint).where(_r.fingerprint.in_(list(fingerprints)))
        with self._database.read() as connection:
            return set(connection.execute(found).scalars())

    def _would_suppress(self, connection: sa.Connection, event: ReturnEvent) -> bool:
        """Whether it suppresses anybody who is not."""
        if event.suppress is None or not (event.key or event.address_hash):
            return False
        where = (_s.reason == event.suppress, _s.lifted_at.is_(None), _s.newsletter == _where(event))
        who = [_s.key == event.key] if event.key else [_s.address_hash == event.address_hash]
        found = sa.select(sa.literal(1)).where(*where, *who).limit(1)
        return connection.execute(found).first() is None

    def _insert_event(self, connection: sa.Connection, event: ReturnEvent, suppresses: bool, now: datetime) -> bool:
        return self._database.insert_new(
            connection,
            returns,
            fingerprint=event.fingerprint,
            newsletter=event.newsletter,
            delivery_id=event.delivery,
            address_hash=event.address_hash,
            event=event.event,
            reply_class=event.reply_class,
            reply_code=event.code or None,
            reply_enhanced=storable_text(event.enhanced) or None,
            reply_text=storable_text(event.text) or None,
            reply_rule=event.rule or None,
            suppressed=suppresses,
            at=now,
        )

    def _suppress(self, connection: sa.Connection, event: ReturnEvent, now: datetime) -> None:
        self._database.insert_new(
            connection,
            suppressions,
            newsletter=name_to_write(self._database, connection, _where(event), now),
            reason=event.suppress,
            key=event.key,
            address_hash=event.address_hash,
            at=now,
        )


def _where(event: ReturnEvent) -> str:
    """Bad addresses and complaints hold for every newsletter of the ledger (docs/design.md 4.7)."""
    return event.newsletter if event.suppress is SuppressionReason.UNSUBSCRIBED else EVERYWHERE


def _is_known(connection: sa.Connection, fingerprint: str) -> bool:
    return connection.execute(sa.select(_r.id).where(_r.fingerprint == fingerprint)).first() is not None


def _suppressed_since(connection: sa.Connection, since: datetime) -> int:
    counted = (_r.event == EventKind.BOUNCED, _r.suppressed, _r.at > since)
    return connection.execute(sa.select(sa.func.count()).where(*counted)).scalar_one()
