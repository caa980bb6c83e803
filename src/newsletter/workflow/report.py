"""Report on an issue, or on all: a page, JSON, CSV.

Touches: the ledger, the workspace's files and git, for reading; the folder that is given; where `[report] keep` asks
for it the file that keeps the numbers. An issue that was never planned is a report of noughts, as for `status`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.issue.find import find_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.report.audit import as_csv, csv_line, masked_row
from newsletter.report.figures import FEW, ShortFigures
from newsletter.report.headway import planning
from newsletter.report.issue_figures import never_planned_figures
from newsletter.report.issue_json import CSV_OF_ISSUES, issue_cells, issues_as_json, report_as_json
from newsletter.report.issue_report import IssueReport, in_order, issues_before, with_kept
from newsletter.settings.workspace import Workspace

from .steps.audit_rows import delivery_rows
from .steps.files import write_files
from .steps.issue_report import empty_report, look_into, whose_times_are_known
from .steps.kept_report import KeptReports, kept_if_asked, kept_name, kept_reports
from .steps.letter import known_slug
from .steps.newsletter import open_own_ledger

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Reported:
    """What a command is told: reports, or all issues in short, and what went wrong beside it."""

    reports: tuple[IssueReport, ...]
    issues: tuple[ShortFigures, ...] = ()
    warnings: tuple[Said, ...] = ()


def report_folder(workspace: Workspace) -> Path:
    """Where pages go if nobody says; from the current folder on, where it is below that."""
    folder, here = workspace.root / "build" / "report", Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def report(workspace: Workspace, given: str | None, *, full: bool = False) -> Reported:
    """On one issue, left out: the one that was planned last, else the newest; `full`: addresses in full.

    UsageError (64) for an issue nobody knows.

    RefusedError (77) where the ledger does not know this newsletter.
    """
    kept, wrong = kept_reports(workspace)
    with _looked_into(workspace) as (ledger, missing):
        slug = _slug_of(workspace, given, ledger, kept)
        record = ledger.find(workspace.settings.newsletter.list_id, slug) if ledger else None
        if ledger and record:
            found = look_into(workspace, ledger, record, kept, full=full)
            wrong += kept_if_asked(workspace, found)
            return Reported((found,), warnings=(*wrong, *found.discrepancies))
        why = _being_planned(workspace, ledger, slug) if ledger else missing
    return Reported((_without_ledger(workspace, given, slug, kept, why),), warnings=tuple(wrong))


def report_on_all(workspace: Workspace, *, full: bool = False, pages: bool = True) -> Reported:
    """On every issue that the ledger or git knows; with `pages` also each by itself."""
    newsletter = workspace.settings.newsletter.list_id
    kept, wrong = kept_reports(workspace)
    reports: list[IssueReport] = []
    with _looked_into(workspace) as (ledger, _):
        timed = whose_times_are_known(ledger, newsletter, kept) if ledger else set()
        accounts = ledger.accounts_in_short(newsletter, _zone(workspace), timed) if ledger else []
        issues = in_order(with_kept(accounts, kept, datetime.now(UTC)))
        for one in issues if pages else ():
            record = ledger.find(newsletter, one.issue) if ledger else None
            if ledger and record:
                alone = look_into(workspace, ledger, record, {}, full=full, compared=0)
                reports.append(replace(alone, compared=tuple(issues_before(alone.figures, issues))))
                wrong += kept_if_asked(workspace, reports[-1])
            else:
                reports.append(_from_kept(workspace, one.issue, kept))
    discrepancies = (said for one in reports for said in one.discrepancies)
    return Reported(tuple(reports), tuple(issues), (*wrong, *discrepancies))


def write_report_pages(workspace: Workspace, found: Reported, out: Path | None, language: str) -> list[Path]:
    """The pages of these reports; before them that of all issues, where it was asked for. CannotWriteError (73)."""
    from newsletter.report.page import ReportPages

    newsletter = workspace.settings.newsletter
    pages = ReportPages(language, newsletter.timezone)
    files = {f"{one.figures.issue}.html": pages.issue(one).encode() for one in found.reports}
    if found.issues or not found.reports:
        index = pages.all_issues(found.issues, newsletter.name, datetime.now(UTC))
        files = {INDEX: index.encode(), **files}
    return write_files(out or report_folder(workspace), files)


def report_json(workspace: Workspace, found: Reported) -> str:
    """Of the one issue, or of all."""
    if found.issues or not found.reports:
        return issues_as_json(workspace.settings.newsletter.list_id, found.issues)
    return report_as_json(found.reports[0])


def issues_csv(found: Reported) -> Iterator[str]:
    """One line for each issue, below a header."""
    yield csv_line(CSV_OF_ISSUES)
    yield from (csv_line(issue_cells(one)) for one in found.issues)


def deliveries_csv(workspace: Workspace, given: str | None, *, full: bool = False) -> Iterator[str]:
    """One line for each delivery, in the columns of `ledger export --csv`; the header alone where there is none."""
    with _looked_into(workspace) as (ledger, _):
        slug = _slug_of(workspace, given, ledger, {})
        record = ledger.find(workspace.settings.newsletter.list_id, slug) if ledger else None
        if not (ledger and record):
            find_issue(workspace, given, may_begin=False)  # one that is not there is refused as such
            yield from as_csv(())
            return
        rows = delivery_rows(workspace, ledger, record, identified=full)
        named = {one.domain for one in ledger.account(record.id, few=FEW, compared=0, zone=_zone(workspace)).domains}
        yield from as_csv(rows if full else (masked_row(row, named) for row in rows))


def _slug_of(workspace: Workspace, given: str | None, ledger: Ledger | None, kept: KeptReports) -> str:
    """Left out, the issue that was planned last: the newest file may be a draft of the next one."""
    if given is not None:
        return known_slug(workspace, given)
    if ledger and (planned := ledger.dispatches(workspace.settings.newsletter.list_id)):
        return planned[-1].slug
    if known := [one for one in kept.values() if one.planned_at]:
        return max(known, key=lambda one: one.planned_at or datetime.min.replace(tzinfo=UTC)).issue
    return known_slug(workspace, None)


@contextmanager
def _looked_into(workspace: Workspace) -> Iterator[tuple[Ledger | None, Said]]:
    """The ledger, or why there is none."""
    try:
        ledger = open_own_ledger(workspace, Purpose.READ, readers=False)
    except LedgerLostError as error:
        yield None, lines(error.message, error.hint)
        return
    except LedgerMissingError:
        yield None, SILENCE
        return
    with ledger:
        yield ledger, SILENCE


def _without_ledger(workspace: Workspace, given: str | None, slug: str, kept: KeptReports, why: Said) -> IssueReport:
    """What git keeps of it; else noughts."""
    if slug in kept:
        return _from_kept(workspace, slug, kept)
    path = find_issue(workspace, given, may_begin=False)  # one that is not there is refused as such
    figures = never_planned_figures(path.stem, workspace.settings.newsletter.list_id)
    note = lines(phrase("report.status.never_planned", slug=path.stem), why)
    return empty_report(workspace, figures, note=note)


def _zone(workspace: Workspace) -> ZoneInfo:
    return ZoneInfo(workspace.settings.newsletter.timezone)


def _being_planned(workspace: Workspace, ledger: Ledger, slug: str) -> Said:
    newsletter = workspace.settings.newsletter
    planners = ledger.planners(newsletter.list_id, slug)
    return lines(*(planning(one, newsletter.timezone) for one in planners if one.lives))


def _from_kept(workspace: Workspace, slug: str, kept: KeptReports) -> IssueReport:
    note = phrase("workflow.report.from_kept", file=kept_name(slug))
    found = empty_report(workspace, kept[slug], note=note)
    return replace(found, compared=tuple(issues_before(found.figures, kept.values())))
