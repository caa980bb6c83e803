"""What `check --fix` puts in the place of what HWP, Word and Excel leave in an issue file: text in, text out.

Touches: nothing. Only what is known is replaced (structure_signs.py, strange_signs.py, hidden characters that do
nothing), and everything else stays as it is. Where the file could be read, it says the same afterwards: what would
become another YAML is left, such as a colon and a space in a text without quotes.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.excerpt import shortened
from newsletter.issue.invisible import MARKS, TURNING, hidden_in, right_to_left_lines
from newsletter.issue.model import lists_of_texts
from newsletter.issue.read import read_issue_text
from newsletter.issue.scan import refuse_unsafe
from newsletter.issue.strange_signs import is_set_wide, lost_in, narrow, shows, wide_in
from newsletter.issue.structure_signs import structure_signs
from newsletter.issue.tree import Data, DataPath, Node, TreeError, read_tree
from newsletter.printable import character_name

# Those that only hide. Fillers of Hangul are as wide as a letter, and tags and Mongolian selectors may mean something.
_NOTHING = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
"""Line breaks of word processors, which no issue file may hold."""
_NOT_WORDS = re.compile(f"[{_NOTHING.pattern[1:-1]}\ufffc\ue000-\uf8ff•▪➢❖✓→←➔☺☹●■□❑◆-]")
_TURNS = TURNING | MARKS
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Replacement:
    """One of them; line and column from 1, in the file as it was. Without an `instead` it was deleted."""

    file: str
    line: int
    column: int
    written: str
    instead: str

    def to_json(self) -> dict[str, Any]:
        """For scripts; keys are only ever added."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "written": self.written,
            "instead": self.instead,
        }

    def said(self) -> Said:
        """On one line, as a finding: `issues/2026-11.yaml:4:9: “：” (U+FF1A FULLWIDTH COLON) → “: ”`."""
        place, name = f"{self.file}:{self.line}:{self.column}", character_name(self.written[0])
        written, instead = shortened(self.written, _SHOWN), shortened(self.instead, _SHOWN)
        if not instead:
            return phrase("check.fixing.deleted", place=place, character=name)
        if not written.isprintable():
            return phrase("check.fixing.unseen", place=place, character=name, instead=instead)
        return phrase("check.fixing.replaced", place=place, written=written, character=name, instead=instead)


@dataclass(frozen=True, slots=True)
class _Edit:
    """From `start` to `end` of a text."""

    start: int
    end: int
    instead: str


def fixed(text: str, file: str, language: str) -> tuple[str, list[Replacement]]:
    """The text of an issue file with LF or CRLF, and what was replaced in it, in order; none in one unfit to be parsed.

    `language` is the newsletter's: full-width letters belong to Japanese and Chinese.
    """
    plain = _BREAKS.sub(" ", text)
    try:
        refuse_unsafe(plain.replace("\r\n", "\n"), file)
    except InputError:
        return text, []
    structure = sorted([*_breaks(text), *_structure(plain, file)], key=_start)
    sound = _applied(text, structure)
    edits = _Texts(sound, language).edits()
    there = _in_former(structure, edits)
    return _applied(sound, edits), list(_replacements(text, file, sorted([*structure, *there], key=_start)))


def _breaks(text: str) -> Iterator[_Edit]:
    return (_Edit(match.start(), match.end(), " ") for match in _BREAKS.finditer(text))


def _structure(text: str, file: str) -> Iterator[_Edit]:
    """In a file that cannot be read: what keeps it from being YAML."""
    lines = text.split("\n")
    if text.isascii() or is_sound(*read_issue_text(file, [line.removesuffix("\r") for line in lines])):
        return
    start = 0
    for line in lines:
        for sign in structure_signs(line.removesuffix("\r")):
            yield _Edit(start + sign.offset, start + sign.offset + 1, sign.instead)
        start += len(line) + 1


def is_sound(root: Node | None, problems: list[Problem]) -> bool:
    """Whether it can be read, and no text stands where keys were meant, as of a line whose only colon is a wide one."""
    if root is None or problems or not isinstance(root.content, dict):
        return False
    items = ((path, node) for path, node in root.values() if path and isinstance(path[-1], int))
    return all(path[-2] in lists_of_texts() for path, node in items if isinstance(node.content, str))


