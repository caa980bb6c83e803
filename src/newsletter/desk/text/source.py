"""An issue's text with the places of its values as offsets, and how they are written there. Touches: nothing.

Limits: LF line ends, the last line ended; one document as `issue.tree` reads it, so no anchors, tags or aliases.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from newsletter.issue.tree import Data, DataPath, Node

COLON = re.compile(r"[ \t]*:(?=[ \t\n,\]}])")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_CLOSING = re.compile(r"(?:[\s,:]|(?<=\s)#[^\n]*)*[\]}]")
_MARKS_BEFORE = re.compile(r"[ ]*(?:-[ ]+)*")
"""What may stand before a key or an item in its line: indentation, and the dashes of the lists that it begins."""


class Style(StrEnum):
    """How a value is written."""

    PLAIN = "plain"
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"
    FLOW = "in brackets"
    BLOCK = "on lines of its own"

    @property
    def is_quoted(self) -> bool:
        return self in {Style.SINGLE, Style.DOUBLE}

    @property
    def is_block_text(self) -> bool:
        return self in {Style.LITERAL, Style.FOLDED}


@dataclass(frozen=True, slots=True)
class BlockText:
    """Where a text under `|` or `>` stands: its header and its lines, by number from 1."""

    header: str
    first: int
    last: int
    """Smaller than `first` where it has no line."""
    indent: int
    """Blanks before its lines; 0 where it has none."""
    keeps: bool
    """The empty lines behind it are part of it."""


@dataclass(frozen=True)
class IssueText:
    text: str
    root: Node

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    @property
    def data(self) -> Data:
        return self.root.data()

    def line(self, number: int) -> str:
        return self.lines[number - 1]

    def start(self, number: int) -> int:
        """The offset of a line, from 1."""
        return self._starts[number - 1]

    def end(self, number: int) -> int:
        """The offset behind the last character of a line."""
        return self._starts[number - 1] + len(self.lines[number - 1])

    def offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column - 1

    def begin(self, node: Node) -> int:
        return self.offset(node.line, node.column)

    def finish(self, node: Node) -> int:
        """The offset behind a text that is not under `|`, or behind a closing bracket, which no node tells."""
        if isinstance(node.content, str) or self.style(node) is Style.BLOCK:
            return self.offset(node.end_line, node.end_column)
        parts = items_of(node)
        if isinstance(node.content, dict):
            parts = [part for entry in node.content.values() for part in (entry.key, entry.value)]
        inside = max((self.finish(part) for part in parts), default=self.begin(node) + 1)
        found = _CLOSING.match(self.text, inside)
        return found.end() if found else inside

    def node(self, path: DataPath) -> Node:
        """The value at a place. LookupError where there is none."""
        node = self.root
        for part in path:
            content = node.content
            node = content[str(part)].value if isinstance(content, dict) else items_of(node)[int(part)]
        return node

    def style(self, node: Node) -> Style:
        sign = self.text[self.begin(node) : self.begin(node) + 1]
        if isinstance(node.content, str):
            return Style.PLAIN if node.plain else Style(sign)
        return Style.FLOW if sign in {"[", "{"} else Style.BLOCK

    def is_in_brackets(self, path: DataPath) -> bool:
        """Whether the value at a place stands in a list or mapping that is written in brackets."""
        return any(self.style(self.node(path[:depth])) is Style.FLOW for depth in range(len(path)))

    def block_text(self, node: Node) -> BlockText:
        """Of a text under `|` or `>`. The parser's end of it is the line of what comes next."""
        found = _BLOCK_HEADER.match(self.text, self.begin(node))
        header = found[0] if found else ""
        first, last, keeps = node.line + 1, node.end_line - 1, "+" in header
        numbers = range(first, last + 1)
        written = next((number for number in numbers if self.line(number).strip(" ")), 0)
        indent = _indent(self.line(written)) if written else 0
        if written and re.search(r"\d", header) and isinstance(node.content, str):
            said = next((line for line in node.content.split("\n") if line.strip(" ")), "")
            indent -= len(said) - len(said.lstrip(" "))
        while not keeps and last >= first and (not written or not self.line(last)[indent:]):
            last -= 1
        return BlockText(header, first, last, indent if last >= first else 0, keeps)

    def last_line(self, node: Node) -> int:
        """The number of the last line that a value takes."""
        if isinstance(node.content, str):
            if self.style(node).is_block_text:
                return max(self.block_text(node).last, node.line)
            return node.end_line
        if self.style(node) is Style.FLOW:
            return bisect_right(self._starts, self.finish(node))
        return self.last_line(last_part(node))

    def keeps_blank_lines(self, node: Node) -> bool:
        """Whether a value ends in a text that takes the empty lines behind it as its own."""
        while isinstance(node.content, dict | list) and self.style(node) is Style.BLOCK:
            node = last_part(node)
        return isinstance(node.content, str) and self.style(node).is_block_text and self.block_text(node).keeps

    def begins_line(self, offset: int) -> bool:
        """Whether nothing but blanks stands before it in its line."""
        return not self.text[self.text.rfind("\n", 0, offset) + 1 : offset].strip(" ")

    def is_behind_marks(self, offset: int) -> bool:
        """Whether nothing but blanks and dashes of lists stands before it in its line."""
        return bool(_MARKS_BEFORE.fullmatch(self.text[self.text.rfind("\n", 0, offset) + 1 : offset]))

    def dash_line(self, sequence: Node, index: int) -> int:
        """The line of the dash before an item of a list that is written on lines of its own."""
        number, at = items_of(sequence)[index].line, sequence.column - 1
        while index and number > sequence.line and not re.match(rf"[ ]{{{at}}}-(?:[ ]|$)", self.line(number)):
            number -= 1
        return number if index else sequence.line


def items_of(node: Node) -> list[Node]:
    """Of a list; of anything else none."""
    return node.content if isinstance(node.content, list) else []


def last_part(node: Node) -> Node:
    """The last value of a list or mapping that holds something."""
    if isinstance(node.content, dict):
        return next(reversed(node.content.values())).value
    return node.content[-1] if isinstance(node.content, list) else node


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
