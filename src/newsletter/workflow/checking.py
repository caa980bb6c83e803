"""Check an issue as it would be sent: the file, every edition, the whole audience. Touches: the workspace's files."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.audience.read import read_layout, read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.check.finding import Finding, Severity
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.issue.find import find_issue
from newsletter.report.words import counted
from newsletter.settings.workspace import Workspace

from .audience import subscriber_file
from .letter import Letter, open_letter, render_all

UNREADABLE = "issue-file"
"""Rule id of whatever keeps an issue from being loaded at all."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings of one issue; errors stop a send."""

    slug: str
    findings: tuple[Finding, ...]

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
        return f"{self.slug}: {told}"


def check(workspace: Workspace, given: str | None) -> CheckReport:
    """Load, render and check one issue against the subscriber file, or the example where there is none."""
    path = find_issue(workspace, given)
    try:
        letter = open_letter(workspace, str(path))
        editions = render_all(letter, workspace)
    except InputError as error:
        return CheckReport(path.stem, _as_findings(error))
    name, rows, columns = "", None, tuple[str, ...]()
    unreadable: tuple[Finding, ...] = ()
    if (audience := _audience(workspace)) is not None:
        try:
            columns = read_layout(audience).columns
            name, rows = audience.name, read_subscribers(audience)
        except InputError as error:
            unreadable = _as_findings(error)
    found = findings(letter, editions, workspace, rows, name, columns)
    return CheckReport(letter.issue.slug, (*unreadable, *found))


def _audience(workspace: Workspace) -> Path | None:
    """The subscriber file, else the example, else nobody: whether there is one is `send`'s business."""
    try:
        return subscriber_file(workspace, or_example=True)
    except InputError:
        return None


def _as_findings(error: InputError) -> tuple[Finding, ...]:
    return tuple(_as_finding(problem) for problem in error.problems or (Problem(error.message, hint=error.hint),))


def findings(
    letter: Letter,
    editions: Mapping[str, Edition],
    workspace: Workspace,
    audience: Iterable[Subscriber | BadRow] | None,
    name: str,
    columns: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What the rules say about these editions and, if given, this audience; `name` and `columns` are its file's."""
    settings = workspace.settings
    return tuple(check_issue(letter.issue, list(editions.values()), settings, letter.file, audience, name, columns))


def refuse_errors(found: Iterable[Finding], letter: Letter) -> None:
    """Raise InputError (65) with every finding that is an error."""
    errors = [str(finding) for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise InputError("\n".join(errors), hint=f"All findings: newsletter check {letter.issue.slug}")


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
