"""What came along from HWP, Word and Excel: strange-char, wide-latin. Touches: nothing."""

from collections.abc import Iterator
from itertools import islice

from newsletter.catalogue import Said, phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened
from newsletter.issue.part import PlacedText
from newsletter.issue.strange_signs import is_set_wide, lost_in, narrow, shows, wide_in
from newsletter.printable import character_name

_SHOWN = 40
_MOST = 50
"""Of one text; more than anybody reads."""


@warning("strange-char", "Unicode, 23.5 and 23.8 https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-23/")
def strange_char(material: Material) -> Iterator[Found]:
    """What only the font of another program shows; readers get an empty box."""
    told: set[str] = set()
    for text in material.issue.texts():
        here: set[str] = set()
        for match in () if text.text.isascii() else lost_in(text.text):
            char, at = match[0], match.start()
            if char not in here:
                here.add(char)
                nth = text.text.count(char, 0, at)
                yield Found(_of(char, shows(char, text.text, at)), path=text.path, sought=char, nth=nth)
        told |= here
    for sheet in material.sheets:  # what a template or the settings say
        for char in sorted({match[0] for match in lost_in(sheet.edition.subject + sheet.edition.html)} - told):
            told.add(char)
            yield Found(_of(char, ""))


def _of(char: str, shown: str) -> Said:
    name = character_name(char)
    if char == "\ufffd":
        return phrase("check.signs.strange-char.letter_lost", character=name)
    if char == "\ufffc":
        return phrase("check.signs.strange-char.thing_lost", character=name)
    if shown:
        return phrase("check.signs.strange-char.known", character=name, shown=shown)
    return phrase("check.signs.strange-char.unknown", character=name)


@warning("wide-latin", "Unicode UAX #11, 5 https://www.unicode.org/reports/tr11/")
def wide_latin(material: Material) -> Iterator[Found]:
    """`ＡＢＣ` is spaced as Hangul is, not found by a search for ABC, and spelled out by screen readers."""
    for text in material.issue.texts():
        if text.text.isascii() or is_set_wide(_language(material, text)):
            continue
        for match in islice(wide_in(text.text), _MOST):
            says = phrase(
                "check.signs.wide-latin.found",
                words=shortened(match[0], _SHOWN),
                character=character_name(match[0][0]),
                narrow=shortened(narrow(match[0]), _SHOWN),
            )
            yield Found(says, path=text.path, sought=match[0], nth=text.text.count(match[0], 0, match.start()))


def _language(material: Material, text: PlacedText) -> str:
    return str(text.path[1]) if text.path[0] == "translations" else material.language


RULES = (
    strange_char,
    wide_latin,
)
