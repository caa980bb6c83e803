"""Text without what a reader does not see in it, to compare what two texts say. Touches: nothing.

Taken out: every character that shows nothing (Unicode's Default_Ignorable_Code_Point: U+200B, U+FEFF, U+00AD, Hangul
fillers, variation selectors, marks of direction, …), the case of letters, and how a character is composed (NFC, NFD).
"""

import re
import unicodedata

# DerivedCoreProperties.txt of Unicode 15.1, Default_Ignorable_Code_Point.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANK = re.compile(r"[\s\u2800]+")
"""All white space, and the Braille pattern that has no dots."""


def folded(text: str) -> str:
    """The text as it is compared; what parts words is one blank."""
    seen = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).casefold()
    return _BLANK.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def without_blanks(text: str) -> str:
    """A folded text whose blanks do not count either."""
    return text.replace(" ", "")
