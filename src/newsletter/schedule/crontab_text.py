"""What changes in a crontab: our block, and nothing else. Touches: nothing.

A crontab is kept byte by byte, whatever its line ends are. Where the marks of a block do not pair, nobody can know what
is ours: that is told with the line, and nothing is changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import InputError, Problem

from .crontab import mark, runs

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Some lines in place of some others, from the line with this index on."""

    at: int
    taken: tuple[str, ...]
    put: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrontabText:
    """A crontab as it is; lines with their ends."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "CrontabText":
        return cls(tuple(_LINE.findall(text)))

    def with_block(self, workspace: Path, block: Sequence[str]) -> tuple[LineEdit, ...]:
        """What makes the block stand there once, where it stands already or at the end; InputError (65)."""
        mine = list(self._blocks(workspace))
        if not mine:
            return self._at_the_end(tuple(block))
        first, *rest = (LineEdit(at.start, self.lines[at.start : at.stop], ()) for at in mine)
        edits = (LineEdit(first.at, first.taken, tuple(block)), *rest)
        return tuple(edit for edit in edits if edit.taken != edit.put)

    def without_block(self, workspace: Path) -> tuple[LineEdit, ...]:
        """What takes it out, as often as it is there; InputError (65)."""
        return tuple(LineEdit(at.start, self.lines[at.start : at.stop], ()) for at in self._blocks(workspace))

    def others(self) -> Iterator[tuple[int, Path]]:
        """The line and the workspace of every block, from 1."""
        for number, line in enumerate(self.lines, 1):
            if (found := mark(line)) and found[0] == "BEGIN":
                yield number, found[1]

    def by_hand(self, workspace: Path) -> list[int]:
        """The lines, from 1, that send what is due in a workspace and stand in no block of it."""
        inside = {index for at in self._blocks(workspace) for index in at}
        return [n + 1 for n, line in enumerate(self.lines) if n not in inside and runs(line, workspace)]

    def _at_the_end(self, block: tuple[str, ...]) -> tuple[LineEdit, ...]:
        if self.lines and not self.lines[-1].endswith("\n"):
            last = self.lines[-1]
            return (LineEdit(len(self.lines) - 1, (last,), (f"{last}\n", *block)),)
        return (LineEdit(len(self.lines), (), block),)

    def _blocks(self, workspace: Path) -> Iterator[range]:
        begun: int | None = None
        for index, line in enumerate(self.lines):
            found = mark(line)
            if found is None or (begun is None and found[1] != workspace):
                continue
            if (found[0] == "END") is (begun is None) or found[1] != workspace:
                raise _unpaired(index)
            if begun is None:
                begun = index
            else:
                yield range(begun, index + 1)
                begun = None
        if begun is not None:
            raise _unpaired(begun)


def edited(text: CrontabText, edits: Sequence[LineEdit]) -> str:
    """The text with all of them done; they do not overlap and are in order."""
    lines = list(text.lines)
    for edit in reversed(edits):
        lines[edit.at : edit.at + len(edit.taken)] = edit.put
    return "".join(lines)


def diff(name: str, edits: Sequence[LineEdit]) -> str:
    """As `diff -U0` shows it: nobody's other lines, which may hold a secret."""
    shown, moved = [f"--- {name}", f"+++ {name}"], 0
    for edit in edits:
        taken, put = len(edit.taken), len(edit.put)
        old, new = edit.at + bool(taken), edit.at + moved + bool(put)
        shown.append(f"@@ -{old},{taken} +{new},{put} @@")
        for sign, lines in (("-", edit.taken), ("+", edit.put)):
            for line in lines:
                shown.append(f"{sign}{line}".removesuffix("\n"))
                if not line.endswith("\n"):
                    shown.append("\\ No newline at end of file")
        moved += put - taken
    return "\n".join(shown)


def _unpaired(index: int) -> InputError:
    told = phrase("schedule.cron.marks_do_not_pair")
    return InputError(problems=[Problem(told, file="crontab", line=index + 1, hint=phrase("schedule.cron.mend_marks"))])
