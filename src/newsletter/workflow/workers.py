"""Who is at it, on all machines. Touches: the ledger, for reading."""

from newsletter.ledger.records import Purpose
from newsletter.ledger.worker_ledger import open_worker_ledger
from newsletter.report.workers import WorkersReport
from newsletter.settings.workspace import Workspace


def read_workers(place: Workspace) -> WorkersReport:
    """Errors as `open_ledger` to read: 78 where there is none."""
    with open_worker_ledger(place, Purpose.READ) as ledger:
        return WorkersReport(ledger.all_workers(), place.settings.newsletter.timezone)
