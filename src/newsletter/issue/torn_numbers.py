"""Numbers that a list in brackets tears at their comma: `[새 책 1,204권]` is two texts for YAML. Touches: nothing.

Limits: without a space behind the comma, and three digits at a time, as a thousand is written; two numbers that are
meant as two want a space.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Said, phrase

from .flow import quoted
from .traps import LONGEST_HINT
from .tree import DataPath, Node

_BEFORE = re.compile(r"(?<![\d.,])\d{1,3}\Z")
_THREE = re.compile(r"\d{3}(?!\d)")
_ALL_THREE = re.compile(r"\d{3}\Z")


@dataclass(frozen=True, slots=True)
class TornNumber:
    """Where the text that was torn begins, and the line to paste."""

    path: DataPath
    line: int
    column: int
    hint: Said


def torn_numbers(lines: list[str], root: Node) -> Iterator[TornNumber]:
    """Every text of a list that lost what is behind the comma of a number."""
    for path, node in root.values():
        if isinstance(node.content, list):
            yield from _torn_in(lines, path, node.content)


def _torn_in(lines: list[str], path: DataPath, items: list[Node]) -> Iterator[TornNumber]:
    first = 0
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        if following is None or not _is_torn(item, following, goes_on=first < index):
            if first < index:
                yield _torn((*path, first), lines, items[first], item)
            first = index + 1


def _is_torn(before: Node, after: Node, *, goes_on: bool) -> bool:
    if not (before.plain and after.plain) or (before.end_line, before.end_column + 1) != (after.line, after.column):
        return False
    ends = _ALL_THREE if goes_on else _BEFORE
    return bool(ends.search(str(before.content)) and _THREE.match(str(after.content)))


def _torn(path: DataPath, lines: list[str], first: Node, last: Node) -> TornNumber:
    line, begin, end = lines[first.line - 1], first.column - 1, last.end_column - 1
    mended = f"{line[:begin]}{quoted(line[begin:end])}{line[end:]}".strip()
    hint = phrase("issue.yaml.write_if_number", line=mended) if len(mended) <= LONGEST_HINT else SILENCE
    return TornNumber(path, first.line, first.column, hint)
