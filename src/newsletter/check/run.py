"""Run every rule over an issue and its editions: `check_issue(issue, editions, settings, file, audience)`.

Touches: the issue's file and the settings' file, to find the places; the workspace's templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.edition.edition import Edition
from newsletter.edition.strange_templates import strange_templates
from newsletter.issue.model import Issue
from newsletter.settings.model import Settings

from .audience import AudienceSummary
from .choices import choices_of
from .comments import comments_in
from .finding import Finding, Severity
from .issue_links import issue_links
from .material import Material, Sheet, texts_of
from .outside import Outside, idle_rules
from .page import read_page
from .places import one_for_each
from .rules import RULES
from .rules.file import unused
from .source import IssueSource, read_source
from .telling import Teller


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found; errors first, then by place."""

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    """What newsletter.toml or a comment in the issue says to ignore; each with the reason."""


def check_issue(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    file: str,
    audience: AudienceSummary | None = None,
) -> list[Finding]:
    """Every finding that counts. `file` is the issue's, relative to the workspace.

    Messages are in the newsletter's language. Without an `audience` its rules, and those of sizes, have nothing to say.
    SettingsError where newsletter.toml speaks of a rule that does not exist.
    """
    return list(examine(issue, editions, settings, file, audience).findings)


def examine(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    file: str,
    audience: AudienceSummary | None = None,
    outside: Outside | None = None,
) -> Examined:
    """As `check_issue`, and what is ignored besides; `outside` is what was looked up outside, if anything was."""
    root = Path(issue.path.as_posix().removesuffix(file))
    source = read_source(issue.path, file)
    material = replace(_material(issue, editions, settings, audience, source, root), outside=outside or Outside())
    teller = Teller(material, source, choices_of(settings, RULES, root))
    findings = [teller.finding(rule, found) for rule in RULES.values() for found in rule.look(material)]
    if audience and audience.file:
        # Without an audience not every rule could look, so that a comment may only seem to be needless.
        needless = teller.needless(frozenset(RULES) - idle_rules(material.outside))
        findings += [teller.finding(RULES["unused-ignore"], unused(*one)) for one in needless]
    merged = sorted(one_for_each(findings), key=_order)
    return Examined(
        tuple(finding for finding in merged if not finding.ignored),
        tuple(finding for finding in merged if finding.ignored),
    )


def _material(
    issue: Issue,
    editions: Sequence[Edition],
    settings: Settings,
    audience: AudienceSummary | None,
    source: IssueSource,
    root: Path,
) -> Material:
    return Material(
        issue,
        tuple(Sheet(edition, read_page(edition.html)) for edition in editions),
        settings,
        audience or AudienceSummary(),
        tuple(issue_links(texts_of(issue))),
        strange_templates(root),
        comments_in(source),
    )


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
