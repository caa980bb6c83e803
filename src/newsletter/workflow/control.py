"""The kill switch and what else is said to the ledger by hand. Touches: the ledger."""

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import RefusedError
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import UNFINISHED, DispatchStatus
from newsletter.printable import one_line
from newsletter.settings.workspace import Workspace

from .steps.clicks import read_clicks
from .steps.dispatch import planned_dispatch
from .steps.relay_settings import publish_from_a_desk
from .steps.sent_file import refuse_forgotten


def pause(workspace: Workspace, given: str, *, by: str = "") -> Said:
    """Stop a dispatch before its next message; the ledger remembers that `by` (`hong@mail1`) did.

    One that is finished may begin again by itself where cron gives it to latecomers, so that is stopped, too; as is the
    welcome letter.
    """
    with planned_dispatch(workspace, given) as (ledger, record):
        ends_here = workspace.settings.schedule.latecomers is None and record.slug != WELCOME
        if ends_here and record.status is DispatchStatus.RUNNING and _is_finished(ledger, record):
            return phrase("workflow.control.nothing_to_pause", slug=record.slug)
        ledger.pause(record.id, phrase("ledger.pause.by_hand"), ledger.now(), by=Verbatim(one_line(by)))
    return phrase("workflow.control.is_paused", slug=record.slug)


def resume(workspace: Workspace, given: str) -> Said:
    """Let a paused dispatch go on, on other machines with the relay settings that are here.

    LedgerBehindError (77) where the ledger is an older copy.
    ClicksUnknownError (77) where it cannot be known who left by a web server's log.
    """
    with planned_dispatch(workspace, given) as (ledger, record):
        ledger.require_newest()
        refuse_forgotten(workspace, ledger, record.slug)
        read_clicks(workspace, ledger)
        if record.status is DispatchStatus.CANCELLED:
            raise RefusedError(phrase("workflow.control.is_cancelled_for_good", slug=record.slug))
        publish_from_a_desk(workspace, ledger)
        if not ledger.resume(record.id, ledger.now()) and _is_finished(ledger, record):
            return phrase("workflow.control.is_finished", slug=record.slug)
    return phrase("workflow.control.may_go_on", slug=record.slug)


def planned_slug(workspace: Workspace, given: str) -> str:
    """The slug of an issue that was planned, for a question about it."""
    with planned_dispatch(workspace, given) as (_, record):
        return record.slug


def cancel(workspace: Workspace, given: str) -> Said:
    """Give up on everybody who was not mailed yet."""
    with planned_dispatch(workspace, given) as (ledger, record):
        if record.status is DispatchStatus.CANCELLED:
            return phrase("workflow.control.is_cancelled_already", slug=record.slug)
        if _is_finished(ledger, record):
            return phrase("workflow.control.nothing_to_cancel", slug=record.slug)
        number = ledger.cancel(record.id, ledger.now())
    return phrase("workflow.control.cancelled", slug=record.slug, count=number)


def _is_finished(ledger: Ledger, record: DispatchRecord) -> bool:
    """Nothing is left for a run; what is in doubt waits for a person alone."""
    counts = ledger.counts(record.id)
    return not any(counts[state] for state in UNFINISHED)
