"""The heart of the book: outcomes of messages just answered and intents of messages about to go, in one commit.

Touches: the ledger's database. Only when `turn` has returned may the final dots of its intents be written
(docs/design.md 4.5, promise 1). Every update is fenced: it counts only where the delivery still has the claim's lease
and state, and an intent only where it still has the claim's edition: nobody gets words that were corrected before. A
delivery in the answer is not this process's any more, for whatever reason; the book has put it where it belongs.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .column_types import storable_text
from .database import Database
from .driver import Prepared, stored_moment
from .late_answers import book_late
from .lease_end import FORMER_STATE
from .leases import Leases, beat, boot_seconds
from .records import LeaseLostError
from .schema import deliveries, dispatches
from .states import HELD, WAITING, Claim, DispatchStatus, Outcome, State
from .suppressions import newest_suppression, suppressed_delivery

_d = deliveries.c
_ID = sa.bindparam("the_id", type_=sa.BigInteger)
_LEASE = sa.bindparam("the_lease", type_=sa.BigInteger)
_EDITION = sa.bindparam("the_edition", type_=sa.BigInteger)
_OURS = (_d.id == _ID) & (_d.lease_id == _LEASE)
_HELD = sa.or_(*(_d.state == state for state in HELD))  # executemany takes no IN

_Row = dict[str, Any]


_INTEND = Prepared(
    sa.update(deliveries)
    .where(_OURS, _d.state == State.CLAIMED, _d.edition_id == _EDITION)
    .values(state=State.IN_FLIGHT)
)

_KEEP = Prepared(sa.update(deliveries).where(_OURS, _HELD).values(state=State.CLAIMED))

_PUT_BACK = Prepared(sa.update(deliveries).where(_OURS, _HELD).values(state=FORMER_STATE, lease_id=None))

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


class Outcomes(Leases):
    """Where every message passes."""

    def turn(self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime) -> frozenset[int]:
        """In one commit: what became of messages, and which ones go next. The ids of deliveries that were lost.

        A lost one is not the caller's any more: taken back meanwhile, its reader suppressed, or its dispatch paused or
        cancelled. Forget it and write no dot; the book has put it where it belongs.
        """
        if not outcomes and not intents:
            return frozenset()
        began = boot_seconds()
        leases = {claim.lease for claim in (*(outcome.claim for outcome in outcomes), *intents)}
        begins = Counter(claim.lease for claim in intents)

        def write(connection: sa.Connection) -> tuple[list[int], frozenset[int]]:
            beaten = [lease for lease in sorted(leases) if self._beat_if_open(connection, lease, begins[lease])]
            _hold_status(self._database, connection, outcomes, intents)
            lost = _settle(connection, outcomes, now)
            return beaten, frozenset(lost | _intend(self._database, connection, intents, now))

        beaten, lost = self._database.transact(write)
        for lease in beaten:
            if (own := self._own.get(lease)) is not None:
                own.beaten(began)
                if begins[lease]:
                    own.has_begun(begins[lease])
        return lost

    def _beat_if_open(self, connection: sa.Connection, lease: int, begins: int) -> bool:
        own = self._own.get(lease)
        try:
            beat(self._database, connection, lease, begins=begins, knows=own.begun if own else 0)
        except LeaseLostError:
            return False  # each of its updates meets its fence below and is reported as lost
        return True


def _hold_status(
    database: Database, connection: sa.Connection, outcomes: Sequence[Outcome], intents: Sequence[Claim]
) -> None:
    """Let nobody pause or cancel in the middle: who has switched off has seen the last intent."""
    if database.is_sqlite:
        return
    held = {claim.dispatch for claim in (*(outcome.claim for outcome in outcomes), *intents)}
    database.hold_shared(connection, sa.select(dispatches.c.id).where(dispatches.c.id.in_(held)))


def _settle(connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime) -> set[int]:
    kept = [outcome for outcome in outcomes if outcome.state is State.CLAIMED]
    back = [outcome for outcome in outcomes if outcome.state is State.PLANNED]
    settled = [outcome for outcome in outcomes if outcome.state not in (State.PLANNED, State.CLAIMED)]
    lost = _fenced(connection, _KEEP, [_fence(outcome.claim) for outcome in kept])
    lost |= _fenced(connection, _PUT_BACK, [_fence(outcome.claim) for outcome in back])
    at = stored_moment(now)
    lost |= _fenced(connection, _SETTLE, [_settled(outcome, at) for outcome in settled])
    if lost:
        lost -= book_late(connection, (outcome for outcome in outcomes if outcome.claim.delivery in lost), now)
    _cancel_returned(connection, [o.claim.delivery for o in outcomes if o.state in WAITING], now)
    return lost


def _intend(database: Database, connection: sa.Connection, intents: Sequence[Claim], now: datetime) -> set[int]:
    stopped = _not_running(connection, intents) | _left(database, connection, intents)
    allowed = [{**_fence(claim), "the_edition": claim.edition} for claim in intents if claim.delivery not in stopped]
    lost = _fenced(connection, _INTEND, allowed) | stopped
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
        connection.execute(sa.update(deliveries).where(ours).values(state=FORMER_STATE, lease_id=None), refused)
    return lost


_STATUS = Prepared(
    sa.select(dispatches.c.status).where(dispatches.c.id == sa.bindparam("the_dispatch", type_=sa.BigInteger))
)


def _not_running(connection: sa.Connection, intents: Sequence[Claim]) -> set[int]:
    """Those whose dispatch was paused or cancelled."""
    status = {
        number: _STATUS.rows(connection, {"the_dispatch": number}) for number in {one.dispatch for one in intents}
    }
    return {one.delivery for one in intents if status[one.dispatch] != [(DispatchStatus.RUNNING.value,)]}


def _left(database: Database, connection: sa.Connection, intents: Sequence[Claim]) -> set[int]:
    """Those whose reader was suppressed since the claim.

    SQLite commits in the order of the numbers, so where the newest suppression is the one that the claim saw there is
    no other. PostgreSQL does not: there the keys of the turn are looked up.
    """
    if not intents:
        return set()
    if database.is_sqlite and newest_suppression(connection) <= min(claim.seen for claim in intents):
        return set()
    theirs = _d.id.in_([claim.delivery for claim in intents])
    return set(connection.execute(sa.select(_d.id).where(theirs, suppressed_delivery())).scalars())


def _fenced(connection: sa.Connection, statement: Prepared, rows: list[_Row]) -> set[int]:
    """Run a fenced update for all rows at once; where one met its fence, once more singly, to know which."""
    if not rows:
        return set()
    rows = sorted(rows, key=lambda row: int(row["the_id"]))
    connection.exec_driver_sql("SAVEPOINT fenced")
    if statement.many(connection, rows) == len(rows):
        connection.exec_driver_sql("RELEASE SAVEPOINT fenced")
        return set()
    connection.exec_driver_sql("ROLLBACK TO SAVEPOINT fenced")
    return {row["the_id"] for row in rows if not statement.many(connection, [row])}


def _fence(claim: Claim) -> _Row:
    return {"the_id": claim.delivery, "the_lease": claim.lease}


def _settled(outcome: Outcome, now: int) -> _Row:
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
        "enhanced": storable_text(reply.enhanced) if reply else None,
        "text": storable_text(reply.stored_text) if reply else None,
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
