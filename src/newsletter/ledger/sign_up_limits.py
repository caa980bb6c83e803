"""How often somebody may ask to be subscribed, counted in the ledger: a restart or a second process begins no new hour.

Touches: the ledger's tables. A network is known by a keyed hash alone, which is another one each day; counts that are
over are erased. Limits: time goes on in steps of five minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from .column_types import EPOCH
from .database import Database
from .people_tables import sign_up_counts

WINDOW = timedelta(hours=1)
GRAIN = timedelta(minutes=5)
ALL = b""
"""Who is everybody."""

_n = sign_up_counts.c


@dataclass(frozen=True, slots=True)
class HourlyLimit:
    """So many requests of these within the hour."""

    who: bytes
    most: int


def count_one(
    database: Database, connection: sa.Connection, newsletter: str, limits: Sequence[HourlyLimit], now: datetime
) -> timedelta | None:
    """Count a request for each limit, inside a transaction; how long to wait where one is reached, and none counts."""
    forget_counts(connection, newsletter, now)
    waits = [wait for limit in limits if (wait := _wait(connection, newsletter, limit, now))]
    if waits:
        return max(waits)
    for limit in limits:
        row = {"newsletter": newsletter, "who": limit.who, "grain": _grain(now)}
        if not database.insert_new(connection, sign_up_counts, **row, number=1):
            same = sa.and_(*(_n[name] == value for name, value in row.items()))
            connection.execute(sa.update(sign_up_counts).where(same).values(number=_n.number + 1))
    return None


def forget_counts(connection: sa.Connection, newsletter: str, now: datetime) -> None:
    """Those that are over, and those that a clock which was wrong has left in the future."""
    over = (_n.grain <= now - WINDOW - GRAIN) | (_n.grain > now)
    connection.execute(sa.delete(sign_up_counts).where(_n.newsletter == newsletter, over))


def _wait(connection: sa.Connection, newsletter: str, limit: HourlyLimit, now: datetime) -> timedelta | None:
    mine = sa.select(_n.grain, _n.number).where(_n.newsletter == newsletter, _n.who == limit.who).order_by(_n.grain)
    rows = connection.execute(mine).all()
    left = sum(row.number for row in rows) - limit.most
    if left < 0:
        return None
    for row in rows:
        left -= row.number
        if left < 0:
            over: datetime = row.grain + WINDOW + GRAIN
            return max(over - now, timedelta(seconds=1))
    return WINDOW


def _grain(now: datetime) -> datetime:
    return now - (now - EPOCH) % GRAIN
