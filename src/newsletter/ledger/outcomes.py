"""The heart of the book: outcomes of messages just answered and intents of messages about to go, in one commit.

Touches: the ledger's database. Only when `turn` has returned may the final dots of its intents be written (DESIGN 4.5,
promise 1). Every update is fenced: it counts only where the delivery still has the claim's lease and state, and an
intent only where it still has the claim's edition, so that nobody gets words that were corrected before. A delivery
in the answer is not this process's any more, for whatever reason; the book has put it where it belongs.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .holding import share
from .leases import WHENCE, beat
from .prepared import Prepared, Row, stored_moment, stored_words
from .records import LeaseLostError
from .schema import deliveries, dispatches
from .states import HELD, WAITING, Claim, DispatchStatus, Outcome, State
from .suppressions import suppressed_delivery

_d = deliveries.c
_ID = sa.bindparam("the_id", type_=sa.BigInteger)
_LEASE = sa.bindparam("the_lease", type_=sa.BigInteger)
_EDITION = sa.bindparam("the_edition", type_=sa.BigInteger)
_OURS = (_d.id == _ID) & (_d.lease_id == _LEASE)
_HELD = sa.or_(*(_d.state == state for state in HELD))  # executemany takes no IN
_RUNNING = (
    sa.select(dispatches.c.status).where(dispatches.c.id == _d.dispatch_id).correlate(deliveries).scalar_subquery()
    == DispatchStatus.RUNNING
)

_INTEND = Prepared(
    sa.update(deliveries)
    .where(_OURS, _d.state == State.CLAIMED, _d.edition_id == _EDITION, _RUNNING, ~suppressed_delivery())
    .values(state=State.IN_FLIGHT)
)

_PUT_BACK = Prepared(sa.update(deliveries).where(_OURS, _HELD).values(state=WHENCE, lease_id=None))

_SETTLE = Prepared(
    sa.update(deliveries)
    .where(_OURS, _HELD)
    .values(
        state=sa.bindparam("to_state"),
        lease_id=None,
        attempts=_d.attempts + sa.bindparam("tried", type_=sa.Integer),
        trying_since=sa.case(
            (sa.bindparam("tried", type_=sa.Integer) == 0, _d.trying_since),
            else_=sa.func.coalesce(_d.trying_since, sa.bindparam("at", type_=_d.changed_at.type)),
        ),
        due_at=sa.bindparam("to_due"),
        changed_at=sa.bindparam("at"),
        reply_stage=sa.bindparam("stage"),
        reply_code=sa.bindparam("code"),
        reply_enhanced=sa.bindparam("enhanced"),
        reply_text=sa.bindparam("text"),
        reply_class=sa.bindparam("class"),
        reply_rule=sa.bindparam("rule"),
    )
)


def turn(database: Database, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime) -> frozenset[int]:
    """Make outcomes and intents durable; the ids of deliveries which were, or have become, not the caller's own."""
    if not outcomes and not intents:
        return frozenset()
    leases = {claim.lease for claim in (*(outcome.claim for outcome in outcomes), *intents)}

    def write(connection: sa.Connection) -> frozenset[int]:
        for lease in sorted(leases):
            _beat_if_open(database, connection, lease)
        _hold_status(database, connection, outcomes, intents)
        lost = _settle(connection, outcomes, now)
        return frozenset(lost | _intend(connection, intents, now))

    return database.transact(write)


def _beat_if_open(database: Database, connection: sa.Connection, lease: int) -> None:
    try:
        beat(database, connection, lease)
    except LeaseLostError:
        return  # each of its updates meets its fence below and is reported as lost


def _hold_status(
    database: Database, connection: sa.Connection, outcomes: Sequence[Outcome], intents: Sequence[Claim]
) -> None:
    """Let nobody pause or cancel in the middle: who has switched off has seen the last intent."""
    if database.is_sqlite:
        return
    ids = [outcome.claim.delivery for outcome in outcomes] + [claim.delivery for claim in intents]
    share(database, connection, sa.select(_d.dispatch_id).where(_d.id.in_(ids)))


def _settle(connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime) -> set[int]:
    back = [outcome for outcome in outcomes if outcome.state is State.PLANNED]
    settled = [outcome for outcome in outcomes if outcome.state is not State.PLANNED]
    lost = _fenced(connection, _PUT_BACK, [_fence(outcome.claim) for outcome in back])
    at = stored_moment(now)
    lost |= _fenced(connection, _SETTLE, [_settled(outcome, at) for outcome in settled])
    _cancel_returned(connection, [o.claim.delivery for o in outcomes if o.state in WAITING], now)
    return lost


def _intend(connection: sa.Connection, intents: Sequence[Claim], now: datetime) -> set[int]:
    lost = _fenced(connection, _INTEND, [{**_fence(claim), "the_edition": claim.edition} for claim in intents])
    refused = [_fence(claim) for claim in intents if claim.delivery in lost]
    if refused:
        # Still ours, and yet not let through: its reader left meanwhile, or the dispatch was paused or revised.
        ours = _OURS & (_d.state == State.CLAIMED)
        connection.execute(
            sa.update(deliveries)
            .where(ours, suppressed_delivery())
            .values(state=State.SUPPRESSED, lease_id=None, due_at=None, changed_at=now),
            refused,
        )
        connection.execute(sa.update(deliveries).where(ours).values(state=WHENCE, lease_id=None), refused)
    return lost


def _fenced(connection: sa.Connection, statement: Prepared, rows: list[Row]) -> set[int]:
    """Run a fenced update for all rows at once; where one met its fence, once more singly, to know which."""
    if not rows:
        return set()
    rows = sorted(rows, key=lambda row: int(row["the_id"]))
    connection.exec_driver_sql("SAVEPOINT fenced")
    if statement.run(connection, rows) == len(rows):
        connection.exec_driver_sql("RELEASE SAVEPOINT fenced")
        return set()
    connection.exec_driver_sql("ROLLBACK TO SAVEPOINT fenced")
    return {row["the_id"] for row in rows if not statement.run(connection, [row])}


def _fence(claim: Claim) -> Row:
    return {"the_id": claim.delivery, "the_lease": claim.lease}


def _settled(outcome: Outcome, now: int) -> Row:
    reply = outcome.reply
    due = stored_moment(outcome.due_at) if outcome.due_at else now
    return {
        **_fence(outcome.claim),
        "to_state": outcome.state.value,
        "tried": int(outcome.attempted),
        "to_due": due if outcome.state is State.DEFERRED else None,
        "at": now,
        "stage": reply.stage if reply else None,
        "code": reply.code if reply else None,
        "enhanced": stored_words(reply.enhanced) if reply else None,
        "text": stored_words(reply.text) if reply else None,
        "class": str(outcome.reply_class) or None,
        # Of nearly all, and known without it: 10 bytes a delivery less.
        "rule": None if outcome.state is State.SENT else outcome.rule or None,
    }


def _cancel_returned(connection: sa.Connection, ids: list[int], now: datetime) -> None:
    """What comes back unsent to a dispatch that was cancelled meanwhile is cancelled, too."""
    if not ids:
        return
    cancelled = sa.select(dispatches.c.id).where(dispatches.c.status == DispatchStatus.CANCELLED)
    connection.execute(
        sa.update(deliveries)
        .where(_d.id.in_(ids), _d.state.in_(WAITING), _d.dispatch_id.in_(cancelled))
        .values(state=State.CANCELLED, due_at=None, changed_at=now)
    )
