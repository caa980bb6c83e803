"""What `check` found in an issue, with what it looked at; check/formats/ writes it. Touches: nothing."""

from dataclasses import dataclass, field

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity
from newsletter.check.fixing import Replacement
from newsletter.check.outside import Outside
from newsletter.errors import InputError

from .audience import audience_words


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings of one issue; errors stop a send."""

    slug: str
    findings: tuple[Finding, ...]
    audience: AudienceSummary = field(default_factory=AudienceSummary)
    ignored: tuple[Finding, ...] = ()
    """What newsletter.toml or a comment in the issue says to ignore."""
    outside: Outside = field(default_factory=Outside)
    fixed: tuple[Replacement, ...] | None = None
    """What `--fix` replaced before; None where nobody asked for it."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def exit_code(self) -> int:
        return InputError.exit_code if self.errors else 0

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
        points = f"{max(report.points for report in outside.spam.values()) + 0:g}"
        words.append(phrase("report.findings.spam_points", points=points, editions=len(outside.spam)))
    return words
