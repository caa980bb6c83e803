"""Which deliveries of a dispatch came after its plan. Touches: the ledger's database, reading only."""

import json

import sqlalchemy as sa

from .frozen import DATED
from .schema import deliveries

_d = deliveries.c


def first_latecomer(connection: sa.Connection, dispatch: int) -> int | None:
    """The number of the first of them; None where nobody joined.

    They are numbered behind all of the plan and carry a date of their own, so that halving finds where they begin:
    some twenty rows are looked at, and not the values of a million.
    """
    its = sa.select(sa.func.min(_d.id), sa.func.max(_d.id)).where(_d.dispatch_id == dispatch)
    low, high = connection.execute(its).one()
    if low is None or not _is_late(connection.scalar(sa.select(_d.merge).where(_d.id == high))):
        return None
    rows = sa.select(_d.id, _d.merge).where(_d.dispatch_id + 0 == dispatch).order_by(_d.id).limit(1)
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(rows.where(_d.id >= middle, _d.id < high)).first()
        if row is None or _is_late(row.merge):
            high = middle
        else:
            low = row.id + 1
    return int(low)


def _is_late(merge: str | None) -> bool:
    return merge is not None and DATED in json.loads(merge)
