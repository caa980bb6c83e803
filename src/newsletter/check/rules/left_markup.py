"""Markdown that came to nothing: markup-left. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.edition.markdown.left_markup import LeftMarkup, MarkupFault, left_markup
from newsletter.excerpt import shortened
from newsletter.printable import one_line

_SHOWN = 40


@warning("markup-left", "docs/issue-file.md#text")
def markup_left(material: Material) -> Iterator[Found]:
    """Stars, tildes and dashes that readers would see where words should be bold, struck or in a table."""
    for text in material.issue.texts():
        for left in left_markup(text.text, text.kind):
            words = shortened(one_line(left.words), _SHOWN)
            yield Found(_says(left, words), hint=_hint(left, words), path=text.path, sought=left.sought, nth=left.nth)


def _says(left: LeftMarkup, words: str) -> Said:
    if left.fault in {MarkupFault.DASHES, MarkupFault.ROWS}:
        return phrase("check.left_markup.markup-left.no_table", words=words)
    if left.fault is MarkupFault.LOOSE:
        return phrase("check.left_markup.markup-left.loose", words=words)
    if left.fault is MarkupFault.NOTE:
        return phrase("check.left_markup.markup-left.no_note", mark=_note_mark(left))
    if left.fault is MarkupFault.INDENTED:
        return phrase("check.left_markup.markup-left.indented", words=words)
    if left.fault is MarkupFault.NOT_READ:
        return phrase("check.left_markup.markup-left.not_read", words=words)
    return phrase("check.left_markup.markup-left.found", words=words)


def _hint(left: LeftMarkup, words: str) -> Said:
    match left.fault:
        case MarkupFault.LOOSE:
            return phrase("check.left_markup.markup-left.how_loose", words=words)
        case MarkupFault.NOT_READ:
            return phrase("check.left_markup.markup-left.how_not_read")
        case MarkupFault.TILDES:
            return phrase("check.left_markup.markup-left.how_tildes")
        case MarkupFault.DASHES | MarkupFault.ROWS:
            return phrase("check.left_markup.markup-left.how_table")
        case MarkupFault.NOTE:
            return phrase("check.left_markup.markup-left.how_note", mark=_note_mark(left))
        case MarkupFault.INDENTED:
            return phrase("check.left_markup.markup-left.how_indented")
        case MarkupFault.OPEN:
            return SILENCE


def _note_mark(left: LeftMarkup) -> str:
    """`[^1]` of what is shown from there on."""
    return left.words[: left.words.index("]") + 1]


RULES = (markup_left,)