class _Texts:
    """What is to be replaced in the texts of a file whose structure is sound; best done where it can be read."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._root = _root(text)

    def edits(self) -> list[_Edit]:
        found = sorted(self._found(), key=_start)
        if self._root is None:
            return [edit for edit in found if not self._may_part(edit)]
        careful = [edit for edit in found if not (self._is_plain(edit) and self._may_part(edit))]
        quoted = [edit for edit in found if not self._is_plain(edit)]
        return next((edits for edits in (careful, quoted) if self._says_the_same(edits)), [])

    def _found(self) -> Iterator[_Edit]:
        for match in lost_in(self._text):
            instead = shows(match[0], self._text, match.start())
            if instead or match[0] == "\ufffc":
                yield _Edit(*match.span(), instead)
        turned = right_to_left_lines(self._text)
        for match in hidden_in(self._text):
            may_turn = match[0] in _TURNS and _stands_in(turned, match.start())
            if _NOTHING.match(match[0]) and not may_turn:
                yield _Edit(*match.span(), "")
        for match in () if is_set_wide(self._language) else wide_in(self._text):
            if not _stands_in(self._set_wide, match.start()):
                for one in re.finditer("：|[^：]+", match[0]):
                    start = match.start() + one.start()
                    yield _Edit(start, start + len(one[0]), narrow(one[0]))

    def _may_part(self, edit: _Edit) -> bool:
        """Whether a text without quotes could end there: at a `: `, or at a ` #`."""
        before, behind = self._text[edit.start - 1 : edit.start], self._text[edit.end : edit.end + 1]
        ends = behind in {"", ",", "]", "}"} or behind.isspace()
        return (edit.instead == ":" and ends) or (not edit.instead and (behind == "#" or (before == ":" and ends)))

    def _is_plain(self, edit: _Edit) -> bool:
        return _stands_in(self._plain, edit.start)

    @cached_property
    def _plain(self) -> list[tuple[int, int]]:
        """Where texts without quotes stand."""
        return [self._span(node) for _, node in self._nodes() if node.plain]

    @cached_property
    def _set_wide(self) -> list[tuple[int, int]]:
        """Where the texts of translations into Japanese and Chinese stand."""
        texts = ((path, node) for path, node in self._nodes() if isinstance(node.content, str))
        said = ((path, node) for path, node in texts if len(path) > 2 and path[0] == "translations")
        return [self._span(node) for path, node in said if is_set_wide(str(path[1]))]

    def _nodes(self) -> Iterable[tuple[DataPath, Node]]:
        return self._root.values() if self._root else ()

    def _span(self, node: Node) -> tuple[int, int]:
        starts = self._line_starts
        begin, end = starts[node.line - 1], starts[min(node.end_line, len(starts)) - 1]
        return begin + node.column - 1, end + node.end_column - 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _says_the_same(self, edits: list[_Edit]) -> bool:
        after = _root(_applied(self._text, edits))
        return after is not None and self._root is not None and _bare(after.data()) == _bare(self._root.data())


def _root(text: str) -> Node | None:
    try:
        return read_tree(text.replace("\r\n", "\n"))[0]
    except TreeError:
        return None


def _bare(data: Data) -> Any:  # noqa: ANN401 - the same shape as it was given
    """Data without anything that may be replaced, to see that nothing else was."""
    if isinstance(data, dict):
        return {_bare(key): _bare(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_bare(value) for value in data]
    return "".join(_NOT_WORDS.sub("", narrow(data)).split())


def _start(edit: _Edit) -> int:
    return edit.start


def _applied(text: str, edits: list[_Edit]) -> str:
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.instead]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _stands_in(spans: list[tuple[int, int]], at: int) -> bool:
    """`spans` are in order, and none in another."""
    found = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return found >= 0 and at < spans[found][1]


def _in_former(structure: list[_Edit], edits: list[_Edit]) -> Iterator[_Edit]:
    """The same edits where they stood before the structure was mended."""
    grown, starts, before = 0, [], [0]
    for edit in structure:
        starts.append(edit.start + grown)
        grown += len(edit.instead) - (edit.end - edit.start)
        before.append(grown)
    for edit in edits:
        start, end = (at - before[bisect_left(starts, at)] for at in (edit.start, edit.end))
        yield _Edit(start, end, edit.instead)


def _replacements(text: str, file: str, edits: list[_Edit]) -> Iterator[Replacement]:
    """What stands side by side is one."""
    joined: list[_Edit] = []
    for edit in edits:
        last = joined[-1] if joined else None
        if last and last.end == edit.start and last.instead and edit.instead:
            joined[-1] = _Edit(last.start, edit.end, last.instead + edit.instead)
        else:
            joined.append(edit)
    line, begins = 1, 0
    for edit in joined:
        line += text.count("\n", begins, edit.start)
        begins = max(begins, text.rfind("\n", begins, edit.start) + 1)
        yield Replacement(file, line, edit.start - begins + 1, text[edit.start : edit.end], edit.instead)
