"""Questions to the book: dispatches, counts, who is in which state. Touches: the ledger's database, reading only."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.smtp.reply import Reply

from .database import Database
from .records import DeliveryRecord, DispatchRecord, ReplyCount
from .schema import VISIBLE, deliveries, dispatches, editions
from .states import HELD, OPEN, DispatchStatus, State

PAGE = 1000
"""Deliveries read at a time, so that a long listing keeps no transaction open (SQLite's log would grow)."""


def find(connection: sa.Connection, newsletter: str, slug: str) -> DispatchRecord | None:
    row = connection.execute(
        sa.select(dispatches).where(dispatches.c.newsletter == newsletter, dispatches.c.slug == slug, VISIBLE)
    ).first()
    return None if row is None else _record(row)


def record(connection: sa.Connection, dispatch: int) -> DispatchRecord:
    return _record(connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch)).one())


def dispatches_of(connection: sa.Connection, newsletter: str) -> list[DispatchRecord]:
    """Everything that was ever planned, first planned first."""
    rows = connection.execute(
        sa.select(dispatches)
        .where(dispatches.c.newsletter == newsletter, VISIBLE)
        .order_by(dispatches.c.planned_at, dispatches.c.id)
    )
    return [_record(row) for row in rows]


def unfinished(connection: sa.Connection, newsletter: str) -> list[DispatchRecord]:
    """Dispatches that are not at an end, paused ones and what is in doubt included; first planned first."""
    still = sa.exists().where(deliveries.c.dispatch_id == dispatches.c.id, deliveries.c.state.in_(OPEN))
    rows = connection.execute(
        sa.select(dispatches)
        .where(dispatches.c.newsletter == newsletter, VISIBLE, still)
        .order_by(dispatches.c.planned_at, dispatches.c.id)
    )
    return [_record(row) for row in rows]


def counts(connection: sa.Connection, dispatch: int) -> dict[State, int]:
    """Deliveries by state, all ten always there; they add up to the total."""
    rows = connection.execute(
        sa.select(deliveries.c.state, sa.func.count())
        .where(deliveries.c.dispatch_id == dispatch)
        .group_by(deliveries.c.state)
    )
    found = {State(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in State}


def held_by_others(connection: sa.Connection, dispatch: int, lease: int) -> int:
    return connection.execute(
        sa.select(sa.func.count()).where(
            deliveries.c.dispatch_id == dispatch,
            deliveries.c.state.in_(HELD),
            deliveries.c.lease_id != lease,
        )
    ).scalar_one()


def next_due(connection: sa.Connection, dispatch: int) -> datetime | None:
    """When the first of the deferred is due; None where nobody is deferred."""
    due: datetime | None = connection.execute(
        sa.select(sa.func.min(deliveries.c.due_at)).where(
            deliveries.c.dispatch_id == dispatch, deliveries.c.state == State.DEFERRED
        )
    ).scalar()
    return due


def listed(database: Database, dispatch: int, states: Collection[State]) -> Iterator[DeliveryRecord]:
    """Deliveries in these states, in the order of the subscriber file, a page at a time."""
    last = 0
    while True:
        query = (
            sa.select(deliveries, editions.c.variant, editions.c.revision)
            .join(editions, editions.c.id == deliveries.c.edition_id)
            .where(deliveries.c.dispatch_id == dispatch, deliveries.c.state.in_(list(states)), deliveries.c.id > last)
            .order_by(deliveries.c.id)
            .limit(PAGE)
        )
        with database.read() as connection:
            rows = connection.execute(query).all()
        yield from map(_delivery, rows)
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def replies(connection: sa.Connection, dispatch: int) -> list[ReplyCount]:
    """The kinds of reply that its deliveries had last, the most frequent first."""
    kinds = connection.execute(
        sa.select(sa.func.count().label("number"), sa.func.max(deliveries.c.id).label("example"))
        .where(deliveries.c.dispatch_id == dispatch, deliveries.c.reply_class.is_not(None))
        .group_by(deliveries.c.reply_class, deliveries.c.reply_rule)
    ).all()
    examples = {
        row.id: _delivery(row)
        for row in connection.execute(
            sa.select(deliveries, editions.c.variant, editions.c.revision)
            .join(editions, editions.c.id == deliveries.c.edition_id)
            .where(deliveries.c.id.in_([kind.example for kind in kinds]))
        )
    }
    found = [(kind.number, examples[kind.example]) for kind in kinds]
    return [
        ReplyCount(one.reply_class, one.reply_rule, number, one)
        for number, one in sorted(found, key=lambda kind: (-kind[0], kind[1].reply_class, kind[1].reply_rule))
    ]


def _rule(row: sa.Row[Any]) -> str:
    """What was accepted is kept without its rule, which is always the same."""
    rule: str | None = row.reply_rule
    return rule or ("accepted" if row.state == State.SENT and row.reply_class else "")


def _record(row: sa.Row[Any]) -> DispatchRecord:
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
    )


def _delivery(row: sa.Row[Any]) -> DeliveryRecord:
    reply = None
    if row.reply_stage is not None:
        reply = Reply(row.reply_stage, row.reply_code, row.reply_enhanced, row.reply_text)
    return DeliveryRecord(
        id=row.id,
        address=row.address or row.key,
        key=row.key,
        line=row.line,
        variant=row.variant,
        revision=row.revision,
        state=State(row.state),
        attempts=row.attempts,
        first_attempt_at=row.trying_since,
        due_at=row.due_at,
        changed_at=row.changed_at,
        reply=reply,
        reply_class=row.reply_class or "",
        reply_rule=_rule(row),
    )
