"""The end of a lease: what its process held goes back, or is in doubt. Touches: the ledger's database.

Its lots are anybody's again, those on its list become in_doubt before, since their final dot may have been written, and
a dispatch it sent a canary of pauses.
"""

from datetime import datetime

import sqlalchemy as sa

from newsletter.catalogue import Phrase, phrase

from .brief_locks import hold_briefly
from .database import Database
from .lots import recount
from .schema import deliveries, dispatches, leases, lots
from .seen_state import WAITS, as_list, from_list
from .states import DispatchStatus, State


def end_lease(database: Database, connection: sa.Connection, lease: int, now: datetime | None, *, gone: bool) -> bool:
    """End a lease and take back what it holds; False where it has ended before. `gone`: its process is, surely."""
    hold_briefly(database, connection)
    now = now or database.clock(connection)
    this = (leases.c.id == lease) & leases.c.ended_at.is_(None)
    marks = connection.execute(sa.select(leases.c.marks).where(this).with_for_update()).scalar()
    if marks is None:
        return False
    connection.execute(sa.update(leases).where(this).values(ended_at=now, gone=gone, marks=as_list(())))
    _hold_dispatches(database, connection, lease)
    _doubt(connection, from_list(marks), lease, now)
    connection.execute(sa.update(lots).where(lots.c.lease_id == lease).values(lease_id=None))
    _end_canary(connection, lease, now)
    return True


def _doubt(connection: sa.Connection, marks: list[int], lease: int, now: datetime) -> None:
    """They keep the lease: `resolve --resend` asks whether that process still lives."""
    if marks:
        theirs = deliveries.c.id.in_(marks)
        in_doubt = doubtful(now, lease_id=lease)
        touched = set(connection.execute(sa.select(deliveries.c.lot_id).where(theirs)).scalars())
        connection.execute(sa.update(deliveries).where(theirs, WAITS).values(**in_doubt))
        recount(connection, touched)


def doubtful(now: datetime, **more: object) -> dict[str, object]:
    """Values of a delivery whose dot may have been written, and of which nobody knows more."""
    since = sa.bindparam("since", now, deliveries.c.due_at.type)
    return {
        "state": State.IN_DOUBT,
        "due_at": None,
        "changed_at": now,
        "attempts": deliveries.c.attempts + 1,
        "trying_since": sa.func.coalesce(deliveries.c.trying_since, since),
        **UNANSWERED,
        **more,
    }


UNANSWERED = dict.fromkeys(
    ("reply_stage", "reply_code", "reply_enhanced", "reply_text", "reply_class", "reply_rule"), None
)
"""To this try nothing was said; what stands there is about the one before."""


def _hold_dispatches(database: Database, connection: sa.Connection, lease: int) -> None:
    """Before any delivery is touched: `cancel` and `resume` touch the same ones, and hold the dispatch."""
    theirs = sa.select(lots.c.dispatch_id).where(lots.c.lease_id == lease)
    database.hold_alone(connection, sa.select(dispatches.c.id).where(dispatches.c.canary_lease == lease))
    database.hold_shared(connection, sa.select(dispatches.c.id).where(dispatches.c.id.in_(theirs)))


def _end_canary(connection: sa.Connection, lease: int, now: datetime) -> None:
    """However it ended: the others must not get what only a few were to get first, until a person says so."""
    left = sa.exists().where(lots.c.dispatch_id == dispatches.c.id, lots.c.waiting > 0)
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
