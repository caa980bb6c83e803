"""One thing that a rule found: its id, how bad it is, what it says, and where. Touches: nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from newsletter.catalogue import SILENCE, Said, Verbatim, lines, phrase
from newsletter.excerpt import MARGIN
from newsletter.issue.tree import DataPath


class Severity(StrEnum):
    ERROR = "error"
    """Stops a send."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class LetterPlace:
    """Where in the HTML of an edition; line and column count from 1."""

    variant: str
    line: int
    column: int
    index: int
    """Of the start tag: how many stand before it (`Tag.index`)."""
    excerpt: str = ""
    """The start tag, at most 120 characters, merge fields as `{{ subscriber.name }}`."""

    def to_json(self) -> dict[str, Any]:
        return {"variant": self.variant, "line": self.line, "column": self.column}


def hints_once(findings: Iterable["Finding"]) -> Iterator["Finding"]:
    """For a person: of rows with the same fault only the first says why it matters and what to do about it."""
    told: set[tuple[str, Said]] = set()
    for finding in findings:
        fault = (finding.rule, finding.hint)
        is_row = not finding.excerpt and not finding.letters
        yield replace(finding, hint=SILENCE, why=SILENCE, source="") if is_row and fault in told else finding
        told.add(fault)


@dataclass(frozen=True, slots=True)
class Finding:
    """What it says becomes words when it is shown; line and column count from 1, in the file as stored."""

    rule: str
    severity: Severity
    message: Said
    file: str = ""
    line: int | None = None
    column: int | None = None
    hint: Said = SILENCE
    """What to do about it."""
    excerpt: str = ""
    """The line of the issue itself and, under it, a caret."""
    why: Said = SILENCE
    """Why it matters to a reader."""
    source: str = ""
    """Where that is known from: a standard, a law, a table of what mail programs support."""
    letters: tuple[LetterPlace, ...] = ()
    """Where in the HTML, for each edition that has it."""
    ignored: str = ""
    """The reason why somebody decided to ignore it; empty: nobody did."""
    ignored_here: bool = False
    """By a comment in the issue, and not by newsletter.toml."""
    path: DataPath = field(default=(), compare=False)
    """Where in the data of the issue; what is found in several places of one line is still one finding."""

    @property
    def letter(self) -> LetterPlace | None:
        """Where in the HTML of the first edition that has it."""
        return self.letters[0] if self.letters else None

    def to_json(self) -> dict[str, Any]:
        """For scripts, whose words must not change with a newsletter's language: in English."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "message": str(self.message),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "hint": str(self.hint),
            "why": str(self.why),
            "source": self.source,
            "html": self.letter.to_json() if self.letter else None,
        }

    @property
    def place(self) -> str:
        """`issues/2026-11.yaml:23:5`, or where it is in the HTML that `render` writes: `2026-11.html [ko] 40:7`."""
        if self.line is None and self.letter:
            return (
                f"{PurePosixPath(self.file).stem}.html [{self.letter.variant}] {self.letter.line}:{self.letter.column}"
            )
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))

    def in_language(self, language: str) -> str:
        """As errors of a file read (docs/design.md 4.2), `issues/2026-11.yaml:23:5: …`; a warning says so."""
        label = SILENCE if self.severity is Severity.ERROR else phrase("check.finding.warning")
        return self._told(label).in_language(language)

    def __str__(self) -> str:
        return self.in_language("en")

    def without_severity(self) -> Said:
        """For a list that says already how bad its findings are."""
        return self._told(SILENCE)

    def _told(self, severity: Said) -> Said:
        head = self.with_rule()
        for label in (severity, Verbatim(self.place)):
            if label != SILENCE:
                head = phrase("check.finding.labelled", label=label, said=head)
        return lines(head, Verbatim(self.excerpt or self._tag()), self.hint)

    def with_rule(self) -> Said:
        """The message, and the rule's id behind it."""
        return phrase("check.finding.with_rule", message=self.message, rule=self.rule)

    def _tag(self) -> str:
        return f"{MARGIN}{self.letter.excerpt}" if self.letter and self.line is None else ""
