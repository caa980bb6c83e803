"""The end of a lease: what its process held goes back, or is in doubt. Touches: the ledger's database.

Its claimed deliveries go back to where they came from, its in_flight ones become in_doubt, since the final dot may have
been written, and a dispatch it sent a canary of pauses.
"""

from datetime import datetime

import sqlalchemy as sa

from newsletter.catalogue import Phrase, phrase

from .database import Database
from .schema import deliveries, dispatches, leases
from .states import HELD, UNFINISHED, DispatchStatus, State


def end_lease(database: Database, connection: sa.Connection, lease: int, now: datetime | None) -> bool:
    """End a lease and take back what it holds; False where it has ended before."""
    now = now or database.clock(connection)
    ended = connection.execute(
        sa.update(leases).where(leases.c.id == lease, leases.c.ended_at.is_(None)).values(ended_at=now)
    )
    if not ended.rowcount:
        return False
    _hold_dispatches(database, connection, lease)
    held = deliveries.c.lease_id == lease
    connection.execute(
        sa.update(deliveries).where(held, deliveries.c.state == State.CLAIMED).values(state=FORMER_STATE, lease_id=None)
    )
    # in_doubt keeps its lease: `resolve --resend` asks whether that process still lives
    connection.execute(
        sa.update(deliveries)
        .where(held, deliveries.c.state == State.IN_FLIGHT)
        .values(
            state=State.IN_DOUBT,
            due_at=None,
            changed_at=now,
            attempts=deliveries.c.attempts + 1,
            **UNANSWERED,
            trying_since=sa.func.coalesce(
                deliveries.c.trying_since, sa.bindparam("since", now, deliveries.c.due_at.type)
            ),
        )
    )
    _end_canary(connection, lease, now)
    return True


UNANSWERED = dict.fromkeys(
    ("reply_stage", "reply_code", "reply_enhanced", "reply_text", "reply_class", "reply_rule"), None
)
"""To this try nothing was said; what stands there is about the one before."""


def _hold_dispatches(database: Database, connection: sa.Connection, lease: int) -> None:
    """Before any delivery is touched: `cancel` and `resume` touch the same ones, and hold the dispatch."""
    held = deliveries.c.state.in_(HELD)
    theirs = sa.select(deliveries.c.dispatch_id).where(deliveries.c.lease_id == lease, held)
    database.hold_alone(connection, sa.select(dispatches.c.id).where(dispatches.c.canary_lease == lease))
    database.hold_shared(connection, sa.select(dispatches.c.id).where(dispatches.c.id.in_(theirs)))


def _end_canary(connection: sa.Connection, lease: int, now: datetime) -> None:
    """However it ended: the others must not get what only a few were to get first, until a person says so."""
    left = sa.exists().where(deliveries.c.dispatch_id == dispatches.c.id, deliveries.c.state.in_(UNFINISHED))
    for row in connection.execute(sa.select(dispatches, left.label("left")).where(dispatches.c.canary_lease == lease)):
        values: dict[str, object] = {"canary_of": None, "canary_lease": None}
        if row.left and row.status == DispatchStatus.RUNNING:
            its = connection.execute(sa.select(leases.c.pid, leases.c.machine).where(leases.c.id == lease)).one()
            by = by_run(its.pid, its.machine)
            reason = canary_reason(row.canary_of)
            values |= {"status": DispatchStatus.PAUSED, "reason": reason, "paused_at": now, "paused_by": by}
        connection.execute(sa.update(dispatches).where(dispatches.c.id == row.id).values(**values))


def canary_reason(first: int) -> Phrase:
    """Why a dispatch is paused before and after a canary."""
    return phrase("ledger.pause.canary", first=first)


def by_run(pid: int, machine: str, *, due: bool = False) -> Phrase:
    """Who paused a dispatch that paused itself; `due`: it was cron's run."""
    return phrase("ledger.pause.run_due" if due else "ledger.pause.run", pid=pid, machine=machine)


FORMER_STATE = sa.case((deliveries.c.due_at.is_(None), State.PLANNED.value), else_=State.DEFERRED.value)
"""Where a claimed delivery came from, and goes back to when nothing became of the claim."""
