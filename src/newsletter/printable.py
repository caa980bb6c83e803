"""Words from outside (a relay, a file, the command line), fit for a terminal, a log, a mail. Touches: nothing.

Taken out is what moves a cursor, colours or renames a terminal (control characters, OSC and the like begin with one),
what turns the direction of writing (Unicode UAX #9: U+202E makes `gpj.exe` of `exe.jpg`), and what breaks a line where
nobody sees it. Limits: characters that are only invisible stay, since some scripts need them.
"""

import re
import unicodedata

_HOSTILE = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
_UNFIT = re.compile(f"[{_HOSTILE}]")
_UNFIT_OR_BREAKS = re.compile(rf"[{_HOSTILE}\s]+")


def printable(text: str) -> str:
    """The text, its lines and tabs as they are, with a replacement character for each that is not fit."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """On one line, with a blank for each run of what is not fit."""
    return _UNFIT_OR_BREAKS.sub(" ", text).strip()


def character_name(char: str) -> str:
    """What a person can look up of a character that cannot be seen or known: `U+FF1A FULLWIDTH COLON`."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
