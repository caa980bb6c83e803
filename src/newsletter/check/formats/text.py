"""Findings for a person at a terminal: each with its place, its line and what to do. Touches: nothing."""

from collections.abc import Iterator, Sequence

from newsletter.catalogue import phrase
from newsletter.check.finding import Finding, hints_once

from . import CheckedIssue, FormatOptions


def write(issues: Sequence[CheckedIssue], options: FormatOptions) -> str:
    """An empty line between two findings, but for lone lines of one rule; all that is known if `verbose`."""
    return "\n\n".join(text for issue in issues if (text := _of_issue(issue, options)))


def _of_issue(issue: CheckedIssue, options: FormatOptions) -> str:
    told = ""
    former = ("", "")
    for finding in hints_once(issue.findings):
        text = "\n".join(_told(finding, options))
        # Rows with the same fault stand close together.
        again = former[0] == finding.rule and "\n" not in former[1] + text
        told += ("\n" if again else "\n\n") + text
        former = (finding.rule, text)
    if options.verbose:
        ignored = (phrase("check.formats.ignored", finding=one, reason=one.ignored) for one in issue.ignored)
        told += "".join(f"\n\n{one.in_language(options.language)}" for one in ignored)
    return told.strip("\n")


def _told(finding: Finding, options: FormatOptions) -> Iterator[str]:
    yield finding.in_language(options.language)
    if options.verbose:
        yield from filter(None, (finding.why.in_language(options.language), finding.source))
        # Without a line, the place in the letter stands in front.
        if finding.letter and finding.line:
            letter = finding.letter
            where = phrase("check.formats.in_the_html", variant=letter.variant, line=letter.line, column=letter.column)
            yield f"{where.in_language(options.language)}: {letter.excerpt}"
