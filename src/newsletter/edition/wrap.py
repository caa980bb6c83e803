"""Wrap plain text by columns, a Korean character counting as two. Touches: nothing.

Limits: lines break at spaces, since Korean words stay whole; a word wider than a line is cut, an address never.
"""

import re
from collections.abc import Callable, Iterator

from wcwidth import wcswidth

TEXT_COLUMNS = 72
_ADDRESS = re.compile(r"https?://|mailto:")

Measure = Callable[[str], int]
"""Columns of a word; the caller knows how wide its merge markers will be."""


def columns(text: str) -> int:
    """Terminal columns of `text`; control characters count none."""
    if text.isascii() and text.isprintable():
        return len(text)
    width = wcswidth(text)
    return width if width >= 0 else sum(max(0, wcswidth(character)) for character in text)


def wrap(text: str, *, first: str = "", rest: str = "", measure: Measure = columns) -> list[str]:
    """The lines of `text`, the first with the prefix `first`, the others with `rest`; its own line breaks stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, empty = first if not lines else rest, True
        taken = columns(line)
        for word in _words(paragraph, TEXT_COLUMNS - columns(rest), measure):
            wide = measure(word)
            if not empty and taken + 1 + wide > TEXT_COLUMNS:
                lines.append(line)
                line, empty, taken = rest, True, columns(rest)
            line, empty, taken = (line if empty else line + " ") + word, False, taken + (not empty) + wide
        lines.append(line.rstrip())
    return lines


def _words(paragraph: str, room: int, measure: Measure) -> Iterator[str]:
    for word in paragraph.split():
        if measure(word) <= room or _ADDRESS.search(word):
            yield word
        else:
            yield from _cut(word, room, measure)


def _cut(word: str, room: int, measure: Measure) -> Iterator[str]:
    """Pieces of a word that is wider than a line; merge markers, plain ASCII words, are never cut."""
    piece = ""
    for atom in re.findall(r"[A-Za-z0-9]+|.", word):
        if piece and measure(piece + atom) > room:
            yield piece
            piece = ""
        piece += atom
    yield piece
