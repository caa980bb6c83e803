"""Where a bracket was opened that nothing closes, told by the lines themselves. Touches: nothing.

The parser meets such a slip lines later, at whatever cannot stand inside; what is to be mended is where it opened.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CLOSES = {"[": "]", "{": "}"}
_QUOTED = re.compile(r"""(?:(?<=[\s\[{,:])|^)(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_BEGINS_ANEW = re.compile(r"(?P<indent> *)(?:- |[\w-]+:(?:\s|$))")


@dataclass(frozen=True, slots=True)
class OpenBracket:
    """A `[` or `{` without its end; line and column from 1."""

    line: int
    column: int
    sign: str
    closed_line: str
    """The line with what it lacks; empty where it opens what goes on below, or nothing."""


def open_bracket(lines: Sequence[str], line: int, column: int) -> OpenBracket | None:
    """The bracket that is not closed, looked for from the one at `line` and `column` on; None where all are.

    What it holds ends where a line begins a key or an entry and is indented no deeper than that of the bracket.
    """
    opened: list[tuple[int, int, str]] = []
    for number, text in _held(lines, line, column):
        for match in re.finditer(r"[\[\]{}]", text):
            sign = match[0]
            if sign in _CLOSES:
                opened.append((number, match.start() + 1, sign))
            elif not opened:
                return None  # the line was mended meanwhile, and what stands here closes nothing
            elif sign == _CLOSES[opened[-1][2]]:
                opened.pop()
            else:
                return _told(lines, opened)
            if not opened:
                return None
    return _told(lines, opened) if opened else None


def _held(lines: Sequence[str], line: int, column: int) -> Iterator[tuple[int, str]]:
    """The lines from the bracket on, quoted texts and comments blanked out."""
    first = lines[line - 1]
    yield line, " " * (column - 1) + _bare(first)[column - 1 :]
    indent = _indent(first)
    for number, text in enumerate(lines[line:], line + 1):
        anew = _BEGINS_ANEW.match(text)
        if anew and len(anew["indent"]) <= indent:
            return
        yield number, _bare(text)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _bare(text: str) -> str:
    blanked = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), blanked)


def _told(lines: Sequence[str], opened: list[tuple[int, int, str]]) -> OpenBracket:
    line, column, sign = opened[-1]
    return OpenBracket(line, column, sign, _closed(lines, opened))


def _closed(lines: Sequence[str], opened: list[tuple[int, int, str]]) -> str:
    number, column, _ = opened[-1]
    text = lines[number - 1].rstrip(" ,")
    following = next((line for line in lines[number:] if line.strip()), "")
    goes_on = _indent(following) > _indent(text)
    if len(text) <= column or goes_on or _bare(text) != _QUOTED.sub(lambda one: " " * len(one[0]), text):
        return ""
    here = [sign for line, _, sign in opened if line == number]
    padded = " " if text[column : column + 1] == " " else ""
    comma = "," if lines[number - 1].rstrip().endswith(",") and text.lstrip()[0] in _CLOSES else ""
    return text + "".join(padded + _CLOSES[sign] for sign in reversed(here)) + comma
