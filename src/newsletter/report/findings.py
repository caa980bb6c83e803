"""What `check` found, for people and for programs: text, JSON, SARIF, annotations of GitHub. Touches: nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity, hints_once
from newsletter.check.formats.github import annotations
from newsletter.check.formats.sarif import sarif
from newsletter.check.outside import Outside
from newsletter.errors import InputError

from .audience import audience_words

Kind = Literal["json", "sarif", "github"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings of one issue; errors stop a send."""

    slug: str
    findings: tuple[Finding, ...]
    audience: AudienceSummary = field(default_factory=AudienceSummary)
    ignored: tuple[Finding, ...] = ()
    """What newsletter.toml or a comment in the issue says to ignore."""
    outside: Outside = field(default_factory=Outside)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def exit_code(self) -> int:
        return InputError.exit_code if self.errors else 0

    def to_json(self) -> dict[str, Any]:
        return {
            "issue": self.slug,
            "findings": [finding.to_json() for finding in self.findings],
            "ignored": [{**finding.to_json(), "reason": finding.ignored} for finding in self.ignored],
        }

    def summary(self) -> Said:
        """The last words for a person."""
        errors = len(self.errors)
        warnings = len(self.findings) - errors
        told = phrase("report.findings.nothing_found")
        if self.findings:
            told = phrase("report.findings.counts", errors=errors, warnings=warnings)
        ignored = phrase("report.findings.so_many_ignored", count=len(self.ignored)) if self.ignored else SILENCE
        head = phrase("report.findings.summary", slug=self.slug, told=told, ignored=ignored)
        return lines(head, *audience_words(self.audience), *outside_words(self.outside))


def outside_words(outside: Outside) -> list[Said]:
    """What was looked at outside, a line for each look; none where nobody looked."""
    words: list[Said] = []
    if outside.links is not None:
        words.append(phrase("report.findings.links_visited", count=len(outside.links)))
    if outside.spam:
        words.append(phrase("report.findings.spam_points", points=f"{outside.spam.points + 0:g}"))
    return words


def as_text(report: CheckReport, language: str = "en", *, verbose: bool = False) -> str:
    """Each finding with its place, its line and what to do, an empty line between; why and whence when `verbose`."""
    told = ""
    former = None
    for finding in hints_once(report.findings):
        # Rows with the same fault stand close together.
        again = former is not None and former.rule == finding.rule and not finding.hint
        told += ("\n" if again else "\n\n") + _told(finding, language, verbose=verbose)
        former = finding
    if verbose:
        for finding in report.ignored:
            ignored = phrase("report.findings.ignored", finding=str(finding), reason=finding.ignored)
            told += f"\n\n{ignored.in_language(language)}"
    return told.strip("\n")


def _told(finding: Finding, language: str, *, verbose: bool) -> str:
    if not verbose:
        return str(finding)
    letter = finding.letter if finding.line else None  # without a line, the place in the letter stands in front
    shown = ""
    if letter:
        place = f"{letter.line}:{letter.column}"
        html = phrase("report.findings.in_html", variant=letter.variant, place=place, excerpt=letter.excerpt)
        shown = html.in_language(language)
    return "\n".join(part for part in (str(finding), finding.why, finding.source, shown) if part)


def for_programs(reports: Sequence[CheckReport], kind: Kind, *, single: bool, language: str, prefix: str) -> str:
    """JSON, SARIF or annotations of all reports; `single` JSON is that of one issue and no list.

    `prefix` is the workspace's folder in the repository, empty or with a slash at its end.
    """
    if kind == "github":
        return "\n".join(line for report in reports for line in annotations(report.findings, prefix))
    if kind == "sarif":
        found = [finding for report in reports for finding in (*report.findings, *report.ignored)]
        return _json(sarif(found, language, prefix))
    return _json(reports[0].to_json() if single else [report.to_json() for report in reports])


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
