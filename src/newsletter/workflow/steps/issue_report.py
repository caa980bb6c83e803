"""Put the report on an issue together: what the ledger counted, the approval and its commit, what git keeps of others.

Touches: the ledger, the workspace's files and git, for reading only.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from newsletter.catalogue import SILENCE, Said
from newsletter.errors import InputError, RefusedError
from newsletter.ledger.frozen import digest_of
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerBehindError
from newsletter.probes.last_commit import last_commit
from newsletter.report.figures import FEW, IssueFigures
from newsletter.report.issue_figures import never_planned_figures
from newsletter.report.issue_report import COMPARED, ApprovalFacts, IssueReport, report_of
from newsletter.settings.workspace import Workspace

from .approval import MANIFEST, folder_of, read
from .kept_report import KeptReports
from .sent_file import forgotten


def look_into(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    kept: KeptReports,
    *,
    full: bool = False,
    compared: int = COMPARED,
) -> IssueReport:
    """All that is known of one dispatch; `full`: addresses in full, and every domain by its name."""
    timed = whose_times_are_known(ledger, record.newsletter, kept)
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    account = ledger.account(record.id, few=1 if full else FEW, compared=compared, zone=zone, timed=timed)
    disagreements = _disagreements(workspace, ledger, record)
    begun = replace(
        empty_report(workspace, never_planned_figures(record.slug, record.newsletter), full=full),
        discrepancies=disagreements,
        is_behind=bool(disagreements),
        approval=approval_facts(workspace, record),
    )
    return report_of(account, begun, kept)


def empty_report(
    workspace: Workspace, figures: IssueFigures, *, full: bool = False, note: Said = SILENCE
) -> IssueReport:
    """Of an issue about which the ledger says nothing."""
    newsletter = workspace.settings.newsletter
    return IssueReport(figures, newsletter.name, newsletter.timezone, datetime.now(UTC), full=full, note=note)


def whose_times_are_known(ledger: Ledger, newsletter: str, kept: KeptReports) -> set[str]:
    """Issues of which nothing has come to its end since their figures were kept."""
    known = set()
    for slug, figures in kept.items():
        record = ledger.find(newsletter, slug)
        if record is not None and figures.states == ledger.counts(record.id):
            known.add(slug)
    return known


def approval_facts(workspace: Workspace, record: DispatchRecord) -> ApprovalFacts | None:
    """None where nobody approved it, or the files of the approval were touched."""
    folder = folder_of(workspace.issues / f"{record.slug}.yaml")
    try:
        approval = read(folder, record.slug)
    except RefusedError:
        return None
    if approval is None:
        return None
    facts = ApprovalFacts(approval.by, approval.at, digest_of(approval.editions) == record.digest)
    commit = last_commit(folder / MANIFEST, approval.manifest)
    if commit is None:
        return facts
    return replace(facts, commit=commit.id, committed_by=commit.by, committed_at=commit.at)


def _disagreements(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> tuple[Said, ...]:
    """What stands outside of the ledger, and says that more happened than it knows."""
    try:
        ledger.require_newest()
        found = forgotten(workspace, ledger, record.slug)
    except LedgerBehindError as error:
        return (error.message,)
    except InputError as error:
        return tuple(error.problems) or (error.message,)
    return (found.said(),) if found else ()
