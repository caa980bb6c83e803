"""Hold a rendered issue and its audience against the rules, refuse what is wrong. Touches: the workspace's files."""

from collections.abc import Iterable, Mapping

from newsletter.catalogue import phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity, hints_once
from newsletter.check.outside import Outside
from newsletter.check.rules import RULES
from newsletter.check.run import Examined, check_issue, examine
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.excerpt import MARGIN
from newsletter.settings.workspace import Workspace

from .letter import Letter


def findings(
    letter: Letter, editions: Mapping[str, Edition], workspace: Workspace, audience: AudienceSummary
) -> tuple[Finding, ...]:
    """What the rules say about these editions and this audience, as far as it counts."""
    return tuple(check_issue(letter.issue, list(editions.values()), workspace, letter.file, audience))


def examined(
    letter: Letter,
    editions: Mapping[str, Edition],
    workspace: Workspace,
    audience: AudienceSummary,
    outside: Outside | None = None,
) -> Examined:
    """The same, with what is ignored besides, and what was looked up outside, if anything was."""
    return examine(letter.issue, list(editions.values()), workspace, letter.file, audience, outside)


def refuse_errors(found: Iterable[Finding], letter: Letter) -> None:
    """Raise InputError (65) with every finding that is an error for who approves or sends."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR or _stops_sending(finding)]
    if errors:
        raise InputError(
            problems=[_as_problem(finding) for finding in hints_once(errors)],
            hint=phrase("workflow.check.all_findings", slug=letter.issue.slug),
        )


def _stops_sending(finding: Finding) -> bool:
    rule = RULES.get(finding.rule)
    return rule is not None and rule.stops_sending


def _as_problem(finding: Finding) -> Problem:
    message = finding.with_rule()
    if finding.line is None and finding.letter:
        return Problem(message, finding.place, excerpt=f"{MARGIN}{finding.letter.excerpt}", hint=finding.hint)
    return Problem(message, finding.file, finding.line, finding.column, excerpt=finding.excerpt, hint=finding.hint)
