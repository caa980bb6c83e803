"""Findings as annotations of GitHub Actions, which shows them on the lines of a pull request. Touches: nothing.

Limits: GitHub shows ten errors and ten warnings of a step; all of them stand in its log.
"""

from collections.abc import Iterator, Sequence

from newsletter.check.finding import Finding

from . import CheckedIssue, FormatOptions


def write(issues: Sequence[CheckedIssue], options: FormatOptions) -> str:
    """A line for each finding."""
    return "\n".join(line for issue in issues for line in _annotations(issue, options))


def _annotations(issue: CheckedIssue, options: FormatOptions) -> Iterator[str]:
    for finding in issue.findings:
        file = f"{options.prefix}{finding.file}"
        place = {"file": file, "line": finding.line, "col": finding.column, "title": finding.rule}
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value)
        yield f"::{finding.severity} {properties}::{_data(_told(finding, options.language))}"


def _told(finding: Finding, language: str) -> str:
    where = f"{finding.place}: {finding.letter.excerpt}" if finding.line is None and finding.letter else ""
    said = (finding.message.in_language(language), where)
    more = (words.in_language(language) for words in (finding.hint, finding.why))
    return "\n".join(filter(None, (*said, *more)))


def _data(text: str) -> str:
    """As @actions/core escapes the words of a command; a bare line end would begin another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
