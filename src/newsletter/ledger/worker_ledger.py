"""The ledger as a worker knows it: all that sending asks, and who else is at it. Touches: what its parts touch."""

from newsletter.settings.workspace import Workspace

from .database import BUSY_SECONDS
from .ledger import Ledger
from .open import open_database
from .records import Purpose
from .workers import WorkersKept


class WorkerLedger(WorkersKept, Ledger):
    """Made by `open_worker_ledger`, and closed as a `Ledger` is."""

    @property
    def where(self) -> str:
        """Its address without a password, for people."""
        return self._database.where


def open_worker_ledger(workspace: Workspace, purpose: Purpose, *, patience: int = BUSY_SECONDS) -> WorkerLedger:
    """As `open_ledger`."""
    return WorkerLedger(open_database(workspace, purpose, patience=patience), workspace.state)
