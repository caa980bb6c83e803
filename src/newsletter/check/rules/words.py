"""The text: control-char, nfd-text, text-part-missing. Touches: nothing."""

import unicodedata
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning

_ALLOWED_CONTROLS = "\t\n\r"


@error("control-char", "RFC 5322, 2.2 https://www.rfc-editor.org/rfc/rfc5322#section-2.2")
def control_char(material: Material) -> Iterator[Found]:
    """Invisible control characters break headers and make filters suspicious."""
    for sheet in material.sheets:
        for text in (sheet.edition.subject, sheet.edition.html, sheet.edition.text):
            for char in sorted({char for char in set(text) if _is_control(char)}):
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


def _is_control(char: str) -> bool:
    return char not in _ALLOWED_CONTROLS and unicodedata.category(char) in {"Cc", "Cs"}


RULES = (
    control_char,
    nfd_text,
    text_part_missing,
)
