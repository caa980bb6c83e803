"""Run every rule over an issue and its editions: `check_issue(issue, editions, settings, file, audience)`.

Touches: the issue's file, to find the places; the workspace's templates.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from newsletter.edition.edition import Edition
from newsletter.edition.strange_templates import strange_templates
from newsletter.errors import Problem
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.issue.tree import DataPath
from newsletter.settings.model import Settings

from .audience import AudienceSummary
from .finding import Finding, Severity
from .issue_links import issue_links
from .material import Material, Sheet
from .material import texts_of as texts_of_issue
from .page import read_page
from .places import letter_place, one_for_each
from .registry import Found, Rule
from .rules import RULES
from .texts import texts_of

_NOWHERE = Problem("")


def check_issue(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    file: str,
    audience: AudienceSummary | None = None,
) -> list[Finding]:
    """Every finding, errors first, then by place. `file` is the issue's, relative to the workspace.

    Messages are in the newsletter's language. Without an `audience` its rules, and those of sizes, have nothing to say.
    """
    sheets = tuple(Sheet(edition, read_page(edition.html)) for edition in editions)
    strange = strange_templates(_root(issue, file))
    links = tuple(issue_links(texts_of_issue(issue)))
    material = Material(issue, sheets, settings, audience or AudienceSummary(), links, strange)
    place = cache(partial(_place, issue, file))
    findings = (
        _finding(rule, found, settings.newsletter.language, file, place)
        for rule in RULES.values()
        for found in rule.look(material)
    )
    return sorted(one_for_each(findings), key=_order)


def _finding(
    rule: Rule, found: Found, language: str, file: str, place: Callable[[DataPath, str, int], Problem]
) -> Finding:
    korean = language == "ko"
    texts = texts_of(rule)
    letters = (letter_place(found.sheet, found.tag),) if found.sheet and found.tag else ()
    at = Problem("", line=found.line) if found.file else place(found.path, found.sought, found.nth)
    return Finding(
        rule=rule.id,
        severity=found.severity or rule.severity,
        message=found.ko if korean else found.en,
        file=found.file or file,
        line=at.line,
        column=at.column,
        hint=(found.ko_hint if korean else found.en_hint) or (texts.mend.in_language(language) if texts else ""),
        excerpt=at.excerpt,
        why=texts.why.in_language(language) if texts else "",
        source=texts.source if texts else "",
        letters=letters,
    )


def _place(issue: Issue, file: str, path: DataPath, sought: str, nth: int) -> Problem:
    """Where a value, or what is sought in it, stands in the issue's file; nowhere, if it comes from no single value."""
    if not path:
        return _NOWHERE
    root = _root(issue, file)
    return problem_in(issue.path, workspace_root=root, where=path, message="", sought=sought, nth=nth)


def _root(issue: Issue, file: str) -> Path:
    return Path(issue.path.as_posix().removesuffix(file))


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str, int]:
    return (
        finding.severity is not Severity.ERROR,
        finding.file,
        finding.line or 0,
        finding.column or 0,
        finding.rule,
        finding.message,
        finding.letter.index if finding.letter else 0,
    )
