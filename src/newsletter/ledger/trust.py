"""Whether this is the book that was last sent with, and taking another one for it. Touches: the database, the mark.

Who takes an older book has lost what was done since. Whoever is not settled in it may have the letter, so they become
in doubt, by name, and a person decides; what is not in it at all, such as an unsubscription since, cannot be known.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError

from .database import Database
from .lease_end import doubtful, end_lease
from .leases import Leases
from .lock_file import Life, forget, host, life, notes
from .lots import recount
from .mark import FORMER, ID
from .queries import as_record
from .records import DispatchRecord
from .schema import VISIBLE, deliveries, dispatches, facts, leases, lots
from .seen_state import IS_MARKED, WAITS

ARMED = "armed"
"""The fact since when `--due` trusts this book: a person has sent with it, so it knows who got what."""


class Trust(Leases):
    """What stands outside of the book against what stands in it."""

    def require_newest(self) -> None:
        """LedgerBehindError (77) where it is an older copy than what was sent from here, or another book."""
        self.mark.require()

    def identity(self) -> str:
        """The id of the book; a copy has the same."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(facts.c.value).where(facts.c.name == ID)) or ""

    def armed_at(self) -> datetime | None:
        """Since when this book knows what is sent: what was due before may have gone out with another one."""
        with self._database.read() as connection:
            at = connection.scalar(sa.select(facts.c.value).where(facts.c.name == ARMED))
        return None if at is None else datetime.fromisoformat(at)

    def adopted_at(self) -> datetime | None:
        """When somebody last took this book for another one; None where nobody ever did."""
        with self._database.read() as connection:
            of_former = facts.c.name.startswith(FORMER, autoescape=True)
            kept = connection.scalars(sa.select(facts.c.value).where(of_former)).all()
        return max(map(datetime.fromisoformat, kept), default=None)

    def at_stake(self) -> list[DispatchRecord]:
        """Dispatches, of every newsletter, of which somebody is not settled: those may have it, if the book is old."""
        still = sa.exists().where(lots.c.dispatch_id == dispatches.c.id, lots.c.waiting > 0)
        query = sa.select(dispatches).where(VISIBLE, still).order_by(dispatches.c.planned_at, dispatches.c.id)
        with self._database.read() as connection:
            return [as_record(row) for row in connection.execute(query)]

    def adopt(self, now: datetime) -> int:
        """Take this book for the one that was last sent with, whatever the mark says; how many are in doubt by that.

        It gets a new name, so that the other one is noticed if it turns up again. RefusedError while a process works
        with it on this machine.
        """
        files = notes(self._leases)
        if any(life(self._leases, name) is Life.HELD for name in files):
            raise RefusedError(phrase("ledger.mark.is_at_work"), hint=phrase("ledger.control.end_it"))

        def take(connection: sa.Connection) -> int:
            still = sa.select(leases).where(leases.c.ended_at.is_(None)).order_by(leases.c.id).with_for_update()
            held = connection.execute(still).all()
            doubted = _doubt_unfinished(connection, now)
            for lease in held:
                end_lease(self._database, connection, lease.id, now, gone=lease.host == host(self._leases))
            _rename(self._database, connection, now)
            return doubted

        doubted = self._database.transact(take)
        self.mark.begin_anew()
        for name in files:
            forget(self._leases, name)
        return doubted


def _doubt_unfinished(connection: sa.Connection, now: datetime) -> int:
    visible = sa.select(dispatches.c.id).where(VISIBLE)
    waited = sa.select(lots.c.id).where(lots.c.dispatch_id.in_(visible), lots.c.waiting > 0)
    touched = connection.execute(waited).scalars().all()
    lease = sa.select(lots.c.lease_id).where(lots.c.id == deliveries.c.lot_id).scalar_subquery()
    doubted = connection.execute(
        sa.update(deliveries)
        .where(WAITS, deliveries.c.dispatch_id.in_(visible))
        .values(**doubtful(now, lease_id=sa.case((IS_MARKED, lease))))
    ).rowcount
    recount(connection, touched)
    return doubted


def _rename(database: Database, connection: sa.Connection, now: datetime) -> None:
    """The other machines' marks still name the former one: what was decided here holds for them, too."""
    at = now.isoformat()
    if (former := connection.scalar(sa.select(facts.c.value).where(facts.c.name == ID))) is not None:
        database.insert_new(connection, facts, name=f"{FORMER}{former}", value=at)
    for name, value in ((ID, uuid.uuid4().hex), (ARMED, at)):
        if not database.insert_new(connection, facts, name=name, value=value):
            connection.execute(sa.update(facts).where(facts.c.name == name).values(value=value))
