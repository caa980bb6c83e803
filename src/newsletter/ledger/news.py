"""What runs of other commands and machines tell each other of the relay, for a minute. Touches: the ledger's database.

Each lease numbers what it tells, so a reader that knows the last number of each misses nothing, in whatever order the
rows become visible. What is told is JSON of the dispatch's (news_as_json.py); here it is only passed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from .database import LedgerPart
from .leases import Lease
from .machine_tables import news

_KEPT = timedelta(minutes=1)
"""Each looks every second, and who is silent for longer has other cares."""

_n = news.c


@dataclass(frozen=True, slots=True)
class Bulletin:
    """All that one run had to tell at once."""

    lease: int
    number: int
    dispatch: int
    told: str
    """JSON."""


class Telegraph(LedgerPart):
    """News between the runs of one account."""

    def tell_others(self, account: str, lease: Lease, command: str, dispatch: int, number: int, told: str) -> None:
        """For all others to read, but those of the same command. Told twice, since the answer was lost, it is told."""
        with self._database.write() as connection:
            now = self._database.clock(connection)
            mine = _n.lease_id == lease.id
            connection.execute(sa.delete(news).where(mine, _n.at < now - _KEPT))
            self._database.insert_new(
                connection,
                news,
                lease_id=lease.id,
                number=number,
                account=account,
                command=command,
                dispatch_id=dispatch,
                at=now,
                told=told,
            )

    def last_told(self, account: str) -> dict[int, int]:
        """The number of the last that each lease has told: what somebody who comes now need not hear."""
        query = sa.select(_n.lease_id, sa.func.max(_n.number)).where(_n.account == account).group_by(_n.lease_id)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def told_since(self, account: str, lease: Lease, command: str, heard: Mapping[int, int]) -> list[Bulletin]:
        """What others have told since; of each lease that was heard before, what came after the last number."""
        known = (sa.and_(_n.lease_id == one, _n.number <= number) for one, number in heard.items())
        others = [_n.account == account, _n.lease_id != lease.id, *(~one for one in known)]
        if command:
            others.append(_n.command != command)
        query = sa.select(_n.lease_id, _n.number, _n.dispatch_id, _n.told).where(*others)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_n.at, _n.lease_id, _n.number))
            return [Bulletin(*row) for row in rows]
