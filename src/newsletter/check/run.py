"""Run every rule over an issue and its editions: `check_issue(issue, editions, settings, file, audience)`.

Touches: the issue's file, to find the places.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.edition.edition import Edition
from newsletter.edition.variants import variant_chooser
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.settings.model import Settings

from .audience import AudienceSummary, summarise
from .finding import Finding, Severity
from .material import DataPath, Material, Sheet
from .page import read_page
from .registry import Found, Rule
from .rules import RULES

Place = tuple[int | None, int | None]


def check_issue(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    file: str,
    audience: Iterable[Subscriber | BadRow] | None = None,
    audience_file: str = "",
) -> list[Finding]:
    """Every finding, errors first, then by place. `file` is the issue's, relative to the workspace.

    Messages are in the newsletter's language. `audience` is read once; `audience_file` is its name in findings.
    """
    summary = None
    if audience is not None:
        summary = _summary(issue, editions, settings, audience, audience_file or settings.audience.csv)
    sheets = tuple(Sheet(edition, read_page(edition.html)) for edition in editions)
    material = Material(issue, sheets, settings, summary)
    place = cache(partial(_place, issue, file))
    findings = {
        _finding(rule, found, settings.newsletter.language, file, place)
        for rule in RULES.values()
        for found in rule.look(material)
    }
    return sorted(findings, key=_order)


def _summary(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    rows: Iterable[Subscriber | BadRow],
    file: str,
) -> AudienceSummary:
    needed = {edition.variant: edition.required_keys() for edition in editions}
    choose = variant_chooser(issue, settings.newsletter.language)
    return summarise(rows, file, lambda subscriber: choose(subscriber.language, subscriber.tags), needed)


def _finding(rule: Rule, found: Found, language: str, file: str, place: Callable[[DataPath], Place]) -> Finding:
    korean = language == "ko"
    line, column = (found.line, None) if found.file else place(found.path)
    return Finding(
        rule=rule.id,
        severity=found.severity or rule.severity,
        message=found.ko if korean else found.en,
        file=found.file or file,
        line=line,
        column=column,
        hint=found.ko_hint if korean else found.en_hint,
    )


def _place(issue: Issue, file: str, path: DataPath) -> Place:
    """Line and column of a value in the issue's file; of nothing, where the finding comes from no single value."""
    if not path:
        return None, None
    root = issue.path.as_posix().removesuffix(file)
    problem = problem_in(issue.path, workspace_root=Path(root), where=path, message="")
    return problem.line, problem.column


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str]:
    return (
        finding.severity is not Severity.ERROR,
        finding.file,
        finding.line or 0,
        finding.column or 0,
        finding.rule,
        finding.message,
    )
