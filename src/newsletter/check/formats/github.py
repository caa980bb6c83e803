"""Findings as annotations of GitHub Actions, which shows them on the lines of a pull request. Touches: nothing.

Limits: GitHub shows ten errors and ten warnings of a step; all of them stand in its log.
"""

from collections.abc import Iterable, Iterator

from newsletter.check.finding import Finding


def annotations(findings: Iterable[Finding], prefix: str = "") -> Iterator[str]:
    """A line for each; `prefix` is the workspace's folder in the repository, empty or with a slash at its end."""
    for finding in findings:
        if finding.ignored:
            continue
        place = {"file": f"{prefix}{finding.file}", "line": finding.line, "col": finding.column, "title": finding.rule}
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value)
        told = "\n".join(part for part in (_message(finding), finding.hint, finding.why) if part)
        yield f"::{finding.severity} {properties}::{_data(told)}"


def _message(finding: Finding) -> str:
    if finding.line is None and finding.letter:
        return f"{finding.message}\n{finding.place}: {finding.letter.excerpt}"
    return finding.message


def _data(text: str) -> str:
    """As @actions/core escapes the words of a command; a bare line end would begin another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
