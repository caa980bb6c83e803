"""Find what the ledger knows of an issue, for who wants to change it. Touches: the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError, UsageError
from newsletter.issue.find import find_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import REACHED, DispatchStatus
from newsletter.settings.workspace import Workspace

from .letter import known_slug
from .newsletter import open_own_ledger


def _nothing_to_change(slug: str) -> UsageError:
    return UsageError(
        phrase("workflow.control.was_never_planned", issue=slug),
        hint=phrase("workflow.control.to_see_where_it_stands", issue=slug),
    )


@contextmanager
def planned_dispatch(
    workspace: Workspace,
    given: str,
    *,
    readers: bool = False,
    never_planned: Callable[[str], UsageError] = _nothing_to_change,
) -> Iterator[tuple[Ledger, DispatchRecord]]:
    """The ledger and an issue's dispatch in it; UsageError (64) where it was never planned.

    `never_planned` says so, of a slug. With `readers` the ledger must know all names of the newsletter
    (`open_own_ledger`).
    """
    try:
        ledger = open_own_ledger(workspace, Purpose.READ, readers=readers)
    except LedgerMissingError:
        _refuse_never_planned(workspace, given, never_planned)
    with ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, known_slug(workspace, given))
        if record is None:
            _refuse_never_planned(workspace, given, never_planned)
        yield ledger, record


def newest_sent(ledger: Ledger, newsletter: str, *, apart_from: str = "") -> DispatchRecord | None:
    """The last issue that anybody has, or may have."""
    for record in reversed(ledger.dispatches(newsletter)):
        if record.slug != apart_from:
            counts = ledger.counts(record.id)
            if any(counts[state] for state in REACHED):
                return record
    return None


def why_stopped(record: DispatchRecord) -> RefusedError | None:
    """Why an issue that is paused or cancelled is not sent, and the next step; None where it may be."""
    if record.status is DispatchStatus.PAUSED:
        is_paused = phrase("workflow.send.is_paused", slug=record.slug)
        if record.reason:
            is_paused = phrase("workflow.send.is_paused_because", slug=record.slug, reason=record.reason)
        return RefusedError(is_paused, hint=phrase("workflow.send.to_go_on", slug=record.slug))
    if record.status is DispatchStatus.CANCELLED:
        return RefusedError(
            phrase("workflow.send.is_cancelled", slug=record.slug), hint=phrase("workflow.send.needs_new_slug")
        )
    return None


def _refuse_never_planned(workspace: Workspace, given: str, never_planned: Callable[[str], UsageError]) -> NoReturn:
    path = find_issue(workspace, given, may_begin=False)  # one that is not there is refused as such
    raise never_planned(path.stem)
