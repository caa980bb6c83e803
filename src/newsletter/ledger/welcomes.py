"""Who waits for the welcome letter: one for an address, ever. Touches: the ledger's database."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from .database import LedgerPart
from .people_tables import welcomes

_AT_ONCE = 500
_MOST = 5_000
"""Of one reading; the next one has the others."""

_w = welcomes.c


class Welcomes(LedgerPart):
    """Filled by a confirmation."""

    def waiting_welcomes(self, newsletter: str, since: datetime) -> list[bytes]:
        """Whoever confirmed since then and was not welcomed, the first first."""
        wanted = (
            sa.select(_w.address_hash)
            .where(_w.newsletter == newsletter, _w.planned_at.is_(None), _w.since >= since)
            .order_by(_w.since, _w.address_hash)
            .limit(_MOST)
        )
        with self._database.read() as connection:
            return [bytes(one) for one in connection.execute(wanted).scalars()]

    def keep_welcomed(self, newsletter: str, hashes: Collection[bytes], now: datetime) -> None:
        """They have the letter, or a delivery of it; or they left before, and are not asked about again."""
        listed = sorted(hashes)
        for first in range(0, len(listed), _AT_ONCE):
            some = listed[first : first + _AT_ONCE]
            theirs = (_w.newsletter == newsletter) & _w.address_hash.in_(some) & _w.planned_at.is_(None)
            with self._database.write() as connection:
                connection.execute(sa.update(welcomes).where(theirs).values(planned_at=now))
