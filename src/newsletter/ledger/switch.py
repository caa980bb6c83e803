"""What a person decides about a dispatch: pause, resume, cancel, and what is in doubt. Touches: the ledger's database.

Each takes the dispatch's row first, as turns and claims do: when `pause` returns, the last intent has been committed.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.errors import RefusedError

from .database import Database
from .leases import Watch
from .schema import deliveries, dispatches
from .states import DispatchStatus, State

_d = deliveries.c


def pause(database: Database, dispatch: int, reason: str, now: datetime) -> bool:
    """Let no further intent through; False where it is paused already (the first reason stands)."""
    with database.write() as connection:
        row = _locked(connection, dispatch)
        if row.status == DispatchStatus.CANCELLED:
            raise RefusedError(f"{row.slug} is cancelled.")
        if row.status == DispatchStatus.PAUSED:
            return False
        _set(connection, dispatch, status=DispatchStatus.PAUSED, reason=reason, paused_at=now)
    return True


def resume(database: Database, dispatch: int, now: datetime) -> bool:
    """Let it go on; False where it is not paused. The pause does not count as trying (give_up_after)."""
    with database.write() as connection:
        row = _locked(connection, dispatch)
        if row.status == DispatchStatus.CANCELLED:
            raise RefusedError(f"{row.slug} is cancelled; what is cancelled is not sent any more.")
        if row.status == DispatchStatus.RUNNING:
            return False
        _set(connection, dispatch, status=DispatchStatus.RUNNING, reason="", paused_at=None)
        before, length = _d.trying_since <= row.paused_at, (now - row.paused_at) // timedelta(microseconds=1)
        connection.execute(
            sa.update(deliveries)
            .where(
                _d.dispatch_id == dispatch,
                _d.state.in_([State.DEFERRED, State.CLAIMED, State.IN_FLIGHT, State.IN_DOUBT]),
                _d.trying_since.is_not(None),
            )
            .values(
                trying_since=sa.case(
                    (before, sa.type_coerce(_d.trying_since, sa.BigInteger) + sa.literal(length, sa.BigInteger)),
                    else_=sa.literal(now, _d.trying_since.type),
                )
            )
        )
    return True


def cancel(database: Database, dispatch: int, now: datetime) -> int:
    """End it for everybody who has not got it; how many that were. What is in flight ends as its reply says."""
    with database.write() as connection:
        _locked(connection, dispatch)
        _set(connection, dispatch, status=DispatchStatus.CANCELLED, reason="", paused_at=None)
        return connection.execute(
            sa.update(deliveries)
            .where(_d.dispatch_id == dispatch, _d.state.in_([State.PLANNED, State.CLAIMED, State.DEFERRED]))
            .values(state=State.CANCELLED, lease_id=None, due_at=None, changed_at=now)
        ).rowcount


def resolve(database: Database, watch: Watch, dispatch: int, *, as_sent: bool, now: datetime) -> int:
    """Decide what is in doubt: it was sent, or it is to be sent (again); how many.

    RefusedError for sending again while a process lives that may still write one of these dots.
    """
    doubtful = (_d.dispatch_id == dispatch) & (_d.state == State.IN_DOUBT)
    if not as_sent:
        _refuse_while_living(database, watch, doubtful)
    with database.write() as connection:
        row = _locked(connection, dispatch)
        if as_sent:
            values: dict[str, object] = {"state": State.SENT}
        elif row.status == DispatchStatus.CANCELLED:
            raise RefusedError(f"{row.slug} is cancelled; what is cancelled is not sent any more.")
        else:
            values = {"state": State.PLANNED, "trying_since": None}
        return connection.execute(
            sa.update(deliveries).where(doubtful).values(**values, lease_id=None, due_at=None, changed_at=now)
        ).rowcount


def _refuse_while_living(database: Database, watch: Watch, doubtful: sa.ColumnElement[bool]) -> None:
    with database.read() as connection:
        workers = (
            connection.execute(sa.select(_d.lease_id).where(doubtful, _d.lease_id.is_not(None)).distinct())
            .scalars()
            .all()
        )
    if any(watch.is_living(worker) for worker in workers):
        raise RefusedError(
            "The process that was sending these still lives and may still send them.",
            hint="End it first, then resolve again.",
        )


def _locked(connection: sa.Connection, dispatch: int) -> sa.Row[tuple[object, ...]]:
    return connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch).with_for_update()).one()


def _set(connection: sa.Connection, dispatch: int, **values: object) -> None:
    connection.execute(sa.update(dispatches).where(dispatches.c.id == dispatch).values(**values))
