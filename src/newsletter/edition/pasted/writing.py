"""Blocks of a pasted text as the Markdown of an issue. Touches: nothing.

Limits: a picture has no place in a text, and is left out; headings keep their order, without a level that is skipped.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

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
    PastedTable,
    leaves,
)
from .spelled import (
    BEFORE_TABLE,
    BEHIND_TABLE,
    BULLET,
    CELL,
    HEADING,
    IN_NOTE,
    NUMBER,
    PARAGRAPH,
    QUOTE,
    Surroundings,
    spelled,
    with_literal_braces,
)

_LAST_NUMBER = 20
"""Of the first item of a number list: from a larger one on, it is text in a letter."""


_MANY = 1_000
"""Blocks of a text, from which on it would take seconds to find out what need not be escaped."""


def markdown_of(blocks: Sequence[PastedBlock], *, keep_breaks: bool) -> str:
    """All of it, with one line end at the end; empty for nothing."""
    is_short = sum(1 for _ in leaves(blocks)) < _MANY
    text = _Writing(keep_breaks, is_short).blocks(
        [one for one in blocks if not isinstance(one, PastedPicture)], PARAGRAPH
    )
    return f"{text}\n" if text else ""


class _Writing:
    def __init__(self, keep_breaks: bool, thorough: bool) -> None:
        self._spelled = partial(spelled, keep_breaks=keep_breaks, thorough=thorough)

    def blocks(self, blocks: Sequence[PastedBlock], first: Surroundings) -> str:
        """`first` are the surroundings of the first block; the others stand by themselves."""
        notes = [one for one in blocks if isinstance(one, PastedNote)]
        shown = _with_joined_lists([one for one in blocks if not isinstance(one, PastedNote)])
        written: list[str] = []
        for at, block in enumerate(shown):
            around = first if not at else PARAGRAPH
            if isinstance(block, PastedParagraph):
                is_before = at + 1 < len(shown) and isinstance(shown[at + 1], PastedTable)
                is_behind = at > 0 and isinstance(shown[at - 1], PastedTable)
                around = (
                    around
                    if around is not PARAGRAPH
                    else BEFORE_TABLE
                    if is_before
                    else BEHIND_TABLE
                    if is_behind
                    else around
                )
            written.append(self._block(block, around))
        written += [self._note(one) for one in notes]
        return "\n\n".join(filter(None, written))

    def _block(self, block: PastedBlock, around: Surroundings) -> str:
        if isinstance(block, PastedParagraph):
            return self._spelled(block.words, around).replace(f"\n{around.further}", "\n")
        if isinstance(block, PastedHeading):
            words = self._spelled(block.words, HEADING)
            return f"{'#' * block.level} {words}"
        if isinstance(block, PastedList):
            return self._list(block)
        if isinstance(block, PastedQuote):
            return _indented(self.blocks(block.blocks, QUOTE), "> ", "> ", empty=">")
        if isinstance(block, PastedTable):
            return self._table(block)
        if isinstance(block, PastedCode):
            return _fenced(block.text)
        return "---" if isinstance(block, PastedRule) else ""

    def _list(self, block: PastedList) -> str:
        is_numbered = 0 < block.start <= _LAST_NUMBER and (block.start == 1 or len(block.items) > 1)
        is_loose = any(_is_loose(item) for item in block.items)
        items = []
        for number, item in enumerate(block.items, block.start):
            mark = f"{number}. " if is_numbered else f"- {number}\\. " if block.start else "- "
            indent = " " * (len(mark) if is_numbered else 2)
            text = self.blocks(item, NUMBER if is_numbered else BULLET)
            items.append(_indented(text if is_loose else _tight(text), mark, indent))
        return ("\n\n" if is_loose else "\n").join(items)

    def _table(self, block: PastedTable) -> str:
        rows = [[self._spelled(cell, CELL) for cell in row] for row in block.rows]
        header, *body = [f"| {' | '.join(row)} |" for row in rows]
        dashes = f"|{' --- |' * len(rows[0])}"
        return "\n".join([header, dashes, *body])

    def _note(self, note: PastedNote) -> str:
        return _indented(self.blocks(note.blocks, IN_NOTE), f"[^{note.label}]: ", "    ")


def without_gaps(blocks: Sequence[PastedBlock]) -> list[PastedBlock]:
    """The blocks with headings of level 1, 2, …, whatever levels they had where they came from."""
    levels = sorted({block.level for block in blocks if isinstance(block, PastedHeading)})
    return [
        PastedHeading(levels.index(block.level) + 1, block.words) if isinstance(block, PastedHeading) else block
        for block in blocks
    ]


def _with_joined_lists(blocks: Sequence[PastedBlock]) -> list[PastedBlock]:
    """Lists of a kind with nothing between them are one, as Markdown reads them; Word on the web makes many of one."""
    joined: list[PastedBlock] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, PastedList) and isinstance(last, PastedList) and (block.start > 0) == (last.start > 0):
            joined[-1] = PastedList(last.items + block.items, last.start)
        else:
            joined.append(block)
    return joined


def _is_loose(item: Sequence[PastedBlock]) -> bool:
    """A paragraph and lists under it stand close."""
    return any(not isinstance(behind, PastedList) for _, behind in pairwise(item))


def _tight(text: str) -> str:
    return text.replace("\n\n", "\n")


def _indented(text: str, first: str, further: str, *, empty: str = "") -> str:
    head, *lines = text.split("\n")
    return "\n".join([first + head, *(further + line if line else empty for line in lines)])


def _fenced(text: str) -> str:
    text, fence = with_literal_braces(text), "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
