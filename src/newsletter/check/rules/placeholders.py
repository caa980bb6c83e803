"""What somebody meant to replace before sending: placeholder-left, placeholder-maybe. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.check.leftovers import Leftover, leftovers_in
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error, warning
from newsletter.edition.markdown.written_code import without_code
from newsletter.excerpt import shortened
from newsletter.issue.part import PlacedText
from newsletter.issue.texts import TextKind
from newsletter.issue.tree import DataPath
from newsletter.printable import one_line

_PLACEHOLDERS = re.compile(r"\{\{|\bTODO\b|\b(?i:lorem)\b|제목을 입력")
# `{{ "{{" }}` in an issue writes the braces on purpose.
_BRACES_ON_PURPOSE = re.compile(r"""\{\{\s*(['"])\{\{\1\s*\}\}""")
_TO_FILL_IN = "…"
"""What the lines to paste have where somebody is to write something (issue/mendings.py)."""
_CODE = frozenset({"code", "pre"})
_SHOWN = 40


@error("placeholder-left", "docs/issue-file.md#merge-fields")
def placeholder_left(material: Material) -> Iterator[Found]:
    """What somebody meant to replace before sending, and fields of other tools."""
    yield from _notes_to_self(material)
    for line in material.issue.texts():
        if line.text == _TO_FILL_IN and line.kind in {TextKind.LINE, TextKind.NAME}:
            yield _left(_TO_FILL_IN, line.path)
    told: set[str] = set()
    for path, text, one in _leftovers(material):
        if one.is_certain:
            told.add(text[one.start : one.end])
            yield _of_issue(_says(text, one), path, text, one, phrase("check.placeholders.placeholder-left.field_hint"))
    # What a template or the settings say; the issue's own words are told above, as they were typed.
    for text in (text for sheet in material.sheets for text in _shown(sheet)):
        for one in leftovers_in(text):
            if one.is_certain and (words := text[one.start : one.end]) not in told:
                told.add(words)
                yield Found(_says(text, one), hint=phrase("check.placeholders.placeholder-left.field_hint"))


@warning("placeholder-maybe", "docs/checking.md#left-over-from-elsewhere")
def placeholder_maybe(material: Material) -> Iterator[Found]:
    """`{name}` and `○○○님` mostly are what somebody meant to replace, and now and then what is meant."""
    for path, text, one in _leftovers(material):
        if not one.is_certain:
            says = phrase("check.placeholders.placeholder-maybe.found", words=_words(text, one))
            yield _of_issue(says, path, text, one)


def _notes_to_self(material: Material) -> Iterator[Found]:
    braces_meant = material.typed(_BRACES_ON_PURPOSE) or any("{{" in cell for cell in material.cells)
    told: set[str] = set()
    for text in (text for sheet in material.sheets for text in _shown(sheet)):
        for match in _PLACEHOLDERS.finditer(text):
            word = match[0]
            if word in told or (word == "{{" and braces_meant):
                continue
            typed = [] if word == "{{" else list(_typed(material, word))
            told.update(word for _ in typed)
            yield from typed or [_left(_around(text, match), path=material.path_of(word))]


def _typed(material: Material, word: str) -> Iterator[Found]:
    """The same placeholder, everywhere in the issue but in code."""
    for text in material.issue.texts():
        same = (match for match in _PLACEHOLDERS.finditer(_outside_code(text)) if match[0] == word)
        for match in same:
            yield _left(_around(text.text, match), text.path, word, text.text.count(word, 0, match.start()))


def _outside_code(text: PlacedText) -> str:
    return without_code(text.text) if text.kind.is_markdown else text.text


def _around(text: str, match: re.Match[str]) -> str:
    return shortened(text[match.start() :].partition("\n")[0], _SHOWN)


def _left(around: str, path: DataPath, sought: str = "", nth: int = 0) -> Found:
    return Found(phrase("check.placeholders.placeholder-left.found", words=around), path=path, sought=sought, nth=nth)


def _leftovers(material: Material) -> Iterator[tuple[DataPath, str, Leftover]]:
    """In the texts of the issue as they were typed, which Markdown may change: `*|FNAME|*` would lose its stars."""
    for text in material.issue.texts():
        # In an address and in the name of a file, what may be a field is a sign like any other: `%EC%9D%B4`.
        is_for_machines = not text.kind.is_read
        for one in leftovers_in(_outside_code(text)):
            if one.is_certain or not is_for_machines:
                yield text.path, text.text, one


def _of_issue(says: Said, path: DataPath, text: str, one: Leftover, hint: Said = SILENCE) -> Found:
    sought = text[one.start : one.end]
    return Found(says, hint=hint, path=path, sought=sought, nth=text.count(sought, 0, one.start))


def _says(text: str, one: Leftover) -> Said:
    words = _words(text, one)
    if one.system:
        return phrase("check.placeholders.placeholder-left.of_system", system=one.system, words=words)
    return phrase("check.placeholders.placeholder-left.found", words=words)


def _words(text: str, one: Leftover) -> str:
    return shortened(one_line(text[one.start : one.end]), _SHOWN)


def _shown(sheet: Sheet) -> tuple[str, ...]:
    """The subject, what the page says outside code, and its alternative texts; the text part says the same."""
    pieces = (words for tag, words in sheet.page.texts if all(one.name not in _CODE for one in (tag, *tag.around())))
    return (sheet.edition.subject, " ".join(pieces), *(tag.get("alt") for tag in sheet.page.named("img")))


RULES = (
    placeholder_left,
    placeholder_maybe,
)
