"""How much a relay, and a domain behind it, was last willing to take. Touches: the ledger's database.

Limits: the last process that writes wins; what two of them learned at the same time is much the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from .database import Database
from .schema import learned
from .states import Learned

FORGOTTEN_AFTER = timedelta(days=1)
"""A relay that was busy yesterday is asked anew today."""


def recall(connection: sa.Connection, relay: str, now: datetime) -> list[Learned]:
    rows = connection.execute(
        sa.select(learned).where(learned.c.relay == relay, learned.c.at > now - FORGOTTEN_AFTER).order_by("domain")
    )
    return [Learned(row.domain, row.window, row.in_a_row, row.rests_until) for row in rows]


def resting(connection: sa.Connection, now: datetime) -> list[Learned]:
    """Domains that are left alone just now, behind whichever relay."""
    rows = connection.execute(
        sa.select(learned.c.domain, sa.func.max(learned.c.rests_until).label("until"), sa.func.min(learned.c.window))
        .where(learned.c.rests_until > now)
        .group_by(learned.c.domain)
        .order_by(learned.c.domain)
    )
    return [Learned(domain, window, rests_until=until) for domain, until, window in rows]


def learn(database: Database, connection: sa.Connection, relay: str, lessons: Sequence[Learned], now: datetime) -> None:
    """Keep these instead of what was kept of this relay; what is too old goes for all."""
    database.serialise(connection, "newsletter pace")  # else two of them would insert the same row
    connection.execute(sa.delete(learned).where((learned.c.relay == relay) | (learned.c.at <= now - FORGOTTEN_AFTER)))
    if lessons:
        connection.execute(
            sa.insert(learned),
            [
                {
                    "relay": relay,
                    "domain": one.domain,
                    "window": one.window,
                    "in_a_row": one.in_a_row,
                    "rests_until": one.rests_until,
                    "at": now,
                }
                for one in lessons
            ],
        )
