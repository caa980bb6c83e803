"""How much a relay, and a domain behind it, was last willing to take. Touches: the ledger's database.

Limits: the last process that writes wins; what two of them learned at the same time is much the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from .database import LedgerPart
from .schema import learned
from .states import Learned

FORGOTTEN_AFTER = timedelta(days=1)
"""A relay that was busy yesterday is asked anew today."""


class Pace(LedgerPart):
    """What was learned of relays, and of domains behind them."""

    def learned(self, relay: str, now: datetime) -> list[Learned]:
        """How much this relay (host:port), and domains behind it, were willing to take within the last day."""
        query = sa.select(learned).where(learned.c.relay == relay, learned.c.at > now - FORGOTTEN_AFTER)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by("domain")).all()
        return [Learned(row.domain, row.window, row.in_a_row, row.rests_until, row.session_limit) for row in rows]

    def resting(self, now: datetime) -> list[Learned]:
        """Domains of recipients that are left alone just now, behind whichever relay: they asked for patience."""
        until, window = sa.func.max(learned.c.rests_until), sa.func.min(learned.c.window)
        query = (
            sa.select(learned.c.domain, until, window)
            .where(learned.c.rests_until > now)
            .group_by(learned.c.domain)
            .order_by(learned.c.domain)
        )
        with self._database.read() as connection:
            return [Learned(domain, few, rests_until=at) for domain, at, few in connection.execute(query)]

    def learn(self, relay: str, lessons: Sequence[Learned], now: datetime) -> None:
        """Keep these for the next run, instead of what was kept of this relay; what is too old goes for all."""
        with self._database.write() as connection:
            self._database.serialise(connection, "newsletter pace")  # else two of them would insert the same row
            stale = (learned.c.relay == relay) | (learned.c.at <= now - FORGOTTEN_AFTER)
            connection.execute(sa.delete(learned).where(stale))
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
                            "session_limit": one.session_limit,
                            "at": now,
                        }
                        for one in lessons
                    ],
                )
