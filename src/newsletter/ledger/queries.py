"""Questions to the book: dispatches, counts, who is in which state. Touches: the ledger's database, reading only."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.issue.find import WELCOME
from newsletter.smtp.reply import Reply

from .database import LedgerPart
from .records import DeliveryRecord, DispatchRecord, ReplyCount
from .schema import VISIBLE, deliveries, dispatches, editions, lots
from .seen_state import IS_MARKED, SEEN_STATE, WAITS, is_in, lots_with
from .states import COUNTED, OPEN, DispatchStatus, State

ROWS_AT_ONCE = 1000
"""Deliveries read at a time, so that a long listing keeps no transaction open (SQLite's log would grow)."""


_MANY = 40
"""Lots: 20,000 deliveries at most."""


class Queries(LedgerPart):
    """What there is."""

    def find(self, newsletter: str, slug: str) -> DispatchRecord | None:
        """The dispatch of an issue; None where it was never planned."""
        with self._database.read() as connection:
            return find_dispatch(connection, newsletter, slug)

    def record(self, dispatch: int) -> DispatchRecord:
        """A dispatch by its id: whether it still runs, and if not, why."""
        with self._database.read() as connection:
            return as_record(connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch)).one())

    def unfinished(self, newsletter: str) -> list[DispatchRecord]:
        """Dispatches that are not at an end, paused ones and what is in doubt included; first planned first."""
        still = sa.exists().where(lots.c.dispatch_id == dispatches.c.id, lots_with(OPEN))
        return self._records(_planned_by(newsletter) & still)

    def dispatches(self, newsletter: str) -> list[DispatchRecord]:
        """Every issue that was ever planned, first planned first; not the welcome letter."""
        return self._records(issues_of(newsletter))

    def all_dispatches(self, newsletter: str) -> list[DispatchRecord]:
        """The same, and the welcome letter."""
        return self._records(_planned_by(newsletter))

    def _records(self, condition: sa.ColumnElement[bool]) -> list[DispatchRecord]:
        query = sa.select(dispatches).where(condition).order_by(dispatches.c.planned_at, dispatches.c.id)
        with self._database.read() as connection:
            return [as_record(row) for row in connection.execute(query)]

    def counts(self, dispatch: int) -> dict[State, int]:
        """Deliveries by state, all ten always there; they add up to the dispatch's total."""
        with self._database.read() as connection:
            return count_states(connection, dispatch)

    def next_due(self, dispatch: int) -> datetime | None:
        """When the first of the deferred is due; None where nobody is deferred."""
        query = sa.select(sa.func.min(lots.c.due_at)).where(
            lots.c.dispatch_id == dispatch, lots.c.lease_id.is_(None), lots.c.waiting > 0
        )
        with self._database.read() as connection:
            due: datetime | None = connection.execute(query).scalar()
            return due

    def has_others(self, dispatch: int, domains: Collection[str], *, due_by: datetime | None = None) -> bool:
        """Whether it goes to anybody outside of these domains; with `due_by`, who has not got it and is due by then."""
        of = deliveries.c
        found = [of.dispatch_id == dispatch, *(~in_domain(domain) for domain in domains)]
        if due_by is not None:
            waiting = sa.select(lots.c.id).where(lots.c.dispatch_id == dispatch, lots.c.waiting > 0)
            is_due = (SEEN_STATE == State.DEFERRED) & (of.due_at <= due_by)
            found += [of.lot_id.in_(waiting), is_in((State.PLANNED, State.CLAIMED)) | is_due]
        with self._database.read() as connection:
            return bool(connection.scalar(sa.select(sa.exists().where(*found))))

    def deliveries(
        self, dispatch: int, states: Collection[State] = tuple(State), *, domain: str = "", kind: str = ""
    ) -> Iterator[DeliveryRecord]:
        """Who is in these states, in the order of the subscriber file; memory stays flat.

        With `domain` (A-labels) those in it and under it, with `kind` those whose last reply was of that class, or was
        given it by the rule with that id.
        """
        theirs = sa.select(lots.c.id).where(lots.c.dispatch_id == dispatch, lots_with(states))
        with self._database.read() as connection:
            first = sa.select(dispatches.c.first_delivery).where(dispatches.c.id == dispatch)
            last = connection.execute(first).scalar_one() - 1
            is_many = len(connection.execute(theirs.limit(_MANY)).all()) == _MANY
        # Of many lots, all rows would be sorted anew for each thousand: then the table is read through.
        number, lot = (
            (deliveries.c.id, deliveries.c.lot_id + 0) if is_many else (deliveries.c.id + 0, deliveries.c.lot_id)
        )
        query = DELIVERIES.where(lot.in_(theirs), is_in(states), *_narrowed(domain, kind))
        query = query.order_by(number).limit(ROWS_AT_ONCE)
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(number > last)).all()
            yield from map(delivery_of, rows)
            if len(rows) < ROWS_AT_ONCE:
                return
            last = rows[-1].id

    def delivery(self, dispatch: int, key: str) -> DeliveryRecord | None:
        """What became of one reader; None for whom it was not planned for."""
        with self._database.read() as connection:
            row = connection.execute(
                DELIVERIES.where(deliveries.c.dispatch_id == dispatch, deliveries.c.key == key)
            ).first()
        return None if row is None else delivery_of(row)

    def replies(self, dispatch: int) -> list[ReplyCount]:
        """What the relay said to how many, by class and rule, each with an example; the most frequent first."""
        with self._database.read() as connection:
            kinds = connection.execute(
                sa.select(sa.func.count().label("number"), sa.func.max(deliveries.c.id).label("example"))
                .where(deliveries.c.dispatch_id == dispatch, deliveries.c.reply_class.is_not(None))
                .group_by(deliveries.c.reply_class, deliveries.c.reply_rule)
            ).all()
            rows = connection.execute(DELIVERIES.where(deliveries.c.id.in_([kind.example for kind in kinds])))
            examples = {row.id: delivery_of(row) for row in rows}
        found = [(kind.number, examples[kind.example]) for kind in kinds]
        return [
            ReplyCount(one.reply_class, one.reply_rule, number, one)
            for number, one in sorted(found, key=lambda kind: (-kind[0], kind[1].reply_class, kind[1].reply_rule))
        ]


