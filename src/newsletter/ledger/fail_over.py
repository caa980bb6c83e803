"""Another server has taken over: nothing goes on by itself that it may know too little of. Touches: the database.

The book knows which server it is on, and on which timeline: a standby that is promoted begins a new one. Whatever it
had not received is not in it, and only a person can know whether that may be (synchronous_standby_names: nothing is).
So whoever opens the book to send, or finds it elsewhere while it sends, pauses what is not done, and ends what others
hold: those of them whose dot may be on its way are in doubt, by name, until the process that wrote it has its reply
booked after all (late_answers.py). From then on the new place is the known one, and a person resumes.

Limits: with SQLite it is the mark beside the book that tells (mark.py).
"""

from functools import partial

import sqlalchemy as sa

from newsletter.catalogue import Phrase, phrase

from .column_types import Reason
from .database import Database
from .lease_end import end_lease
from .schema import VISIBLE, dispatches, facts, leases, lots
from .states import DispatchStatus

PLACE = "place"
"""The fact that names the server, with its timeline, on which the book was last sent with."""


def watch_place(database: Database) -> None:
    """Note the place, and from now on each other one that the links lead to, before anything is asked there."""
    if database.links is None or not (place := database.links.place()):
        return
    note_place(database, place)
    database.links.watch(place, partial(_note_new, database))


def _note_new(database: Database) -> None:
    if database.links is not None:
        note_place(database, database.links.place())


def note_place(database: Database, place: str) -> None:
    """This is where the book is; if it was elsewhere, pause what is not done, and put in doubt what may be going."""

    def note(connection: sa.Connection) -> None:
        database.serialise(connection, "newsletter place")
        this = facts.c.name == PLACE
        before = connection.scalar(sa.select(facts.c.value).where(this))
        if before is None:
            database.insert_new(connection, facts, name=PLACE, value=place)
        elif before != place:
            connection.execute(sa.update(facts).where(this).values(value=place))
            _hold(database, connection, _why(connection, database, before, place))

    with database.read() as connection:
        if connection.scalar(sa.select(facts.c.value).where(facts.c.name == PLACE)) == place:
            return
    database.transact(note)


def _why(connection: sa.Connection, database: Database, before: str, place: str) -> Phrase:
    """With how many commits of this process are missing here, if that is so."""
    turns = database.links.turns() if database.links is not None else {}
    rows = connection.execute(sa.select(leases.c.id, leases.c.turn).where(leases.c.id.in_(turns)))
    here = {row.id: row.turn for row in rows}
    if missing := sum(max(0, count - here.get(lease, 0)) for lease, count in turns.items()):
        return phrase("ledger.pause.moved_behind", before=before, place=place, count=missing)
    return phrase("ledger.pause.moved", before=before, place=place)


def _hold(database: Database, connection: sa.Connection, why: Phrase) -> None:
    """Leases, dispatches, deliveries: locked in the one order."""
    now = database.clock(connection)
    still = sa.select(leases.c.id).where(leases.c.ended_at.is_(None)).order_by(leases.c.id).with_for_update()
    held = connection.execute(still).scalars().all()
    waits = sa.exists().where(lots.c.dispatch_id == dispatches.c.id, lots.c.waiting > 0)
    unfinished = VISIBLE & (dispatches.c.status == DispatchStatus.RUNNING) & waits
    database.hold_alone(connection, sa.select(dispatches.c.id).where(unfinished))
    paused = {"status": DispatchStatus.PAUSED, "paused_at": now, "reason": sa.literal(why, Reason), "paused_by": None}
    connection.execute(sa.update(dispatches).where(unfinished).values(**paused))
    for lease in held:
        end_lease(database, connection, lease, now, gone=False)
