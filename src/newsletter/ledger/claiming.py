"""Take deliveries as this process's own, a few at a time. Touches: the ledger's database.

Whoever was suppressed since the plan becomes `suppressed` here and is not handed out (docs/design.md 4.5, promise 6).
Two processes never get the same delivery: SQLite writes one at a time, PostgreSQL skips rows that another is taking.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .database import Database
from .frozen import unpack_values
from .leases import Lease, Leases, beat
from .queries import in_domain
from .resolving import make_final
from .schema import deliveries, dispatches, editions
from .states import Claim, DispatchStatus, State, refusal_key
from .suppressions import newest_suppression, suppressed_delivery

MOST = 500
"""Deliveries a transaction: small claims, so that two processes share fairly and nobody waits long for the book."""

_PERMANENT = 500
"""The first of the codes that say: for good (RFC 5321 4.2.1)."""

_OF_SENDER = ("quota", "unauthenticated")
"""Classes of replies that wait for the sender's relay or records: those who met them say nothing new about it."""

_Row = sa.Row[*tuple[Any, ...]]

_d = deliveries.c
_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    _d.id,
    _d.key,
    _d.address,
    _d.merge,
    _d.attempts,
    _d.trying_since,
    _d.edition_id,
    _d.state,
    _d.reply_code,
    _d.reply_enhanced,
    _d.reply_rule,
    _d.reply_class,
    editions.c.variant,
)


class Claiming(Leases):
    """Deliveries for this process."""

    def claim(
        self,
        dispatch: int,
        lease: Lease,
        limit: int,
        now: datetime,
        *,
        retry_now: bool = False,
        without: Collection[str] = (),
    ) -> list[Claim]:
        """At most `limit` deliveries that are due: the deferred first, then the planned, in the order of the file; last
        those with a 5xx that was not believed or who met a limit: if it is the relay's, the others must not wait
        behind it.

        Deliveries of processes that are gone are taken back first. None where the dispatch does not run. With
        `retry_now`, waiting times are ignored, once per lease. Recipients in the domains `without`, and under them,
        are left where they are. LeaseLostError.
        """
        self._watch.take_back(now, mine=lease.id)
        claims: list[Claim] = []
        while len(claims) < limit:
            wanted = min(limit - len(claims), MOST)

            def take(connection: sa.Connection, wanted: int = wanted) -> tuple[list[_Row], int]:
                database = self._database
                beat(database, connection, lease.id)
                seen = newest_suppression(connection)
                rows = _take(database, connection, lease, dispatch, wanted, now, retry_now=retry_now, without=without)
                return rows, seen

            rows, seen = self._database.transact(take)
            claims.extend(_claim(row, lease.id, dispatch, seen) for row in rows if not row.suppressed)
            if len(rows) < wanted:
                break
        return claims


def _take(
    database: Database,
    connection: sa.Connection,
    lease: Lease,
    dispatch: int,
    wanted: int,
    now: datetime,
    *,
    retry_now: bool,
    without: Collection[str],
) -> list[_Row]:
    this = dispatches.c.id == dispatch
    database.hold_shared(connection, sa.select(dispatches.c.id).where(this))
    row = connection.execute(sa.select(dispatches.c.status, dispatches.c.canary_lease).where(this)).one()
    if row.status != DispatchStatus.RUNNING or row.canary_lease not in (None, lease.id):
        return []
    # --retry-now means once each: what was deferred in this very run keeps its waiting time
    due = (_d.due_at <= now) | (_d.changed_at < lease.started_at) if retry_now else _d.due_at <= now
    others = sa.and_(sa.true(), *(~in_domain(domain) for domain in without))
    last = (sa.func.coalesce(_d.reply_code, 0) >= _PERMANENT) | sa.func.coalesce(_d.reply_class, "").in_(_OF_SENDER)
    rows: list[_Row] = []
    for state, condition in (
        (State.DEFERRED, due & others & ~last),
        (State.PLANNED, others),
        (State.DEFERRED, due & others & last),
    ):
        if len(rows) < wanted:
            rows += _candidates(connection, dispatch, state, wanted - len(rows), condition)
    if rows:
        make_final(connection, dispatch)
    _move(connection, [row.id for row in rows if not row.suppressed], state=State.CLAIMED, lease_id=lease.id)
    _move(
        connection,
        [row.id for row in rows if row.suppressed],
        state=State.SUPPRESSED,
        lease_id=None,
        due_at=None,
        changed_at=now,
    )
    return rows


def _candidates(
    connection: sa.Connection, dispatch: int, state: State, limit: int, due: sa.ColumnElement[bool]
) -> list[_Row]:
    query = (
        sa.select(*_COLUMNS, suppressed_delivery().label("suppressed"))
        .join(editions, editions.c.id == _d.edition_id)
        .where(_d.dispatch_id == dispatch, _d.state == state, due)
        .order_by(_d.due_at, _d.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    return list(connection.execute(query).all())


def _move(connection: sa.Connection, ids: list[int], **values: object) -> None:
    if ids:
        connection.execute(sa.update(deliveries).where(_d.id.in_(ids)).values(**values))


def _claim(row: _Row, lease: int, dispatch: int, seen: int) -> Claim:
    address = row.address or row.key
    return Claim(
        delivery=row.id,
        lease=lease,
        address=address,
        key=row.key,
        variant=row.variant,
        values=unpack_values(row.merge, address),
        attempts=row.attempts,
        first_attempt_at=row.trying_since,
        edition=row.edition_id,
        refused_with=_refused_with(row),
        met_limit=row.state == State.DEFERRED and row.reply_class in _OF_SENDER,
        dispatch=dispatch,
        seen=seen,
    )


def _refused_with(row: _Row) -> str:
    """As `refusal_key` writes it."""
    if row.state != State.DEFERRED or (row.reply_code or 0) < _PERMANENT:
        return ""
    return refusal_key(row.reply_code, row.reply_enhanced, row.reply_rule)
