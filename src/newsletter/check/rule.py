"""A rule: an id, and a small function that looks at the material and says what it found. Touches: nothing.

A family of rules is a file of rules/ and, for what is told about them, the file of its name in words/: under a rule's
id the texts `finds`, `why` and `mend`, and below it a table for each sentence that the rule says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Phrase, Said
from newsletter.issue.tree import DataPath

from .finding import Severity
from .material import Material, Sheet
from .page import StartTag


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says, and where: a path in the issue, or a line of another file."""

    says: Said
    hint: Said = SILENCE
    """What to do about it; the rule's `mend` where it is silent."""
    path: DataPath = ()
    lacking: str = ""
    """The key beside the one at `path` that is to be written, where it is about what is not there."""
    sought: str = ""
    """What of the text at `path` it is about, if not all of it; after `nth` others."""
    nth: int = 0
    file: str = ""
    line: int | None = None
    at: tuple[int, int] | None = None
    """Line and column in the issue's file, where that is known and no `path`."""
    severity: Severity | None = None
    """Where it differs from the rule's."""
    tag: StartTag | None = None
    """Where in the HTML of `sheet` it is."""
    sheet: Sheet | None = None
    setting: str = ""
    """The key of newsletter.toml that it is about: `sender.address`."""


_Look = Callable[[Material], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    severity: Severity
    source: str
    """Where the fact comes from, with a URL where there is one."""
    look: _Look
    is_fixed: bool = False
    """Nobody can lower or ignore it: without what it demands there is no letter, or nobody to send it to."""
    stops_sending: bool = False
    """Advice while the letter is written, and an error for who approves or sends it."""

    @property
    def family(self) -> str:
        """The file it stands in."""
        return self.look.__module__.rpartition(".")[2]

    @property
    def finds(self) -> Said:
        """In one line: what the rule finds."""
        return self._text("finds")

    @property
    def why(self) -> Said:
        """Why that matters, in one or two sentences."""
        return self._text("why")

    @property
    def mend(self) -> Said:
        """How to mend it, where the rule itself cannot say it more precisely."""
        return self._text("mend")

    def _text(self, name: str) -> Phrase:
        return Phrase(f"check.{self.family}.{self.id}.{name}")


def error(rule_id: str, source: str, *, is_fixed: bool = False) -> Callable[[_Look], Rule]:
    """Make a function a rule whose findings stop a send."""
    return lambda look: Rule(rule_id, Severity.ERROR, source, look, is_fixed)


def warning(rule_id: str, source: str, *, stops_sending: bool = False) -> Callable[[_Look], Rule]:
    """Make a function a rule whose findings are advice."""
    return lambda look: Rule(rule_id, Severity.WARNING, source, look, stops_sending=stops_sending)
