"""The panel of findings: what `check` says of the issue, with the places in the letter that is shown.

Touches: nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from newsletter.catalogue import SILENCE, Said
from newsletter.check.finding import Finding, Severity
from newsletter.errors import NewsletterError, Problem
from newsletter.web.letter_frame.numbered_tags import tag_lines
from newsletter.web.studio.model import Asked, View
from newsletter.web.studio.workspace_letters import Snapshot, problems_of
from newsletter.workflow.check import UNREADABLE


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding of `newsletter check`, for a person."""

    number: int
    """Counts from 1 in the order of the list."""
    rule: str
    severity: Literal["error", "warning"]
    message: Said
    why: Said
    hint: Said
    """How to mend it."""
    source: str
    """Where the fact comes from: words, often with a URL in them; may be empty."""
    place: str
    """`issues/2026-11.yaml:23:5`; empty where there is none."""
    excerpt: str
    """Lines to be shown with fixed width, the last may be a caret; may be empty."""
    path: str = ""
    """Where in the data of a file that cannot be read: `sections[2].body`."""
    tag: int | None = None
    """The start tag in the framed letter (its `data-tag`); None: not in this letter."""
    line: int | None = None
    """Line of `View.html`, from 1, where that tag stands."""

    @property
    def jumps(self) -> bool:
        """Whether there is a place in the framed letter to jump to."""
        return self.tag is not None


@dataclass(frozen=True, slots=True)
class Findings:
    """The panel `findings`, errors first; `ignored` counts those that settings or comments leave out, with a reason."""

    findings: tuple[ShownFinding, ...] = ()
    ignored: int = 0

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.findings)


def findings_panel(now: Snapshot, asked: Asked) -> Findings:
    """Of all editions; what keeps the issue from being loaded or looked at is a finding too."""
    view = now.load(asked)
    if view.problems:
        return _broken_findings(view.problems)
    try:
        checked = now.checked(now.path(asked))
    except NewsletterError as error:
        # What is shown is one edition; another may be broken, or what newsletter.toml says of the rules.
        return _broken_findings(problems_of(error))
    return _shown_findings(checked.findings, view, checked.ignored)


def _shown_findings(found: Sequence[Finding], view: View, ignored: int) -> Findings:
    """The findings, with their places in the letter that is shown."""
    lines = tag_lines(view.html)
    return Findings(tuple(_shown(number, one, view, lines) for number, one in enumerate(found, start=1)), ignored)


def _broken_findings(problems: Sequence[Problem]) -> Findings:
    """What keeps an issue from being loaded, as findings."""
    return Findings(
        tuple(
            ShownFinding(
                number=number,
                rule=UNREADABLE,
                severity="error",
                message=one.message,
                why=SILENCE,
                hint=one.hint,
                source="",
                place=_place(one.file, one.line, one.column),
                excerpt=one.excerpt,
                path=one.path,
            )
            for number, one in enumerate(problems, start=1)
        )
    )


def _shown(number: int, found: Finding, view: View, lines: Sequence[int]) -> ShownFinding:
    index = next((place.index for place in found.letters if place.variant == view.variant), None)
    if index is not None and index >= len(lines):
        index = None
    return ShownFinding(
        number=number,
        rule=found.rule,
        severity="error" if found.severity is Severity.ERROR else "warning",
        message=found.message,
        why=found.why,
        hint=found.hint,
        source=found.source,
        place=found.place,
        excerpt=found.excerpt or (found.letter.excerpt if found.letter else ""),
        tag=index,
        line=None if index is None else lines[index],
    )


def _place(file: str, line: int | None, column: int | None) -> str:
    return ":".join(str(part) for part in (file, line, column) if part not in ("", None))
