"""What came back of an issue: addresses that are bad, and complaints. Touches: the ledger's database, reading only.

Bad at once is what a relay refused; bad later, and a complaint, is what suppressed somebody who had the issue since it
was planned. What a return tells of another issue is counted there. Limits: of which issue somebody complained is only
known from a return; else it is counted for the newest that they got.
"""

import sqlalchemy as sa

from .database import LedgerPart
from .return_tables import returns
from .returns import EventKind
from .schema import deliveries, dispatches, suppressions
from .states import EVERYWHERE, WENT_OUT, State, SuppressionReason

_d, _s, _r = deliveries.c, suppressions.c, returns.c
_BAD_ADDRESS = "bad_address"
"""Class of a reply."""


class Returned(LedgerPart):
    """Numbers for one issue; each is counted only where it could matter, since the first reads all its deliveries."""

    def refused_addresses(self, dispatch: int) -> int:
        """So many addresses did a relay refuse as bad."""
        found = (_d.dispatch_id == dispatch, _d.state == State.FAILED, _d.reply_class == _BAD_ADDRESS)
        return self._count(sa.select(sa.func.count()).where(*found))

    def suppressed_since(self, dispatch: int, reason: SuppressionReason) -> int:
        """So many who have the issue, or may have it, were suppressed for this reason since it was planned."""
        issue = dispatches.c.id == dispatch
        of_issue = sa.select(dispatches.c.newsletter).where(issue).scalar_subquery()
        begun = sa.select(dispatches.c.planned_at).where(issue).scalar_subquery()
        here = _s.newsletter.in_([of_issue, sa.literal(EVERYWHERE)])
        since = (_s.reason == reason, _s.lifted_at.is_(None), _s.at >= begun, here, ~_of_another(dispatch))
        its = sa.exists().where(_d.dispatch_id == dispatch, _d.key == _s.key, _d.state.in_(WENT_OUT))
        by_key = self._count(sa.select(sa.func.count()).where(*since, _s.key != "", its))
        # Told by a link, which knows no address: one pass over the deliveries, where there is any such.
        by_link = sa.select(_s.address_hash).where(*since, _s.key == "")
        if not self._count(sa.select(sa.func.count()).select_from(by_link.subquery())):
            return by_key
        theirs = (_d.dispatch_id == dispatch, _d.address_hash.in_(by_link), _d.state.in_(WENT_OUT))
        return by_key + self._count(sa.select(sa.func.count()).where(*theirs))

    def events(self, dispatch: int) -> dict[EventKind, int]:
        """Of so many deliveries came back what, all kinds always there; the deliveries stay what they are."""
        with self._database.read() as connection:
            return count_events(connection, dispatch)

    def events_by_delivery(self, dispatch: int) -> dict[int, tuple[EventKind, ...]]:
        """What came back of whom: of those few of whom anything did."""
        query = _EVENTS.where(_d.dispatch_id == dispatch).order_by(_r.at, _r.id)
        found: dict[int, list[EventKind]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.delivery_id, []).append(EventKind(row.event))
        return {delivery: tuple(dict.fromkeys(events)) for delivery, events in found.items()}

    def _count(self, query: sa.Select[int]) -> int:
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()


_EVENTS = sa.select(_r.delivery_id, _r.event).join(deliveries, _d.id == _r.delivery_id)


def count_events(connection: sa.Connection, dispatch: int) -> dict[EventKind, int]:
    """As `Returned.events`, inside a transaction."""
    number = sa.func.count(_r.delivery_id.distinct()).label("number")
    query = sa.select(_r.event, number).join(deliveries, _d.id == _r.delivery_id).where(_d.dispatch_id == dispatch)
    rows = connection.execute(query.group_by(_r.event)).all()
    found = {row.event: row.number for row in rows}
    return {kind: found.get(kind.value, 0) for kind in EventKind}


def _of_another(dispatch: int) -> sa.ColumnElement[bool]:
    """SQL: a return that is about another issue is what suppressed this address."""
    told = (_r.suppressed, _r.address_hash == _s.address_hash, sa.func.length(_s.address_hash) > 0)
    another = sa.select(_d.id).where(_d.id == _r.delivery_id, _d.dispatch_id != dispatch).correlate(returns)
    return sa.exists().where(*told, another.exists()).correlate(suppressions)
