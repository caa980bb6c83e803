"""The text: placeholder-left, control-char, nfd-text, text-part-missing. Touches: nothing."""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error, warning
from newsletter.excerpt import shortened
from newsletter.issue.tree import DataPath

_PLACEHOLDERS = re.compile(r"\{\{|\bTODO\b|\b(?i:lorem)\b|제목을 입력")
# `{{ "{{" }}` in an issue writes the braces on purpose.
_BRACES_ON_PURPOSE = re.compile(r"""\{\{\s*(['"])\{\{\1\s*\}\}""")
_SHOWN = 40
_ALLOWED_CONTROLS = "\t\n\r"


@error("placeholder-left", "docs/issue-file.md#merge-fields")
def placeholder_left(material: Material) -> Iterator[Found]:
    """What somebody meant to replace before sending."""
    braces_meant = material.typed(_BRACES_ON_PURPOSE)
    told: set[str] = set()
    for text in (text for sheet in material.sheets for text in _texts(sheet)):
        for match in _PLACEHOLDERS.finditer(text):
            word = match[0]
            if word in told or (word == "{{" and braces_meant):
                continue
            typed = [] if word == "{{" else list(_typed(material, word))
            told.update(word for _ in typed)
            yield from typed or [_left(_around(text, match), path=material.path_of(word))]


def _typed(material: Material, word: str) -> Iterator[Found]:
    """The same placeholder, everywhere in the issue."""
    for path, value in material.texts():
        same = (match for match in _PLACEHOLDERS.finditer(value) if match[0] == word)
        for nth, match in enumerate(same):
            yield _left(_around(value, match), path, word, nth)


def _around(text: str, match: re.Match[str]) -> str:
    return shortened(text[match.start() :].partition("\n")[0], _SHOWN)


def _left(around: str, path: DataPath, sought: str = "", nth: int = 0) -> Found:
    return Found(phrase("check.words.placeholder-left.found", words=around), path=path, sought=sought, nth=nth)


@error("control-char", "RFC 5322, 2.2 https://www.rfc-editor.org/rfc/rfc5322#section-2.2")
def control_char(material: Material) -> Iterator[Found]:
    """Invisible control characters break headers and make filters suspicious."""
    for sheet in material.sheets:
        for text in (sheet.edition.subject, sheet.edition.html, sheet.edition.text):
            for char in sorted({char for char in text if _is_control(char)}):
                yield Found(
                    phrase("check.words.control-char.found", character=f"U+{ord(char):04X}"),
                    path=material.path_of(char),
                )


@warning("nfd-text", "RFC 5198, 3 https://www.rfc-editor.org/rfc/rfc5198#section-3")
def nfd_text(material: Material) -> Iterator[Found]:
    """Decomposed Hangul, as macOS file names have it, falls apart in some mail programs."""
    for sheet in material.sheets:
        texts = (sheet.edition.subject, sheet.edition.html, sheet.edition.text)
        if not all(unicodedata.is_normalized("NFC", text) for text in texts):
            yield Found(phrase("check.words.nfd-text.found"))


@warning("text-part-missing", "RFC 2046, 5.1.4 https://www.rfc-editor.org/rfc/rfc2046#section-5.1.4")
def text_part_missing(material: Material) -> Iterator[Found]:
    """Watches, screen readers and filters read the plain text."""
    if any(not sheet.edition.text.strip() for sheet in material.sheets):
        yield Found(phrase("check.words.text-part-missing.found"))


def _texts(sheet: Sheet) -> tuple[str, ...]:
    alternatives = (tag.get("alt") for tag in sheet.page.named("img"))
    return (sheet.edition.subject, sheet.page.words, sheet.edition.text, *alternatives)


def _is_control(char: str) -> bool:
    return char not in _ALLOWED_CONTROLS and unicodedata.category(char) in {"Cc", "Cs"}


RULES = (
    placeholder_left,
    control_char,
    nfd_text,
    text_part_missing,
)
