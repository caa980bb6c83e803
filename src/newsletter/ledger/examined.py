"""A ledger to look at and to leave as it is, not even brought up to date: what `doctor` asks. Touches: the database.

Limits: SQLite makes the two files beside its own (`-wal`, `-shm`) where they are not there, as for whoever reads.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import RunAgainError, SettingsError
from newsletter.settings.workspace import Workspace

from .book_time import boot_seconds
from .database import Database
from .engines import database_url
from .fail_over import PLACE
from .migrate import current_revision
from .open import require_ledger
from .quick_look import QuickLook, quick_look
from .schema import HEAD, facts
from .server_links import ON_STANDBY
from .standbys import Standbys, standbys
from .worker_ledger import WorkerLedger


class OlderLedgerError(RunAgainError):
    """It waits for a command that brings it up to date."""


class ExaminedLedger(WorkerLedger):
    """Made by `open_to_examine`, and closed as a `Ledger` is."""

    @property
    def file(self) -> Path:
        """SQLite's."""
        return self._database.path

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Whatever is asked of a server in the block ends by then: UnreachableError, and the links are gone."""
        return _ended_within(self._database, seconds)

    def quick_look(self, seconds: float) -> QuickLook:
        """Whether the file is whole and the counts add up, as far as that is seen in so many seconds."""
        return quick_look(self._database, seconds)

    def place(self) -> str:
        """Which server, on which timeline; empty where this user may not ask."""
        return self._database.place()

    def former_place(self) -> str:
        """Where it was last sent with; empty where it never was."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(facts.c.value).where(facts.c.name == PLACE)) or ""

    def is_on_standby(self) -> bool:
        """Whether the server follows another one, so that nothing can be written there."""
        return self.place().endswith(ON_STANDBY)

    def standbys(self) -> Standbys:
        """Who follows the server, and whom a commit waits for."""
        return standbys(self._database)

    def is_ahead_of_machine(self) -> tuple[timedelta, timedelta]:
        """By how much the server's clock is ahead of this machine's, and by how much that may be wrong.

        It is wrong by half of what the question took, at most.
        """
        with self._database.read() as connection:
            began, here = boot_seconds(), datetime.now(UTC)
            there = self._database.clock(connection)
            half = timedelta(seconds=(boot_seconds() - began) / 2)
        return there - (here + half), half


def open_to_examine(workspace: Workspace, *, patience: int) -> ExaminedLedger:
    """`patience` in seconds: for another's lock, and for the server to answer at all.

    Errors as `open_ledger` to read; OlderLedgerError for a form before ours, SettingsError (78) for a later one.
    """
    database = Database(database_url(workspace.settings.ledger.url, workspace.root), patience=patience)
    try:
        with _ended_within(database, patience):
            require_ledger(database, was_used=workspace.was_used)
            _require_own_form(database)
    except BaseException:
        database.close()
        raise
    return ExaminedLedger(database, workspace.state)


@contextmanager
def _ended_within(database: Database, seconds: float) -> Iterator[None]:
    if database.links is None:
        yield
        return
    timer = threading.Timer(seconds, database.links.hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _require_own_form(database: Database) -> None:
    with database.read() as connection:
        revision = current_revision(connection)
    if revision is not None and revision < HEAD:
        raise OlderLedgerError(phrase("ledger.quick_look.is_older", where=database.where))
    if revision != HEAD:
        said = phrase("ledger.quick_look.is_newer", where=database.where, revision=str(revision))
        raise SettingsError(said, hint=phrase("ledger.open.written_by_newer"))
