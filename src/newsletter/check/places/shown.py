"""From a value of the issue to the tag of the letter that shows it: the way back of origin.py. Touches: nothing.

Limits: a line of the issue is looked for by its letters, without signs and between merge fields; where Markdown makes
other letters of it, or the letter does not show it, there is no tag. A fault of a whole value, such as a title that is
too long as a subject, is none of the letter's.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.issue.tree import DataPath

from .origin import Origin, without_signs

_IN_THE_HEAD = frozenset({"subject", "preheader", "author"})
"""The keys of an issue that are not shown in the letter."""
# A line of Markdown parts at its merge fields; the number of a list entry is written by the browser.
_PARTS = re.compile(r"\{\{.*?\}\}|\n\s*(?:\d{1,9}[.)]\s)?")
_OF_A_LINK = ("](", "](<")


@dataclass(frozen=True, slots=True)
class _Passage:
    """The letters of a piece of text; `nth` of `many` that are the same in the issue, or in one translation of it."""

    letters: str
    nth: int = 0
    many: int = 1


class Shown:
    """Looks tags up; made once for all findings of an issue."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._sheets: dict[int, _Letters] = {}

    def of(self, sheet: Sheet, origin: Origin) -> StartTag | None:
        """The innermost tag around what is sought; where the same words stand in the letter's head too, the later."""
        text = self._texts.get(origin.path)
        if text is None or not origin.sought:
            return None
        at = _position(text, origin)
        begin = next((start for start, end in reversed(list(_pieces(text))) if start <= at <= end), None)
        passage = self._passages.get((origin.path, begin)) if begin is not None else None
        if passage is None:
            return None
        before = len(without_signs(text[begin:at]))
        # What is sought is a link's address: the letter shows the words before it.
        inside = before - 1 if text[:at].endswith(_OF_A_LINK) else before
        if id(sheet) not in self._sheets:
            self._sheets[id(sheet)] = _Letters(sheet)
        return self._sheets[id(sheet)].tag(passage, min(max(inside, 0), len(passage.letters) - 1))

    @cached_property
    def _texts(self) -> dict[DataPath, str]:
        shown = (one for one in self._material.issue.texts() if one.kind.is_read)
        return {one.path: one.text for one in shown if one.path[-1] not in _IN_THE_HEAD}

    @cached_property
    def _passages(self) -> dict[tuple[DataPath, int | None], _Passage]:
        alike: dict[tuple[DataPath, str], list[tuple[DataPath, int]]] = {}
        for path, text in self._texts.items():
            for begin, end in _pieces(text):
                if letters := without_signs(text[begin:end]):
                    translation = path[:2] if path[0] == "translations" else ()
                    alike.setdefault((translation, letters), []).append((path, begin))
        return {
            place: _Passage(letters, nth, len(places))
            for (_, letters), places in alike.items()
            for nth, place in enumerate(places)
        }


class _Letters:
    """All letters that an edition shows, in one piece, and which tag each of them stands in."""

    def __init__(self, sheet: Sheet) -> None:
        self._tags: list[StartTag] = []
        self._begins: list[int] = []
        self._hits: dict[str, list[int]] = {}
        said: list[str] = []
        length = 0
        markers = "|".join(re.escape(hole.marker) for hole in sheet.edition.holes)
        for tag, words in sheet.page.texts:
            for piece in re.split(rf"{markers}|\n" if markers else "\n", words):
                if letters := without_signs(piece):
                    # A link's words stand in a line under them, which is of no interest to anybody.
                    self._tags.append(tag.parent if tag.name == "u" and tag.parent else tag)
                    self._begins.append(length)
                    said.append(letters)
                    length += len(letters)
        self._said = "".join(said)
        self._bounds = {*self._begins, length}

    def tag(self, passage: _Passage, inside: int) -> StartTag | None:
        hits = self._found(passage.letters)
        if not hits:
            return None
        hit = hits[max(len(hits) - passage.many + passage.nth, 0)]
        return self._tags[bisect_right(self._begins, hit + inside) - 1]

    def _found(self, letters: str) -> list[int]:
        """Where they stand; alone, rather than as a part of other words."""
        if letters not in self._hits:
            places = [match.start() for match in re.finditer(re.escape(letters), self._said)]
            alone = [place for place in places if {place, place + len(letters)} <= self._bounds]
            self._hits[letters] = alone or places
        return self._hits[letters]


def _position(text: str, origin: Origin) -> int:
    """Where in the text it stands; at its beginning where it cannot be found."""
    at = text.find(origin.sought)
    for _ in range(origin.nth):
        at = text.find(origin.sought, at + 1)
    return max(at, 0)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for part in _PARTS.finditer(text):
        yield begin, part.start()
        begin = part.end()
    yield begin, len(text)
