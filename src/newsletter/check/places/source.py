"""The issue's file as it stands, read once for all findings: where a value is, and the comments for `check` in it.

Touches: the issue's file. Limits: where it cannot be read any more, since it was loaded, there are no places.
"""

from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import SILENCE
from newsletter.errors import InputError, Problem
from newsletter.issue.places import nearest, problem_at, within
from newsletter.issue.scan import read_text
from newsletter.issue.tree import DataPath, Node, TreeError, read_tree


@dataclass(frozen=True, slots=True)
class IssueSource:
    """`file` is how findings call it; `root` is None where it could not be read."""

    file: str
    lines: tuple[str, ...] = ()
    root: Node | None = None

    def place(self, path: DataPath, sought: str = "", nth: int = 0) -> Problem:
        """Where a value, or occurrence `nth` (from 0) of what is sought in it, stands; no line for no path."""
        if self.root is None or not path:
            return Problem(SILENCE, self.file)
        lines = list(self.lines)
        node = nearest(self.root, path)
        line, column = within(lines, node, sought, nth) if sought else (node.line, node.column)
        return problem_at(self.file, lines, line, column, SILENCE, path)

    def at(self, line: int, column: int) -> Problem:
        """A place that is known already, with its line shown."""
        return problem_at(self.file, list(self.lines), line, column, SILENCE)


def read_source(path: Path, file: str) -> IssueSource:
    """Read the issue's file again, for its places."""
    try:
        text = read_text(path, file)
        return IssueSource(file, tuple(text.split("\n")), read_tree(text)[0])
    except (InputError, TreeError):
        return IssueSource(file)
