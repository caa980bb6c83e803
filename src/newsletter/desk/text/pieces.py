"""The items of a list and the entries of a mapping as pieces of text, with the comments that are theirs.

Touches: nothing. To a piece belong the comment lines directly above it at its indentation, and behind it those that
stand deeper. What stands above an empty line is nobody's. Limits: keys written as `? key` are not told apart.
"""

import re
from dataclasses import dataclass

from newsletter.desk.change import written_too_oddly
from newsletter.issue.tree import DataPath, Node

from .source import IssueText, Style


@dataclass(frozen=True, slots=True)
class Piece:
    """From its comment, dash or key to the end of its last line; in brackets, to its own last character."""

    start: int
    end: int
    head: int
    """Where its dash or key stands, behind its comments."""
    keeps: bool = False
    """It takes the empty lines behind it as its own, so none can be put there."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """All of a list or mapping in the order of the file; `column` is where each begins, from 0."""

    all: tuple[Piece, ...]
    column: int
    in_brackets: bool

    @property
    def indent(self) -> str:
        return " " * self.column


def pieces_of(source: IssueText, path: DataPath) -> Pieces:
    """Of a list or mapping that holds something. CannotChangeError where they cannot be told apart."""
    node = source.node(path)
    if source.style(node) is Style.FLOW:
        return Pieces(tuple(_in_brackets(source, node)), node.column - 1, in_brackets=True)
    heads = _heads(source, node)
    if any(column != node.column for _, column, _ in heads):
        raise written_too_oddly(path)
    pieces: list[Piece] = []
    floor = 0
    for index, (line, column, value) in enumerate(heads):
        offset = source.offset(line, column)
        if not source.is_behind_marks(offset):
            raise written_too_oddly(path)
        # What stands at the very top of a file speaks of the file, not of its first key.
        is_top = not path and index == 0
        first = line if is_top or not source.begins_line(offset) else _with_comments(source, line, column - 1, floor)
        keeps = source.keeps_blank_lines(value)
        last = max(line, source.last_line(value))
        ceiling = heads[index + 1][0] if index + 1 < len(heads) else len(source.lines)
        last = last if keeps else _with_deeper_comments(source, last, column - 1, ceiling)
        pieces.append(Piece(source.offset(first, column), source.end(last), offset, keeps))
        floor = last
    return Pieces(tuple(pieces), node.column - 1, in_brackets=False)


def sample_of(source: IssueText, pieces: Pieces, key: str) -> int | None:
    """Where among the entries of a mapping a comment shows how a key is written, as the starter's do: `# number: 1`."""
    sample = re.compile(rf"^{pieces.indent}#[ ]?{re.escape(key)}:", re.MULTILINE)
    for found in sample.finditer(source.text, pieces.all[0].start):
        between = source.text[pieces.all[-1].end : found.start()]
        if any(line.strip() and not line.startswith(f"{pieces.indent}#") for line in between.split("\n")):
            return None
        if not any(piece.head < found.start() < piece.end for piece in pieces.all):
            return found.start() + pieces.column
    return None


def _heads(source: IssueText, node: Node) -> list[tuple[int, int, Node]]:
    """Line and column of each dash or key, and the value behind it."""
    if isinstance(node.content, dict):
        return [(entry.key.line, entry.key.column, entry.value) for entry in node.content.values()]
    items = node.content if isinstance(node.content, list) else []
    return [(source.dash_line(node, index), node.column, item) for index, item in enumerate(items)]


def _in_brackets(source: IssueText, node: Node) -> list[Piece]:
    if isinstance(node.content, dict):
        ends = [(entry.key, entry.value) for entry in node.content.values()]
    else:
        ends = [(item, item) for item in node.content if isinstance(item, Node)]
    pieces = []
    for first, last in ends:
        start = source.begin(first)
        pieces.append(Piece(start, max(source.finish(first), source.finish(last)), start))
    return pieces


def _with_comments(source: IssueText, line: int, indent: int, floor: int) -> int:
    comment = re.compile(rf"[ ]{{{indent}}}#")
    while line - 1 > floor and comment.match(source.line(line - 1)):
        line -= 1
    return line


def _with_deeper_comments(source: IssueText, last: int, indent: int, ceiling: int) -> int:
    deeper = re.compile(rf"[ ]{{{indent + 1},}}#")
    number = last + 1
    while number < ceiling and (deeper.match(source.line(number)) or not source.line(number).strip()):
        if source.line(number).strip():
            last = number
        number += 1
    return last
