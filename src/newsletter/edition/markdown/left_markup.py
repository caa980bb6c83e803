"""What of Markdown's signs readers would see: stars and tildes that mark nothing, a table's dashes, `[^1]`.

Touches: nothing. Told is what somebody most likely meant as markup: a run that opens and finds no end, one with a space
right inside it, a row of dashes that makes no table, the number of a footnote without its note, and the other way
round: Korean, Japanese or Chinese that spaces before it make code of. Stars behind a word
(`AA**`, `통계**`), levels of significance, powers, hidden names and whatever a backslash keeps are text. Limits: one of
a kind is told for each paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.issue.texts import TextKind

from .neighbours import is_cjk
from .shown_words import NOT_TEXT, indented_code, paragraphs_of, shown_words

_FIELD = re.compile(r"\{\{[^{}\n]*\}\}")
_FILLED = "\ud7fb"
"""Stands for each character of a merge field: a letter of Hangul that no text has by itself."""
_BEFORE = r"""(?<![^\s(\[{<"'‘“「『（])"""
_STARS = r"(?<!\*)(?P<sign>\*{2,3})(?!\*)"
# `**p < 0.01`, `src/**/*.py`, and what only ends a clause.
_SIGNIFICANCE = r"[A-Za-z]{1,3}\s?[<>=≤≥]"
_OPEN_STARS = re.compile(rf"{_BEFORE}{_STARS}(?!\s*{_SIGNIFICANCE}|[\s/,.;:!?)\]}}…·]|[\"'’”](?!\w)|$)")
# `2 ** 10`, `a ** b` are powers; `** 굵게 **` is emphasis with a space too much.
_LOOSE_STARS = re.compile(
    rf"(?<!\S)(?<![0-9)]\s)(?<!\b[A-Za-z]\s){_STARS}[ \t]+(?!{_SIGNIFICANCE})"
    r"(?P<words>[^*\s](?:[^*\n]*[^*\s])?)[ \t]*\*{2,3}(?!\*)"
)
_OPEN_TILDES = re.compile(rf"{_BEFORE}(?<!~)(?P<sign>~~)(?!~)(?:(?=[^\W\d_])|(?=[^\s~][^\n]*~~))")
_DASHES = re.compile(
    r"(?P<sign>\|[ \t]*(?::-+:?|-+:|-{3,})[ \t]*\||^[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+$)", re.MULTILINE
)
# Rows without the dashes under the first one; cells that a spreadsheet parted by tabs.
_PIPES = re.compile(r"^(?P<sign>\|)[^\n|]*\|[^\n]*\|[ \t]*\n[ \t]*\|[^\n|]*\|[^\n]*\|[ \t]*$", re.MULTILINE)
_TABS = re.compile(r"^(?P<sign>[^\s][^\t\n]*)\t[^\n]*\S[^\n]*\n[^\s][^\t\n]*\t[^\n]*\S", re.MULTILINE)
_NOTE = re.compile(r"(?P<sign>\[\^\w{1,80}\])")
_UNREADABLE = re.compile(rf"[{NOT_TEXT}{_FILLED}]+")
_LONGEST_SOUGHT = 12


class MarkupFault(StrEnum):
    """What is left, by what is to be done about it."""

    NOT_READ = "not_read"
    """Markdown in a text that is none."""
    OPEN = "open"
    """Stars that nothing closes."""
    LOOSE = "loose"
    """Stars with a space right inside them."""
    TILDES = "tildes"
    DASHES = "dashes"
    ROWS = "rows"
    """A table's rows that came without its dashes, by pipes or by tabs."""
    NOTE = "note"
    """The number of a footnote that is nowhere in the text."""
    INDENTED = "indented"
    """Words that four spaces before them make code of."""


@dataclass(frozen=True, slots=True)
class LeftMarkup:
    """One sign that is shown: `sought` stands in the text as typed, after `nth` others that are written so."""

    fault: MarkupFault
    words: str
    """What is shown, from the sign on; of LOOSE what is between the stars."""
    sought: str
    nth: int


def left_markup(text: str, kind: TextKind) -> Iterator[LeftMarkup]:
    """What is left of a text of this kind; nothing in an address or the name of a file."""
    if kind is TextKind.MARKDOWN:
        yield from _indented(text)
    if not kind.is_read or not any(sign in text for sign in ("**", "~~", "--", "|", "\t", "[^")):
        return
    for first_line, tokens in paragraphs_of(_FIELD.sub(lambda field: _FILLED * len(field[0]), text), kind):
        shown = shown_words(tokens)
        if not kind.is_markdown and any(token.type in ("strong_open", "s_open") for token in tokens):
            sign = next(token.markup for token in tokens if token.type in ("strong_open", "s_open"))
            yield LeftMarkup(MarkupFault.NOT_READ, text, sign, 0)
        for fault, match in _faults(shown):
            line = first_line + shown.count("\n", 0, match.start("sign"))
            words = match["words"] if fault is MarkupFault.LOOSE else shown[match.start("sign") :].partition("\n")[0]
            yield LeftMarkup(fault, _UNREADABLE.sub("…", words), *_place(text, line, shown, match))


def _indented(text: str) -> Iterator[LeftMarkup]:
    """The first line of what spaces before it make code of, though it is no code."""
    for words in indented_code(text):
        if any(map(is_cjk, words)):
            first = words.strip().partition("\n")[0].rstrip()
            yield LeftMarkup(MarkupFault.INDENTED, first, first, 0)
            return


def _faults(shown: str) -> Iterator[tuple[MarkupFault, re.Match[str]]]:
    """The first of each sign in a paragraph."""
    loose, unclosed = _LOOSE_STARS.search(shown), _OPEN_STARS.search(shown)
    if loose and not (unclosed and unclosed.start() < loose.start()):
        yield MarkupFault.LOOSE, loose
    elif unclosed:
        yield MarkupFault.OPEN, unclosed
    for fault, pattern in (
        (MarkupFault.TILDES, _OPEN_TILDES),
        (MarkupFault.DASHES, _DASHES),
        (MarkupFault.NOTE, _NOTE),
    ):
        if match := pattern.search(shown):
            yield fault, match
    if not _DASHES.search(shown) and (match := _PIPES.search(shown) or _TABS.search(shown)):
        yield MarkupFault.ROWS, match


def _place(text: str, line: int, shown: str, match: re.Match[str]) -> tuple[str, int]:
    """What of the text, as typed, is to be pointed at: as much behind the sign as stands there in one piece."""
    lines = text.split("\n")
    begin = sum(len(one) + 1 for one in lines[:line])
    behind = re.split(rf"[\0\n{_FILLED}]", shown[match.start("sign") : match.start("sign") + _LONGEST_SOUGHT])[0]
    for sought in (behind, match["sign"]):
        if sought in lines[line]:
            return sought, text.count(sought, 0, begin + lines[line].index(sought))
    return match["sign"], 0