_ACCEPTED = "accepted"
"""Class and rule of a reply that took a message."""

DELIVERIES = sa.select(deliveries, SEEN_STATE.label("seen"), editions.c.variant, editions.c.revision).join(
    editions, editions.c.id == deliveries.c.edition_id
)
"""Rows for `delivery_of`."""


def _narrowed(domain: str, kind: str) -> Iterator[sa.ColumnElement[bool]]:
    if domain:
        yield in_domain(domain)
    if kind:
        as_class = deliveries.c.reply_class == kind.replace("-", "_")
        yield as_class | (deliveries.c.reply_rule == kind)


def in_domain(domain: str) -> sa.ColumnElement[bool]:
    """SQL: a delivery's address is in this domain, or under it.

    Read row by row: who is left out at the front of the file is looked at again with every claim.
    """
    key = deliveries.c.key
    return key.endswith(f"@{domain}", autoescape=True) | key.endswith(f".{domain}", autoescape=True)


def issues_of(newsletter: str) -> sa.ColumnElement[bool]:
    """SQL: an issue that this newsletter planned; not the welcome letter, which is compared with nothing."""
    return _planned_by(newsletter) & (dispatches.c.slug != WELCOME)


def _planned_by(newsletter: str) -> sa.ColumnElement[bool]:
    return sa.and_(VISIBLE, dispatches.c.newsletter == newsletter)


def find_dispatch(connection: sa.Connection, newsletter: str, slug: str) -> DispatchRecord | None:
    row = connection.execute(sa.select(dispatches).where(_planned_by(newsletter), dispatches.c.slug == slug)).first()
    return None if row is None else as_record(row)


def count_states(connection: sa.Connection, dispatch: int) -> dict[State, int]:
    """As the lots count them, in one statement: on PostgreSQL two would see two states of the book."""
    of = lots.c
    waiting = {
        State.PLANNED: of.lease_id.is_(None) & of.due_at.is_(None),
        State.DEFERRED: of.lease_id.is_(None) & of.due_at.is_not(None),
        State.CLAIMED: of.lease_id.is_not(None),
    }
    # By the few numbers of the lists, and not by the index of the dispatch's million.
    begun = sa.select(sa.func.count()).where(deliveries.c.dispatch_id + 0 == dispatch, IS_MARKED, WAITS)
    row = (
        connection.execute(
            sa.select(
                *(sa.func.sum(sa.case((which, of.waiting), else_=0)).label(state) for state, which in waiting.items()),
                *(sa.func.sum(of[state.value]).label(state) for state in COUNTED),
                begun.scalar_subquery().label(State.IN_FLIGHT),
            ).where(of.dispatch_id == dispatch)
        )
        .mappings()
        .one()
    )
    counts = {state: int(row[state.value] or 0) for state in State}
    counts[State.CLAIMED] -= counts[State.IN_FLIGHT]
    return counts


def rule_of(row: sa.Row[Any]) -> str:
    """What was accepted is kept without its rule, which is always the same; what a person decided has none."""
    rule: str | None = row.reply_rule
    return rule or ("accepted" if row.reply_class == _ACCEPTED else "")


def as_record(row: sa.Row[Any]) -> DispatchRecord:
    return DispatchRecord(
        id=row.id,
        newsletter=row.newsletter,
        slug=row.slug,
        status=DispatchStatus(row.status),
        reason=row.reason,
        planned_at=row.planned_at,
        digest=row.digest,
        total=row.total,
        canary_of=row.canary_of,
        canary_lease=row.canary_lease,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
    )


def delivery_of(row: sa.Row[Any]) -> DeliveryRecord:
    reply = None
    if row.reply_stage is not None:
        # The words are gone where the person was forgotten; the code stays.
        reply = Reply.from_stored(row.reply_stage, row.reply_code, row.reply_enhanced, row.reply_text or "")
    return DeliveryRecord(
        id=row.id,
        address=row.address or row.key,
        key=row.key,
        line=row.line,
        variant=row.variant,
        revision=row.revision,
        state=State(row.seen),
        attempts=row.attempts,
        first_attempt_at=row.trying_since,
        due_at=row.due_at,
        changed_at=row.changed_at,
        reply=reply,
        reply_class=row.reply_class or "",
        reply_rule=rule_of(row),
    )
