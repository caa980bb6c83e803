"""After a run: keep the issue's numbers where that is asked for, and make the page that goes with the operator's mail.

Touches: the ledger, for reading; `issues/<slug>.report.json`. Whatever goes wrong is a warning, and never changes how
the run ended: the word about it goes out all the same. What draws the page is loaded only here.
"""

from dataclasses import replace

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.report.ending import Ending
from newsletter.report.notice_mail import Attachment
from newsletter.settings.workspace import Workspace

_LARGEST = 2_000_000
"""Bytes of a page that goes with a mail; one of ours has some 200,000."""


def with_kept_report(workspace: Workspace, ledger: Ledger, record: DispatchRecord, ending: Ending) -> Ending:
    """The numbers as they are now, and once more those of the issue before, whose readers left until this one."""
    if record.slug == WELCOME or not (workspace.settings.report.keep and ending.has_changed):
        return ending
    try:
        warnings = _keep(workspace, ledger, record)
    except Exception as error:  # noqa: BLE001 - the letters are out, and how that ended is told all the same
        warnings = (phrase("workflow.report.cannot_be_made", slug=record.slug, why=_why(error)),)
    return replace(ending, warnings=(*ending.warnings, *warnings))


def page_for_operator(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, ending: Ending
) -> tuple[Ending, tuple[Attachment, ...]]:
    """The page as a file of a mail; none where nobody gets one, or nothing has changed."""
    if not (workspace.settings.operator.notify and ending.has_changed):
        return ending, ()
    try:
        data = _page(workspace, ledger, record)
    except Exception as error:  # noqa: BLE001 - whatever is wrong about the page, the word about the run goes out
        why = _why(error)
    else:
        if len(data) <= _LARGEST:
            return ending, (Attachment(f"{record.slug}-report.html", "text/html", data),)
        why = phrase("workflow.report.too_large", size=len(data), most=_LARGEST)
    told = phrase("workflow.report.cannot_be_made", slug=record.slug, why=why)
    return replace(ending, warnings=(*ending.warnings, told)), ()


def _why(error: Exception) -> Said:
    if isinstance(error, NewsletterError):
        return error.message
    return phrase("workflow.report.bug", kind=type(error).__name__, words=str(error))


def _keep(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> tuple[Said, ...]:
    from .issue_report import look_into
    from .kept_report import kept_if_asked, kept_reports

    kept, wrong = kept_reports(workspace)
    warnings = tuple(wrong)
    for slug, figures in kept.items():
        if slug != record.slug and figures.departed.until is None:
            former = ledger.find(record.newsletter, slug)
            if former is not None and former.planned_at < record.planned_at:
                warnings += kept_if_asked(workspace, look_into(workspace, ledger, former, {}, compared=0))
    return warnings + kept_if_asked(workspace, look_into(workspace, ledger, record, {}, compared=0))


def _page(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> bytes:
    from newsletter.report.page import ReportPages

    from .issue_report import look_into
    from .kept_report import kept_reports

    kept, _ = kept_reports(workspace)
    newsletter = workspace.settings.newsletter
    pages = ReportPages(newsletter.language, newsletter.timezone)
    return pages.issue(look_into(workspace, ledger, record, kept)).encode()
