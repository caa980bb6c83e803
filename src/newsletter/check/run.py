"""Run every rule over an issue and its editions: `check_issue(issue, editions, workspace, file, audience)`.

Touches: the issue's file and the settings' file, to find the places; the workspace's templates and pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.edition.data_set import DataSet
from newsletter.edition.edition import Edition
from newsletter.edition.picture_facts import picture_facts
from newsletter.edition.strange_templates import strange_templates
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace

from .audience import AudienceSummary
from .choices import choices_of
from .comments import comments_in
from .finding import Finding, Severity
from .material import Material, Sheet, issue_links
from .outside import Outside, idle_rules
from .page import read_page
from .place_findings import Teller
from .places.in_letter import one_for_each
from .places.source import IssueSource, read_source
from .rules import RULES
from .rules.file import unused


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found; errors first, then by place."""

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    """What newsletter.toml or a comment in the issue says to ignore; each with the reason."""


def check_issue(
    issue: Issue,
    editions: Sequence[Edition],
    workspace: Workspace,
    file: str,
    audience: AudienceSummary | None = None,
) -> list[Finding]:
    """Every finding that counts. `file` is the issue's, relative to the workspace.

    Without an `audience` its rules, and those of sizes, have nothing to say.
    SettingsError where newsletter.toml speaks of a rule that does not exist.
    """
    return list(examine(issue, editions, workspace, file, audience).findings)


def examine(
    issue: Issue,
    editions: Sequence[Edition],
    workspace: Workspace,
    file: str,
    audience: AudienceSummary | None = None,
    outside: Outside | None = None,
) -> Examined:
    """As `check_issue`, and what is ignored besides; `outside` is what was looked up outside, if anything was."""
    source = read_source(issue.path, file)
    material = _material(issue, editions, workspace, audience, source, outside)
    teller = Teller(material, source, choices_of(workspace.settings, RULES, workspace.root), workspace)
    findings = [teller.finding(rule, found) for rule in RULES.values() for found in rule.look(material)]
    if audience and audience.is_known:
        # Without an audience not every rule could look, so that a comment may only seem to be needless.
        needless = teller.needless(frozenset(RULES) - idle_rules(material.outside))
        findings += [teller.finding(RULES["unused-ignore"], unused(*one)) for one in needless]
    merged = sorted(one_for_each(findings), key=partial(_order, material.language))
    return Examined(
        tuple(finding for finding in merged if not finding.ignored),
        tuple(finding for finding in merged if finding.ignored),
    )


def _material(
    issue: Issue,
    editions: Sequence[Edition],
    workspace: Workspace,
    audience: AudienceSummary | None,
    source: IssueSource,
    outside: Outside | None,
) -> Material:
    return Material(
        issue,
        tuple(Sheet(edition, read_page(edition.html)) for edition in editions),
        workspace.settings,
        audience or AudienceSummary(),
        tuple(issue_links(issue)),
        strange_templates(workspace.root),
        comments_in(source),
        outside or Outside(),
        picture_facts(issue, workspace),
        tuple(DataSet(issue, workspace).texts()),
        tuple(rule.id for rule in RULES.values() if not rule.is_fixed),
        workspace.templates,
    )


def _order(language: str, finding: Finding) -> tuple[bool, str, int, int, str, str, int]:
    return (
        finding.severity is not Severity.ERROR,
        finding.file,
        finding.line or 0,
        finding.column or 0,
        finding.rule,
        finding.message.in_language(language),
        finding.letter.index if finding.letter else 0,
    )
