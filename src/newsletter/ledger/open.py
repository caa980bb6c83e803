"""Open a workspace's ledger, make it where that is right, and bring it up to date. Touches: the ledger's database."""

from datetime import timedelta

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.settings.workspace import LEASES_FOLDER, Workspace

from .database import BUSY_SECONDS, Database
from .engines import database_url
from .fail_over import watch_place
from .lease_watch import LEASE_LASTS
from .ledger import Ledger
from .mark import HighWaterMark
from .migrate import current_revision, migrate
from .records import LedgerLostError, LedgerMissingError, Purpose
from .schema import facts
from .trust import ARMED

_ALWAYS_MAKES = (Purpose.PAGES, Purpose.ADOPTING)
_MAKES_THE_FIRST = (Purpose.SENDING, Purpose.BEGINNING)
_NEWEST = (*_MAKES_THE_FIRST, Purpose.DUE)
"""Who must not work with a book that was put back from a back-up."""


def open_ledger(
    workspace: Workspace, purpose: Purpose, *, lease_lasts: timedelta = LEASE_LASTS, patience: int = BUSY_SECONDS
) -> Ledger:
    """The ledger of `ledger.url`, whose calls wait `patience` seconds for another's lock.

    LedgerMissingError (78) where there is none and `purpose` may not make one, LedgerLostError (78) where this machine
    has sent with one and it is gone, SettingsError (78) for a bad URL or a
    missing driver, CannotWriteError (73) where the server does not answer or the disk does not take it.
    """
    return Ledger(open_database(workspace, purpose, patience=patience), workspace.state, lease_lasts=lease_lasts)


def open_database(workspace: Workspace, purpose: Purpose, *, patience: int) -> Database:
    """The same without the promises, for whoever makes a ledger of it; errors as `open_ledger`."""
    database = Database(database_url(workspace.settings.ledger.url, workspace.root), patience=patience)
    used = workspace.was_used
    try:
        if purpose in _ALWAYS_MAKES or (purpose in _MAKES_THE_FIRST and not used):
            database.make_file()
        else:
            require_ledger(database, was_used=used)
        migrate(database, workspace.state / LEASES_FOLDER)
        if purpose is Purpose.DUE or (purpose in _MAKES_THE_FIRST and used):
            _require_armed(database, was_used=used)
        elif purpose in _MAKES_THE_FIRST:
            _arm(database)
        if purpose in _NEWEST:
            watch_place(database)
            HighWaterMark(database, workspace.state).require()
    except BaseException:
        database.close()
        raise
    return database


def require_ledger(database: Database, *, was_used: bool) -> None:
    """LedgerMissingError where there is none, LedgerLostError where there was one."""
    if database.exists():
        with database.read() as connection:
            if current_revision(connection) is not None:
                return
    if was_used:
        raise _lost(database)
    raise LedgerMissingError(
        phrase("ledger.open.missing", where=database.where), hint=phrase("ledger.open.send_makes_it")
    )


def _lost(database: Database) -> LedgerLostError:
    return LedgerLostError(phrase("ledger.open.lost", where=database.where), hint=phrase("ledger.open.restore_it"))


_ARMED = sa.select(facts.c.value).where(facts.c.name == ARMED)


def _arm(database: Database) -> None:
    """From now on `--due` trusts this book: a person has sent with it, so it knows who got what."""
    with database.read() as connection:
        if connection.execute(_ARMED).first():
            return
    with database.write() as connection:
        at = database.clock(connection).isoformat()
        database.insert_new(connection, facts, name=ARMED, value=at)


def _require_armed(database: Database, *, was_used: bool) -> None:
    with database.read() as connection:
        if not connection.execute(_ARMED).first():
            if was_used:
                raise _lost(database)
            raise LedgerMissingError(
                phrase("ledger.open.never_sent", where=database.where),
                hint=phrase("ledger.open.send_by_hand"),
            )
