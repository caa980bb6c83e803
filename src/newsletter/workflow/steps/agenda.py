"""What is due when in the next twelve months, what may go, and what will be late.

Touches: the workspace's files and the ledger, for reading.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import NewsletterError
from newsletter.issue.find import SLUG
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.scheduling import Scheduled
from newsletter.report.states_and_times import local
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.settings.workspace import Workspace

from .approval import folder_of, read
from .issue_states import Standing, dispatched, draft, looked_up, timed
from .letter import open_letter
from .newest_approval import OldApprovalError, refuse_old_approval
from .published import published
from .sent_file import went_out

_AHEAD = timedelta(days=366)
_BACK = timedelta(days=366)
"""So long what was missed is listed."""
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
    MISSED = "was missed"
    """Approved, and due for longer than `[schedule] catch_up`: a person sends it."""
    BEFORE = "was due before the ledger"
    """Approved, and due when there was no ledger yet to know whether it went out: a person sends it."""
    OLD = "is an older approval"
    """Somebody approved other editions since, or another date, elsewhere: nothing is sent from this workspace."""
    ELSEWHERE = "is not here"
    """Approved elsewhere, and nothing of it is in this workspace."""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One letter. `standing` is None where nobody has begun to write it."""

    at: datetime
    slug: str
    standing: Standing | None
    late: Late | None = None
    scheduled: Scheduled | None = None
    """Its newest approval that reached the ledger, where it is not planned."""

    @property
    def goes_by_itself(self) -> bool:
        """Whether something has to look after it, once it is approved: nothing keeps it for a person alone."""
        return self.standing not in _FOR_A_PERSON and self.late not in _BY_HAND

    def said(self, zone: str) -> Said:
        """One line, and a second one where something is odd."""
        at = local(self.at, zone)
        row = phrase("workflow.agenda.row", at=at, slug=self.slug, standing=_STANDINGS[self.standing])
        match self.late:
            case _ if self.standing is Standing.BROKEN:
                return lines(row, phrase("workflow.agenda.is_broken", slug=self.slug))
            case Late.IS:
                return lines(row, phrase("workflow.agenda.is_late", slug=self.slug))
            case Late.MISSED:
                why = phrase("workflow.status.was_missed", when=at, slug=self.slug)
                return lines(row, phrase("workflow.agenda.because", why=why))
            case Late.BEFORE:
                why = phrase("workflow.status.was_due_before", when=at, slug=self.slug)
                return lines(row, phrase("workflow.agenda.because", why=why))
            case Late.OLD:
                return lines(row, phrase("workflow.agenda.is_old", slug=self.slug))
            case None:
                return row
            case _:
                return lines(row, _LATE[self.late])


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
    Late.ELSEWHERE: phrase("workflow.agenda.is_not_here"),
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_BY_HAND = frozenset({Late.UNDATED, Late.MISSED, Late.BEFORE, Late.OLD, Late.ELSEWHERE})
_FOR_A_PERSON = frozenset({Standing.PAUSED, Standing.SENT, Standing.CANCELLED, Standing.BROKEN})
_GOES = frozenset({Standing.APPROVED, Standing.DUE, Standing.PLANNED, Standing.SENDING, Standing.PAUSED})
_OVER = frozenset({Standing.SENT, Standing.CANCELLED})


def agenda(workspace: Workspace, now: datetime | None = None) -> Iterator[AgendaRow]:
    """By time; beginning with what was missed, and with what is late already. `now`: if not by the ledger's clock."""
    with contextlib.ExitStack() as stack:
        try:
            ledger = stack.enter_context(looked_up(workspace))
            armed_at = ledger.armed_at() if ledger else None
            now = now or (ledger.now() if ledger else None)
        except NewsletterError:
            ledger, armed_at = None, _LONG_AGO  # which is told by whoever needs it
        now = now or datetime.now(UTC)
        yield from _in_order(_rows(workspace, now, ledger, armed_at))


def agenda_of(workspace: Workspace, ledger: Ledger | None, now: datetime) -> list[AgendaRow]:
    """The same by a ledger that is open, or by the files alone. Any NewsletterError of that ledger."""
    return _in_order(_rows(workspace, now, ledger, ledger.armed_at() if ledger else _LONG_AGO))


def _in_order(rows: Iterator[AgendaRow]) -> list[AgendaRow]:
    return sorted(rows, key=lambda row: (row.at, row.slug))


