"""Read the state of one issue from the ledger. Touches: the ledger, for reading only."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError, RefusedError
from newsletter.issue.find import find_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DeliveryRecord, DispatchRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import ATTENTION, UNFINISHED, State
from newsletter.report.states_and_times import local
from newsletter.report.status import MAX_NAMED, StatusReport
from newsletter.schedule.due import Due, due
from newsletter.settings.workspace import Workspace

from .steps.approval import approved_editions
from .steps.letter import known_slug, open_letter


def status(workspace: Workspace, given: str | None, *, in_short: bool = False) -> StatusReport:
    """An issue never planned, or no ledger at all, is a report of zeros; UsageError (64) for one nobody knows.

    `in_short` leaves out the replies and who needs attention, which take a second in a million.
    """
    slug = known_slug(workspace, given)
    zone = workspace.settings.newsletter.timezone
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            record = ledger.find(workspace.settings.newsletter.list_id, slug)
            if record is not None:
                report = _look(ledger, record, zone)
                if in_short:
                    return report
                return replace(report, attention=_attention(ledger, record.id), replies=ledger.replies(record.id))
            if planners := ledger.planners(workspace.settings.newsletter.list_id, slug):
                return StatusReport(slug, zone, None, dict.fromkeys(State, 0), workers=planners)
    except LedgerMissingError:
        pass
    path = find_issue(workspace, given)
    return StatusReport(path.stem, zone, None, dict.fromkeys(State, 0), outlook=_outlook(workspace, path))


def _look(ledger: Ledger, record: DispatchRecord, zone: str) -> StatusReport:
    """Whatever is quickly known. The processes are asked first: one that has just ended left what is counted then."""
    workers, counts, now = ledger.workers(record.id), ledger.counts(record.id), datetime.now(UTC)
    waits = any(counts[state] for state in UNFINISHED)
    return StatusReport(
        record.slug,
        zone,
        record,
        counts,
        resting=ledger.resting(now) if waits else [],
        workers=workers,
        now=now,
        next_due=ledger.next_due(record.id) if counts[State.DEFERRED] else None,
    )


def _outlook(workspace: Workspace, path: Path) -> Said:
    """What stands between an issue that was never planned and its sending."""
    try:
        letter = open_letter(workspace, str(path))
        approved_editions(letter, workspace)
    except InputError:
        return phrase("workflow.status.has_errors", slug=path.stem)
    except RefusedError as error:
        return lines(error.message, error.hint)
    when = letter.issue.publish_at
    if when is None:
        return phrase("workflow.status.is_approved_by_hand", slug=path.stem)
    told = local(when, workspace.settings.newsletter.timezone)
    match due(when, datetime.now(UTC), workspace.settings.schedule.catch_up):
        case Due.MISSED:
            return phrase("workflow.status.was_missed", when=told, slug=path.stem)
        case Due.NOW:
            return phrase("workflow.status.is_due_now", when=told)
        case _:
            return phrase("workflow.status.is_approved_and_due", when=told)


def _attention(ledger: Ledger, dispatch: int) -> list[DeliveryRecord]:
    """Everything in doubt, and the first of the other states that somebody may ask about."""
    return [
        one
        for state in ATTENTION
        for one in islice(ledger.deliveries(dispatch, (state,)), None if state is State.IN_DOUBT else MAX_NAMED)
    ]
