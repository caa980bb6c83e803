"""Open a workspace's ledger, make it where that is right, and bring it up to date. Touches: the ledger's database."""

from datetime import timedelta

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.settings.workspace import Workspace

from .database import BUSY_SECONDS, Database, database_url
from .leases import LEASE_LASTS
from .ledger import Ledger
from .migrate import current_revision, migrate
from .records import LedgerLostError, LedgerMissingError, Purpose
from .schema import facts

_MAKES = (Purpose.PAGES, Purpose.SENDING, Purpose.BEGINNING)
_LEASES = "leases"


def open_ledger(
    workspace: Workspace, purpose: Purpose, *, lease_lasts: timedelta = LEASE_LASTS, patience: int = BUSY_SECONDS
) -> Ledger:
    """The ledger of `ledger.url`, whose calls wait `patience` seconds for another's lock.

    LedgerMissingError (78) where there is none and `purpose` may not make one, LedgerLostError (78) where this machine
    has sent with one and it is gone, SettingsError (78) for a bad URL or a
    missing driver, CannotWriteError (73) where the server does not answer or the disk does not take it.
    """
    database = Database(database_url(workspace.settings.ledger.url, workspace.root), patience=patience)
    leases = workspace.state / _LEASES
    # Whoever sends holds a lease, whose folder stays: where it is, the book was used from here.
    was_used = leases.is_dir() and purpose is not Purpose.BEGINNING
    try:
        if purpose is Purpose.PAGES or (purpose in _MAKES and not was_used):
            database.make_file()
        else:
            _require(database, was_used=was_used)
        migrate(database)
        if purpose is Purpose.DUE or (purpose is Purpose.SENDING and was_used):
            _require_armed(database, was_used=was_used)
        elif purpose in {Purpose.SENDING, Purpose.BEGINNING}:
            _arm(database)
    except BaseException:
        database.close()
        raise
    return Ledger(database, leases, lease_lasts=lease_lasts)


def _require(database: Database, *, was_used: bool) -> None:
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


_ARMED = sa.select(facts.c.value).where(facts.c.name == "armed")


def _arm(database: Database) -> None:
    """From now on `--due` trusts this book: a person has sent with it, so it knows who got what."""
    with database.read() as connection:
        if connection.execute(_ARMED).first():
            return
    with database.write() as connection:
        at = database.clock(connection).isoformat()
        database.insert_new(connection, facts, name="armed", value=at)


def _require_armed(database: Database, *, was_used: bool) -> None:
    with database.read() as connection:
        if not connection.execute(_ARMED).first():
            if was_used:
                raise _lost(database)
            raise LedgerMissingError(
                phrase("ledger.open.never_sent", where=database.where),
                hint=phrase("ledger.open.send_by_hand"),
            )
