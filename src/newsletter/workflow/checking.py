"""Check an issue as it would be sent: the file, every edition, the whole audience. Touches: the workspace's files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.issue.find import find_issue
from newsletter.report.audience import audience_words
from newsletter.report.words import counted
from newsletter.settings.workspace import Workspace

from .audience import subscriber_file
from .letter import Letter, open_letter, render_all
from .suppressed import known_suppressed
from .survey import Advance, sizes_alone, survey

UNREADABLE = "issue-file"
"""Rule id of whatever keeps an issue from being loaded at all."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings of one issue; errors stop a send."""

    slug: str
    findings: tuple[Finding, ...]
    audience: AudienceSummary = field(default_factory=AudienceSummary)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def exit_code(self) -> int:
        return InputError.exit_code if self.errors else 0

    def to_json(self) -> str:
        findings = [finding.to_json() for finding in self.findings]
        return json.dumps({"issue": self.slug, "findings": findings}, ensure_ascii=False, indent=2)

    def summary(self) -> str:
        errors = len(self.errors)
        warnings = len(self.findings) - errors
        told = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}" if self.findings else "nothing found"
        return "\n".join([f"{self.slug}: {told}", *audience_words(self.audience)])


def check(workspace: Workspace, given: str | None, advance: Advance | None = None) -> CheckReport:
    """Load, render and check one issue against the subscriber file, or the example where there is none."""
    path = find_issue(workspace, given)
    try:
        letter = open_letter(workspace, str(path))
        editions = render_all(letter, workspace)
    except InputError as error:
        return CheckReport(path.stem, _as_findings(error))
    audience, unreadable = look_at(workspace, letter, editions, advance)
    found = findings(letter, editions, workspace, audience)
    return CheckReport(letter.issue.slug, (*unreadable, *found), audience)


def look_at(
    workspace: Workspace,
    letter: Letter,
    editions: Mapping[str, Edition],
    advance: Advance | None = None,
    *,
    or_example: bool = True,
) -> tuple[AudienceSummary, tuple[Finding, ...]]:
    """The audience in numbers, and what keeps its file from being read; without a file, nobody.

    For who only looks: the example's subscribers may do, and who is suppressed is known where a ledger is at hand.
    """
    try:
        path = subscriber_file(workspace, or_example=or_example)
    except InputError:  # whether there is one is the business of `send`
        return sizes_alone(letter.issue, editions, workspace.settings), ()
    is_suppressed = known_suppressed(workspace)
    try:
        return survey(letter.issue, editions, workspace.settings, path, is_suppressed, advance), ()
    except InputError as error:
        return sizes_alone(letter.issue, editions, workspace.settings), _as_findings(error)


def _as_findings(error: InputError) -> tuple[Finding, ...]:
    return tuple(_as_finding(problem) for problem in error.problems or (Problem(error.message, hint=error.hint),))


def findings(
    letter: Letter, editions: Mapping[str, Edition], workspace: Workspace, audience: AudienceSummary
) -> tuple[Finding, ...]:
    """What the rules say about these editions and this audience."""
    return tuple(check_issue(letter.issue, list(editions.values()), workspace.settings, letter.file, audience))


def refuse_errors(found: Iterable[Finding], letter: Letter) -> None:
    """Raise InputError (65) with every finding that is an error."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise InputError(
            problems=[_as_problem(finding) for finding in errors],
            hint=f"All findings: newsletter check {letter.issue.slug}",
        )


def _as_problem(finding: Finding) -> Problem:
    return Problem(
        f"{finding.message} [{finding.rule}]",
        finding.file,
        finding.line,
        finding.column,
        excerpt=finding.excerpt,
        hint=finding.hint,
    )


def _as_finding(problem: Problem) -> Finding:
    where = f"{problem.path}: " if problem.path else ""
    return Finding(
        rule=UNREADABLE,
        severity=Severity.ERROR,
        message=f"{where}{problem.message}",
        file=problem.file,
        line=problem.line,
        column=problem.column,
        hint=problem.hint,
        excerpt=problem.excerpt,
    )
