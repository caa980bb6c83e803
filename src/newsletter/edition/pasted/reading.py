"""A tree of pasted HTML -> the blocks that are left of it. Touches: nothing.

Boxes and tables that only lay something out are taken away; what stands in them stays, in its order. Limits: lists and
quotes in each other six deep, deeper ones stand in the sixth; a cell of a table is one line.
"""

import re
from collections.abc import Iterator

from newsletter.edition.foreign_layout import Element

from .left_out import LeftOut, LeftOutCount
from .looks import has_looks, marks_of
from .notes import FoundNotes
from .pieces import (
    PastedBlock,
    PastedCode,
    PastedHeading,
    PastedList,
    PastedNote,
    PastedParagraph,
    PastedPicture,
    PastedQuote,
    PastedRule,
    PastedRun,
    PastedRuns,
    PastedTable,
    leaves,
    words_alone,
)
from .raised_signs import lowered, raised
from .table_cells import grid_of, is_table_of_data, with_plain_header
from .tidied_words import paragraphs_in, plain_signs, tidied_words
from .unwrapped import direct_address

_WITHIN_A_LINE = (
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rp"
    " rt ruby s samp small span strike strong sub sup svg time tt u var wbr"
)
_INLINE = frozenset(_WITHIN_A_LINE.split())
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-6])", re.IGNORECASE)
_DEEPEST = 6
_NONE: frozenset[str] = frozenset()


class PastedReading:
    """One tree being read."""

    def __init__(self, body: Element, left_out: LeftOutCount) -> None:
        self._left_out = left_out
        self._notes = FoundNotes(body)
        self._holds_block = _around_blocks(body)

    def blocks(
        self, element: Element, marks: frozenset[str] = _NONE, href: str = "", depth: int = 0
    ) -> list[PastedBlock]:
        """What is in an element, words beside blocks in paragraphs of their own."""
        done: list[PastedBlock] = []
        words: list[PastedRun] = []
        for child in self._content(element, marks, href):
            if isinstance(child, PastedRun):
                words.append(child)
            elif self._is_within_line(child):
                words += self._words(child, marks, href)
            else:
                done += map(PastedParagraph, paragraphs_in(words))
                words = []
                done += self._block(child, marks, href, depth)
        return [*done, *map(PastedParagraph, paragraphs_in(words))]

    def _block(self, element: Element, marks: frozenset[str], href: str, depth: int) -> list[PastedBlock]:
        tag, kind = element.tag, element.get("class") or ""
        if label := self._notes.label_of_note(element):
            return [PastedNote(label, tuple(_without_leading_number(self._inside(element, marks, href, depth))))]
        if tag in {"img", "svg"}:
            return [self._picture(element)]
        if tag in _INLINE:
            marks, href = self._looks(element, marks), self._address(element, href)
        elif level := _level(element):
            return self._heading(element, level)
        elif tag == "table":
            return self._table(element, marks, href, depth)
        elif tag in {"ul", "ol", "menu", "dir"} and depth < _DEEPEST:
            return self._list(element, marks, depth)
        elif (tag == "blockquote" or kind in {"MsoQuote", "MsoIntenseQuote"}) and depth < _DEEPEST:
            inside = tuple(self._inside(element, marks, href, depth + 1))
            return [PastedQuote(inside)] if inside else []
        elif tag == "pre":
            return [PastedCode(text)] if (text := plain_signs(_typed(element), self._left_out)).strip() else []
        elif tag == "hr":
            return [PastedRule()]
        return self._inside(element, marks, href, depth)

    def _inside(self, element: Element, marks: frozenset[str], href: str, depth: int) -> list[PastedBlock]:
        return self.blocks(element, self._looks(element, marks), href, depth)

    def _heading(self, element: Element, level: int) -> list[PastedBlock]:
        """Its words, which are bold by themselves; what else stands in it comes behind."""
        inside = list(leaves(self._inside(element, _NONE, "", 0)))
        words: list[PastedRun] = []
        for block in inside:
            if isinstance(block, PastedParagraph):
                words += [PastedRun(" "), *block.words] if words else block.words
        light = tidied_words(
            PastedRun(one.text.replace("\n", " "), one.marks - {"strong"}, one.href, one.note) for one in words
        )
        rest: list[PastedBlock] = [block for block in inside if not isinstance(block, PastedParagraph)]
        return [PastedHeading(level, light), *rest] if words_alone(light) else rest

    def _list(self, element: Element, marks: frozenset[str], depth: int) -> list[PastedBlock]:
        items: list[list[PastedBlock]] = []
        notes: list[PastedBlock] = []
        start = _start(element) if element.tag == "ol" else 0
        for child in element:
            if label := self._notes.label_of_note(child):
                inside = _without_leading_number(self._inside(child, marks, "", depth + 1))
                notes.append(PastedNote(label, tuple(inside)))
                continue
            found = self._block(child, marks, "", depth + 1)
            if found and not items and isinstance(first := found[0], PastedList):
                items, start = [list(item) for item in first.items], first.start or start
                del found[0]
            while found and isinstance(found[0], PastedList):
                items[-1].append(found.pop(0))  # a list that stands beside its item, as Google Docs has it
            if found:
                items.append(found)
        listed: list[PastedBlock] = [PastedList(tuple(map(tuple, items)), start)] if items else []
        return [*listed, *notes]

    def _table(self, element: Element, marks: frozenset[str], href: str, depth: int) -> list[PastedBlock]:
        if not is_table_of_data(element):
            return self._inside(element, marks, href, depth)
        caption = [self._inside(one, marks, href, depth) for one in element.iter("caption")]
        rows, merged = grid_of(element)
        if merged:
            self._left_out.add(LeftOut.MERGED_CELLS, merged)
        pictures: list[PastedBlock] = []
        said = [[self._cell(cell, marks, pictures) for cell in row] for row in rows]
        table = with_plain_header(said)
        return [*(block for one in caption for block in one), *([PastedTable(table)] if table else []), *pictures]

    def _cell(self, cell: Element | None, marks: frozenset[str], pictures: list[PastedBlock]) -> PastedRuns:
        """On one line; of a list in it each item behind the one before."""
        words: list[PastedRun] = []
        for block in leaves(self.blocks(cell, self._looks(cell, marks)) if cell is not None else []):
            if isinstance(block, PastedParagraph | PastedHeading):
                words += [PastedRun(" "), *block.words]
            elif isinstance(block, PastedCode):
                words += [PastedRun(" "), PastedRun(block.text)]
            elif isinstance(block, PastedPicture):
                pictures.append(block)
        return tidied_words(PastedRun(one.text.replace("\n", " "), one.marks, one.href, one.note) for one in words)

    def _picture(self, element: Element) -> PastedBlock:
        self._left_out.add(LeftOut.PICTURES)
        alt = " ".join((element.get("alt") or "").split())
        return PastedPicture(element.get("src") or "", plain_signs(alt, LeftOutCount()))

    def _words(self, element: Element, marks: frozenset[str], href: str) -> Iterator[PastedRun]:
        """The words of an element within a line."""
        if element.tag == "br":
            yield PastedRun("\n")
        elif self._notes.is_way_back(element):
            return
        elif label := self._notes.label_of_link(element):
            yield PastedRun(label, note=label)
        else:
            marks, href = self._looks(element, marks), self._address(element, href)
            inside: list[PastedRun] = []
            for child in self._content(element, marks, href):
                inside += [child] if isinstance(child, PastedRun) else self._words(child, marks, href)
            yield from _raised(element.tag, inside)

    def _content(self, element: Element, marks: frozenset[str], href: str) -> "Iterator[PastedRun | Element]":
        yield PastedRun(self._text(element.text), marks, href)
        for child in element:
            yield child
            yield PastedRun(self._text(child.tail), marks, href)

    def _text(self, text: str | None) -> str:
        return plain_signs(" ".join(re.split(r"\s+", text)), self._left_out) if text else ""

    def _looks(self, element: Element, marks: frozenset[str]) -> frozenset[str]:
        if has_looks(element):
            self._left_out.add(LeftOut.LOOKS)
        return marks_of(element, marks)

    def _address(self, element: Element, around: str) -> str:
        written = (element.get("href") or "").strip() if element.tag == "a" else ""
        if not written or written.startswith("#"):
            return around
        address = direct_address(written)
        if not address:
            self._left_out.add(LeftOut.ADDRESSES)
        elif address.partition("?")[0] != written.partition("?")[0]:
            self._left_out.add(LeftOut.REDIRECTS)
        return address or around

    def _is_within_line(self, element: Element) -> bool:
        return element.tag in _INLINE - {"img", "svg"} and element not in self._holds_block


