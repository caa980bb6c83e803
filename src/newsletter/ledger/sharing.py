"""Who sends as one account just now, and so shares what the relay takes of it. Touches: the ledger's database.

A run asks for a part, and may have it once everybody else knows of it: until then the others go by parts that add up to
the whole without it.

    asks: takes the account's next epoch ──▶ each other reads it, narrows itself, says that it knows ──▶ begins

Every question is counted by the account's epoch, and a sharer is there for as long as its lease is open. So one that
was killed keeps its part until its lease is taken back, and nobody has more than the others think.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from .brief_locks import hold_briefly
from .claimable import has_others, is_due
from .database import LedgerPart
from .leases import Lease
from .machine_tables import news, sharers, sharing
from .schema import dispatches, leases, lots
from .states import DispatchStatus

_s = sharers.c
_KEPT = timedelta(minutes=1)
"""What somebody told whose lease has ended."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """One run that has a part, or has asked for it."""

    lease: int
    asked: int
    """The epoch of its question; in this order they stand."""
    knows: int
    """The newest epoch by which it goes."""
    command: str = ""
    """Whose processes tell each other what they hear; empty: it is alone."""


@dataclass(frozen=True, slots=True)
class Sharers:
    """All of an account, the first that asked first."""

    epoch: int
    clock: datetime
    """The book's, when they were read."""
    all: tuple[Sharer, ...]

    @property
    def leases(self) -> tuple[int, ...]:
        return tuple(one.lease for one in self.all)

    def asked(self, lease: int) -> int | None:
        """The epoch in which that one has asked; None: it has not."""
        return next((one.asked for one in self.all if one.lease == lease), None)

    def know_of(self, lease: int) -> bool:
        """Whether every other goes by parts among which is the one for which this lease has asked."""
        asked = self.asked(lease)
        return asked is not None and all(one.knows >= asked for one in self.all if one.lease != lease)


class Sharing(LedgerPart):
    """The parts of an account, which is whom a relay counts for."""

    @property
    def is_of_one_machine(self) -> bool:
        """All who work with this book have one machine, and one clock that nobody sets."""
        return self._database.is_sqlite

    def sharers(self, account: str) -> Sharers:
        """Who has a part, or has asked for it; whose lease has ended is not there any more."""
        query = (
            sa.select(_s.lease_id, _s.asked, _s.knows, _s.command)
            .join(leases, leases.c.id == _s.lease_id)
            .where(_s.account == account, leases.c.ended_at.is_(None))
            .order_by(_s.asked)
        )
        with self._database.read() as connection:
            # First: whoever is counted in it is found by what is asked next.
            epoch = connection.scalar(sa.select(sharing.c.epoch).where(sharing.c.account == account)) or 0
            found = tuple(Sharer(*row) for row in connection.execute(query))
            return Sharers(epoch, self._database.clock(connection), found)

    def ask_part(self, account: str, lease: Lease, command: str = "") -> None:
        """Let the others know that this one wants a part; it may have it once all of them do.

        Asked twice, since the answer was lost, it has asked the second time.
        """
        with self._database.write() as connection:
            hold_briefly(self._database, connection)
            self._database.insert_new(connection, sharing, account=account, epoch=0)
            this, now = sharing.c.account == account, self._database.clock(connection)
            # The row is locked from here on: one question after the other.
            connection.execute(sa.update(sharing).where(this).values(epoch=sharing.c.epoch + 1))
            epoch = connection.scalar(sa.select(sharing.c.epoch).where(this))
            ended = sa.select(leases.c.id).where(leases.c.id == _s.lease_id, leases.c.ended_at.is_not(None))
            gone = (_s.account == account) & ended.exists()
            connection.execute(sa.delete(sharers).where(gone | (_s.lease_id == lease.id)))
            ended = sa.select(leases.c.id).where(leases.c.id == news.c.lease_id, leases.c.ended_at < now - _KEPT)
            connection.execute(sa.delete(news).where(news.c.account == account, ended.exists()))
            its = {"lease_id": lease.id, "account": account, "command": command}
            connection.execute(sa.insert(sharers).values(**its, asked=epoch, knows=epoch))

    def know_sharers(self, lease: Lease, epoch: int) -> None:
        """This one goes by the parts as they are since then."""
        with self._database.write() as connection:
            connection.execute(sa.update(sharers).where(_s.lease_id == lease.id).values(knows=epoch))

    def leave_part(self, lease: Lease) -> None:
        """This one has stopped, or not begun: its part is the others'."""
        with self._database.write() as connection:
            connection.execute(sa.delete(sharers).where(_s.lease_id == lease.id))

    def has_free(
        self, dispatch: int, lease: Lease, now: datetime, *, retry_now: bool, without: Collection[str] = ()
    ) -> bool:
        """Whether there is somebody to send to whom nobody has, and this one may send it.

        Nobody in the domains `without`, nor under them, counts.
        """
        due = is_due(now, lease.started_at if retry_now else None)
        free = (lots.c.dispatch_id == dispatch) & lots.c.lease_id.is_(None) & (lots.c.waiting > 0)
        of = dispatches.c
        is_mine = of.canary_lease.is_(None) | (of.canary_lease == lease.id)
        runs = (of.id == dispatch) & (of.status == DispatchStatus.RUNNING) & is_mine
        with self._database.read() as connection:
            query = sa.select(sa.exists().where(runs) & sa.exists().where(free, due, *has_others(without)))
            return bool(connection.scalar(query))
