"""Read the state of one issue from the ledger. Touches: the ledger, for reading only."""

from itertools import islice

from newsletter.issue.find import find_issue
from newsletter.ledger.book import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DeliveryRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import State
from newsletter.report.status import NAMED, StatusReport
from newsletter.settings.workspace import Workspace

from .letter import known_slug

_TOLD = (State.FAILED, State.EXPIRED, State.DEFERRED)


def status(workspace: Workspace, given: str | None) -> StatusReport:
    """An issue never planned, or no ledger at all, is a report of zeros; UsageError (64) for one nobody knows."""
    slug = known_slug(workspace, given)
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            record = ledger.find(workspace.settings.newsletter.list_id, slug)
            if record is not None:
                return StatusReport(slug, record, ledger.counts(record.id), _attention(ledger, record.id))
    except LedgerMissingError:
        pass
    return StatusReport(find_issue(workspace, given).stem, None, dict.fromkeys(State, 0))


def _attention(ledger: Ledger, dispatch: int) -> list[DeliveryRecord]:
    """Everything in doubt, and the first of the other states that somebody may ask about."""
    return [
        *ledger.deliveries(dispatch, (State.IN_DOUBT,)),
        *(one for state in _TOLD for one in islice(ledger.deliveries(dispatch, (state,)), NAMED)),
    ]