def _around_blocks(body: Element) -> set[Element]:
    """The elements with a block, or a picture, anywhere inside."""
    around: set[Element] = set()
    for element in reversed(list(body.iter())):
        if element.tag not in _INLINE or element.tag in {"img", "svg"} or element in around:
            around.add(element.getparent())
    return around


def _level(element: Element) -> int:
    """Of a heading, also of one that only Word knows as such; else 0."""
    if element.tag in _HEADINGS:
        return int(element.tag[1])
    kind = element.get("class") or ""
    if kind == "MsoTitle":
        return 1
    outline = _OUTLINE.search(element.get("style") or "") if element.tag == "p" else None
    return int(outline[1]) if outline else 0


def _start(element: Element) -> int:
    start = element.get("start") or ""
    return int(start) if start.isdecimal() and 0 < int(start[:9]) < 1_000_000 else 1


def _typed(element: Element) -> str:
    """The text of preformatted words, its line breaks kept."""
    for line_break in element.iter("br"):
        line_break.text = "\n"
    return re.sub(r"[^\S\n]", " ", "".join(element.itertext()).replace("\r", "")).strip("\n").rstrip()


def _raised(tag: str, words: list[PastedRun]) -> Iterator[PastedRun]:
    """The words of `sup` and `sub`, as signs of their own where there are such: `m²`."""
    for one in words:
        change = raised if tag == "sup" else lowered if tag == "sub" else str
        yield one if one.note else PastedRun(change(one.text), one.marks, one.href)


def _without_leading_number(blocks: list[PastedBlock]) -> list[PastedBlock]:
    """A note without the number that its program wrote before it: the way back, if that was no link."""
    if blocks and isinstance(blocks[0], PastedParagraph):
        first, *more = blocks[0].words
        light = re.sub(r"^(?:\[\d{1,3}\]|\d{1,3}\)|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*", "", first.text)
        words = tidied_words([PastedRun(light, first.marks, first.href, first.note), *more])
        return [PastedParagraph(words), *blocks[1:]] if words else blocks[1:]
    return blocks
