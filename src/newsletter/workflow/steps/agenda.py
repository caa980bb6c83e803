"""What is due when in the next twelve months, what may go, and what will be late.

Touches: the workspace's files and the ledger, for reading.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import NewsletterError
from newsletter.issue.find import SLUG
from newsletter.ledger.ledger import Ledger
from newsletter.report.states_and_times import local
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.settings.workspace import Workspace

from .issue_states import Standing, dispatched, draft, looked_up, timed
from .published import published

_AHEAD = timedelta(days=366)
_NEAR = timedelta(days=7)


class Late(StrEnum):
    """Why a letter will not go, or not then."""

    IS = "is late"
    """Its time has passed, and something is still missing."""
    SOON = "will be late"
    """Its time is less than a week away, and something is still missing."""
    MOVED = "after its date"
    """It is dated later than the schedule has it."""
    UNDATED = "has no date"
    """The file says no `publish_at`, so nothing ever sends it but a person."""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One letter. `standing` is None where nobody has begun to write it."""

    at: datetime
    slug: str
    standing: Standing | None
    late: Late | None = None

    def said(self, zone: str) -> Said:
        """One line, and a second one where something is odd."""
        at = local(self.at, zone)
        row = phrase("workflow.agenda.row", at=at, slug=self.slug, standing=_STANDINGS[self.standing])
        if self.late is Late.IS:
            return lines(row, phrase("workflow.agenda.is_late", slug=self.slug))
        return lines(row, _LATE[self.late]) if self.late else row


_STANDINGS: Mapping[Standing | None, Said] = {
    None: phrase("workflow.agenda.unwritten"),
    Standing.DRAFT: phrase("workflow.agenda.draft"),
    Standing.APPROVED: phrase("workflow.agenda.approved"),
    Standing.CHANGED: phrase("workflow.agenda.changed"),
    Standing.DUE: phrase("workflow.agenda.due"),
    Standing.PLANNED: phrase("workflow.agenda.planned"),
    Standing.SENDING: phrase("workflow.agenda.sending"),
    Standing.PAUSED: phrase("workflow.agenda.paused"),
    Standing.SENT: phrase("workflow.agenda.sent"),
    Standing.CANCELLED: phrase("workflow.agenda.cancelled"),
    Standing.BROKEN: phrase("workflow.agenda.broken"),
}
_LATE = {
    Late.SOON: phrase("workflow.agenda.will_be_late"),
    Late.MOVED: phrase("workflow.agenda.after_its_date"),
    Late.UNDATED: phrase("workflow.agenda.has_no_date"),
}
_GOES = frozenset({Standing.APPROVED, Standing.DUE, Standing.PLANNED, Standing.SENDING, Standing.PAUSED})
_OVER = frozenset({Standing.SENT, Standing.CANCELLED})


def agenda(workspace: Workspace, now: datetime) -> Iterator[AgendaRow]:
    """By time; beginning with what is late already, as far as `[schedule] catch_up` lets it go all the same."""
    with contextlib.ExitStack() as stack:
        try:
            ledger = stack.enter_context(looked_up(workspace))
        except NewsletterError:
            ledger = None  # which is told by whoever needs it
        yield from sorted(_rows(workspace, now, ledger), key=lambda row: (row.at, row.slug))


def _rows(workspace: Workspace, now: datetime, ledger: Ledger | None) -> Iterator[AgendaRow]:
    settings = workspace.settings
    records = ledger.dispatches(settings.newsletter.list_id) if ledger else []
    # The letters of twenty years are not read: what was planned has its time from the ledger.
    begun: dict[str, datetime | None] = {record.slug: record.planned_at for record in records}
    known = begun | published(workspace, besides=begun)
    rule, zone = settings.schedule.every, settings.newsletter.timezone
    begins, ends = now - settings.schedule.catch_up, now + _AHEAD
    dates = list(takewhile(lambda at: at < ends, dates_after(rule, zone, begins))) if rule else []
    planned = {slug: at for at in dates if (slug := issue_of(at, known))}
    for at in dates:
        if issue_of(at, known) is None and at > now:
            yield AgendaRow(at, slug_of(at), None, Late.SOON if at - now < _NEAR else None)
    for slug, published_at in known.items():
        when = published_at or planned.get(slug)
        if when is None or not begins <= when < ends or not SLUG.fullmatch(slug):
            continue
        standing = _standing(workspace, ledger, slug, now)
        if standing in _OVER:
            if when > now:
                yield AgendaRow(when, slug, standing)
        elif published_at is None and standing is not Standing.BROKEN:
            yield AgendaRow(when, slug, standing, Late.UNDATED)
        elif when - now < _NEAR and not _may_go(workspace, standing):
            yield AgendaRow(when, slug, standing, Late.IS if when <= now else Late.SOON)
        else:
            yield AgendaRow(when, slug, standing, Late.MOVED if when > planned.get(slug, when) else None)


def _standing(workspace: Workspace, ledger: Ledger | None, slug: str, now: datetime) -> Standing:
    known = dispatched(ledger, workspace, slug) if ledger else None
    if known is not None:
        return known.standing
    return timed(draft(workspace, workspace.issues / f"{slug}.yaml"), workspace, now)[0]


def _may_go(workspace: Workspace, standing: Standing) -> bool:
    if not workspace.settings.schedule.require_approval and standing in {Standing.DRAFT, Standing.CHANGED}:
        return True
    return standing in _GOES
