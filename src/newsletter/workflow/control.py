"""The kill switch and what else is said to the ledger by hand. Touches: the ledger."""

from datetime import UTC, datetime

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from newsletter.report.states_and_times import counted
from newsletter.settings.workspace import Workspace

from .steps.dispatch import planned_dispatch


def pause(workspace: Workspace, given: str) -> str:
    """Stop a dispatch before its next message."""
    with planned_dispatch(workspace, given) as (ledger, record):
        ledger.pause(record.id, phrase("ledger.pause.by_hand"), _now())
    return f"{record.slug} is paused. To go on: newsletter resume {record.slug}"


def resume(workspace: Workspace, given: str) -> str:
    """Let a paused dispatch go on."""
    with planned_dispatch(workspace, given) as (ledger, record):
        if record.status is DispatchStatus.CANCELLED:
            raise RefusedError(f"{record.slug} was cancelled; that is for good.")
        counts = ledger.counts(record.id)
        if not any(counts[state] for state in UNFINISHED):
            return f"{record.slug} is finished; there is nothing to go on with."
        ledger.resume(record.id, _now())
    return f"{record.slug} may go on: newsletter send {record.slug}"


def cancel(workspace: Workspace, given: str) -> str:
    """Give up on everybody who was not mailed yet."""
    with planned_dispatch(workspace, given) as (ledger, record):
        number = ledger.cancel(record.id, _now())
    return f"{record.slug}: {counted(number, 'delivery')} cancelled."


def resolve(workspace: Workspace, given: str, *, as_sent: bool) -> str:
    """Decide what is in doubt."""
    with planned_dispatch(workspace, given) as (ledger, record):
        if not ledger.counts(record.id)[State.IN_DOUBT]:
            return f"{record.slug}: nothing is in doubt."
        number = ledger.resolve(record.id, as_sent, _now())
    if as_sent:
        return f"{record.slug}: {counted(number, 'delivery')} now counted as sent."
    return f"{record.slug}: {counted(number, 'delivery')} to be sent again: newsletter send {record.slug}"


def _now() -> datetime:
    return datetime.now(UTC)