def _rows(workspace: Workspace, now: datetime, ledger: Ledger | None, armed_at: datetime | None) -> Iterator[AgendaRow]:
    settings = workspace.settings
    records = ledger.dispatches(settings.newsletter.list_id) if ledger else []
    # The letters of twenty years are not read: what was planned has its time from the ledger.
    begun: dict[str, datetime | None] = {record.slug: record.planned_at for record in records}
    approved = ledger.all_scheduled(settings.newsletter.list_id) if ledger else {}
    known = begun | published(workspace, besides=begun)
    rule, zone = settings.schedule.every, settings.newsletter.timezone
    begins, ends = now - settings.schedule.catch_up, now + _AHEAD
    dates = list(takewhile(lambda at: at < ends, dates_after(rule, zone, begins))) if rule else []
    planned = {slug: at for at in dates if (slug := issue_of(at, known))}
    for at in dates:
        if issue_of(at, known) is None and at > now:
            yield AgendaRow(at, slug_of(at), None, Late.SOON if at - now < _NEAR else None)
    for slug, one in approved.items():
        if slug not in known and one.due_at is not None and begins <= one.due_at < ends:
            yield AgendaRow(one.due_at, slug, Standing.APPROVED, Late.ELSEWHERE, one)
    for slug, published_at in known.items():
        when = published_at or planned.get(slug)
        if when is None or not SLUG.fullmatch(slug):
            continue
        is_behind = slug not in begun and published_at is not None and now - _BACK <= when <= now
        row = _left_behind(workspace, slug, when, now, armed_at) if is_behind else None
        if row is None and begins <= when < ends:
            row = AgendaRow(when, slug, _standing(workspace, ledger, slug, now))
            row = replace(row, late=_late(workspace, row, now, dated=published_at is not None, date=planned.get(slug)))
        if row is not None and not (row.standing in _OVER and row.at <= now):
            yield row if slug in begun else _with_approval(workspace, row, approved.get(slug))


def _with_approval(workspace: Workspace, row: AgendaRow, newest: Scheduled | None) -> AgendaRow:
    if newest is None or row.standing not in {Standing.APPROVED, Standing.DUE}:
        return replace(row, scheduled=newest)
    letter = open_letter(workspace, str(workspace.issues / f"{row.slug}.yaml"))
    approval = read(folder_of(letter.path), row.slug)
    try:
        if approval is not None:
            zone = workspace.settings.newsletter.timezone
            refuse_old_approval(newest, letter, approval, zone, goes_by_date=True)
    except OldApprovalError:
        return replace(row, late=Late.OLD, scheduled=newest)
    return replace(row, scheduled=newest)


def _late(workspace: Workspace, row: AgendaRow, now: datetime, *, dated: bool, date: datetime | None) -> Late | None:
    """`date` is what the schedule has, `dated` whether the file has one itself."""
    if row.standing in _OVER or row.standing is Standing.BROKEN:
        return None
    if not dated:
        return Late.UNDATED
    if row.at - now < _NEAR and not _may_go(workspace, row.standing):
        return Late.IS if row.at <= now else Late.SOON
    return Late.MOVED if date is not None and row.at > date else None


def _standing(workspace: Workspace, ledger: Ledger | None, slug: str, now: datetime) -> Standing:
    known = dispatched(ledger, workspace, slug) if ledger else None
    if known is not None:
        return known.standing
    return timed(draft(workspace, workspace.issues / f"{slug}.yaml"), workspace, now)[0]


def _left_behind(
    workspace: Workspace, slug: str, when: datetime, now: datetime, armed_at: datetime | None
) -> AgendaRow | None:
    """An issue that might go, but that `--due` never begins with any more; as `status` has it."""
    path = workspace.issues / f"{slug}.yaml"
    if workspace.settings.schedule.require_approval and not folder_of(path).exists():
        return None
    found = draft(workspace, path)
    standing, is_missed = timed(found, workspace, now)
    is_before = standing is Standing.DUE and (armed_at is None or when < armed_at)
    if not (is_missed or is_before) or went_out(workspace, slug):
        return None
    return AgendaRow(when, slug, found.standing, Late.MISSED if is_missed else Late.BEFORE)


def _may_go(workspace: Workspace, standing: Standing | None) -> bool:
    if not workspace.settings.schedule.require_approval and standing in {Standing.DRAFT, Standing.CHANGED}:
        return True
    return standing in _GOES
