"""Comments in an issue by which a rule is ignored in one place: `# check: ignore link-text -- reason`.

Touches: nothing. At the end of a line a comment holds for what begins on that line, alone on a line for what begins on
the next: a text, a list or a mapping, with all that is in it. What looks like a comment inside a text is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.tree import DataPath, Node

from .former_ids import present_id
from .places.source import IssueSource

_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*check\s*:(.*)$")
# Some keyboards make one dash of two hyphens.
_WORDS = re.compile(r"\s*ignore\b:?(?P<rules>.*?)(?:\s(?:--|—|–)\s*(?P<reason>.*))?")
_RULE = re.compile(r"[^\s,]+")
_NOTHING = re.compile(r"\s*(?:-\s*)?(?:#.*)?$")
_BLOCK = ("|", ">")


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """Line and column, from 1, are those of its `#`."""

    line: int
    column: int
    rules: tuple[str, ...]
    """As written, a former id as the present one; empty where none is named, or it does not say `ignore`."""
    reason: str
    path: DataPath
    """What it holds for; empty where nothing begins there."""

    def holds_for(self, rule: str, path: DataPath) -> bool:
        """Whether a finding of this rule about the value at `path` is ignored by it."""
        inside = tuple(map(str, path[: len(self.path)])) == tuple(map(str, self.path))
        return bool(self.reason and self.path and inside and rule in self.rules)


def comments_in(source: IssueSource) -> tuple[IgnoreComment, ...]:
    """All comments for `check`, in order, good ones and bad ones."""
    if source.root is None:
        return ()
    return tuple(_comments(source.lines, source.root))


def _comments(lines: tuple[str, ...], root: Node) -> Iterator[IgnoreComment]:
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match is None or _is_text(lines, root, number, match.start() + 1):
            continue
        words = _WORDS.fullmatch(match[1])
        yield IgnoreComment(
            line=number,
            column=match.start() + 1,
            rules=tuple(map(present_id, _RULE.findall(words["rules"]))) if words else (),
            reason=((words["reason"] if words else "") or "").strip(),
            path=_held(lines, root, number, line[: match.start()]),
        )


def _is_text(lines: tuple[str, ...], root: Node, line: int, column: int) -> bool:
    """Whether a place is inside a text; a plain one ends before its comment, a block begins below its `|`."""
    for _, node in root.values():
        if not isinstance(node.content, str):
            continue
        block = not node.plain and lines[node.line - 1][node.column - 1 :].startswith(_BLOCK)
        start = (node.line + 1, 1) if block else (node.line, node.column)
        if start <= (line, column) < (node.end_line, node.end_column):
            return True
    return False


def _held(lines: tuple[str, ...], root: Node, line: int, before: str) -> DataPath:
    """The outermost value that begins on the line, or on the next one where the comment stands alone."""
    if _NOTHING.fullmatch(before):
        below = range(line + 1, len(lines) + 1)
        line = next((number for number in below if not _NOTHING.fullmatch(lines[number - 1])), 0)
    return min((path for path, begins in _beginnings((), root) if begins == line), key=len, default=())


def _beginnings(path: DataPath, node: Node) -> Iterator[tuple[DataPath, int]]:
    """Every value but the whole, and the line on which its key, or the entry of a list, begins."""
    if isinstance(node.content, dict):
        inside = [((*path, key), entry.key.line, entry.value) for key, entry in node.content.items()]
    elif isinstance(node.content, list):
        inside = [((*path, index), item.line, item) for index, item in enumerate(node.content)]
    else:
        return
    for inner, line, value in inside:
        yield inner, line
        yield from _beginnings(inner, value)
