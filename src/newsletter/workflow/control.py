"""The kill switch and what else is said to the ledger by hand. Touches: the ledger."""

from datetime import UTC, datetime
from typing import NoReturn

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DispatchRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from newsletter.report.states_and_times import counted
from newsletter.settings.workspace import Workspace

from .steps.letter import known_slug


def pause(workspace: Workspace, given: str) -> str:
    """Stop a dispatch before its next message."""
    with opened(workspace, given) as ledger:
        record = recorded(workspace, ledger, given)
        ledger.pause(record.id, phrase("ledger.pause.by_hand"), _now())
    return f"{record.slug} is paused. To go on: newsletter resume {record.slug}"


def resume(workspace: Workspace, given: str) -> str:
    """Let a paused dispatch go on."""
    with opened(workspace, given) as ledger:
        record = recorded(workspace, ledger, given)
        if record.status is DispatchStatus.CANCELLED:
            raise RefusedError(f"{record.slug} was cancelled; that is for good.")
        counts = ledger.counts(record.id)
        if not any(counts[state] for state in UNFINISHED):
            return f"{record.slug} is finished; there is nothing to go on with."
        ledger.resume(record.id, _now())
    return f"{record.slug} may go on: newsletter send {record.slug}"


def cancel(workspace: Workspace, given: str) -> str:
    """Give up on everybody who was not mailed yet."""
    with opened(workspace, given) as ledger:
        record = recorded(workspace, ledger, given)
        number = ledger.cancel(record.id, _now())
    return f"{record.slug}: {counted(number, 'delivery')} cancelled."


def resolve(workspace: Workspace, given: str, *, as_sent: bool) -> str:
    """Decide what is in doubt."""
    with opened(workspace, given) as ledger:
        record = recorded(workspace, ledger, given)
        if not ledger.counts(record.id)[State.IN_DOUBT]:
            return f"{record.slug}: nothing is in doubt."
        number = ledger.resolve(record.id, as_sent, _now())
    if as_sent:
        return f"{record.slug}: {counted(number, 'delivery')} now counted as sent."
    return f"{record.slug}: {counted(number, 'delivery')} to be sent again: newsletter send {record.slug}"


def make_ledger(workspace: Workspace) -> str:
    """Make the ledger and allow `send --due` to use it."""
    open_ledger(workspace, Purpose.SENDING).close()
    return "The ledger is ready."


def opened(workspace: Workspace, given: str) -> Ledger:
    """The ledger; UsageError (64) where there is none."""
    try:
        return open_ledger(workspace, Purpose.READ)
    except LedgerMissingError:
        _never_planned(given)


def recorded(workspace: Workspace, ledger: Ledger, given: str) -> DispatchRecord:
    """What the ledger knows of an issue; UsageError (64) where it was never planned."""
    record = ledger.find(workspace.settings.newsletter.list_id, known_slug(workspace, given))
    if record is None:
        _never_planned(given)
    return record


def _never_planned(given: str) -> NoReturn:
    raise UsageError(
        f"{given} was never planned, so there is nothing to change.", hint="newsletter status shows what is."
    )


def _now() -> datetime:
    return datetime.now(UTC)
