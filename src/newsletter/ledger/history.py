"""What became of an address over several issues. Touches: the ledger's database.

Limits: the last ten issues of a newsletter are looked at.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .schema import EPOCH, VISIBLE, deliveries, dispatches, suppressions
from .states import State, SuppressionReason
from .suppressions import add

_FULL = SuppressionReason.MAILBOX_FULL
_LOOKED_AT = 10
_d, _s = deliveries.c, suppressions.c


def suppress_full(
    database: Database,
    connection: sa.Connection,
    dispatch: int,
    keys: Collection[str],
    issues: int,
    now: datetime,
) -> int:
    """Suppress those whose last `issues` issues, this one included, all failed for a full mailbox; how many."""
    newsletter = connection.execute(sa.select(dispatches.c.newsletter).where(dispatches.c.id == dispatch)).scalar_one()
    last = (
        sa.select(dispatches.c.id)
        .where(VISIBLE, dispatches.c.newsletter == newsletter)
        .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc())
        .limit(_LOOKED_AT)
    )
    numbers = connection.execute(last).scalars().all()
    number = 0
    for key in sorted(keys):
        since = _lifted(connection, newsletter, key)
        ends = list(_ends(connection, numbers, key, since))[:issues]
        if len(ends) == issues and all(ends):
            number += add(
                database,
                connection,
                newsletter=newsletter,
                key=key,
                address_hash=b"",
                reason=_FULL,
                now=now,
            )
    return number


def _lifted(connection: sa.Connection, newsletter: str, key: str) -> datetime:
    """When somebody last said that this mailbox is not full any more."""
    lifted: datetime | None = connection.execute(
        sa.select(sa.func.max(_s.lifted_at)).where(_s.newsletter == newsletter, _s.key == key, _s.reason == _FULL)
    ).scalar()
    return lifted or EPOCH


def _ends(connection: sa.Connection, numbers: Collection[int], key: str, since: datetime) -> Iterator[bool]:
    """Newest issue first, of those the address was tried for: whether it failed because the mailbox was full."""
    rows = connection.execute(
        sa.select(_d.state, _d.reply_class)
        .join(dispatches, dispatches.c.id == _d.dispatch_id)
        .where(_d.dispatch_id.in_(numbers), _d.key == key, _d.attempts > 0, dispatches.c.planned_at >= since)
        .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc())
    )
    return (row.state == State.FAILED and row.reply_class == "mailbox_full" for row in rows)
