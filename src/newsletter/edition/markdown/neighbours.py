"""What stands beside a run of `*`, `_` or `~`: space, punctuation, a letter, Hangul, a merge field. Touches: nothing.

Which characters are CJK follows the CommonMark CJK-friendly amendments (tats-u/markdown-cjk-friendly, section 6.2). A
merge field counts as CJK too, since what will stand there is mostly a Korean name.
Limits: which symbols are emoji (and so not CJK) is told by blocks, not by the emoji tables.
"""

import unicodedata
from dataclasses import dataclass

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline

MARKER_PREFIX = "marker_prefix"
"""The key of markdown-it's environment that names the prefix of merge markers."""

_LONGEST_MARKER = 40
"""Characters; prefix, number and closing letter stay far under it."""

_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
_QUOTES = "‘’“”"
_FULLWIDTH_FORM = "\ufe01"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a run of delimiters; `character` is empty where the text begins or ends."""

    character: str
    space: bool
    punctuation: bool
    cjk: bool

    @property
    def foreign_punctuation(self) -> bool:
        return self.punctuation and not self.cjk

    @property
    def word(self) -> bool:
        """A letter or a digit of any script, or a merge field."""
        return self.character.isalnum()

    @property
    def opens(self) -> bool:
        """A bracket behind which nothing can end. Quotes are none: what opens here closes in German."""
        return bool(self.character) and unicodedata.category(self.character) == "Ps"

    @property
    def foreign_word(self) -> bool:
        """A letter or a digit that is not CJK: of a formula, perhaps."""
        return self.word and not self.cjk


_EDGE = Side("", space=True, punctuation=False, cjk=False)


def before(state: StateInline) -> Side:
    """What stands right before the position of `state`."""
    if state.pos == 0:
        return _EDGE
    character, selector = state.src[state.pos - 1], ""
    if "\ufe00" <= character <= "\ufe0e" and state.pos > 1:
        character, selector = state.src[state.pos - 2], character
    ideographic_variant = "\U000e0100" <= character <= "\U000e01ef"
    fullwidth_quote = selector == _FULLWIDTH_FORM and character in _QUOTES
    marker = character == "q" and _ends_with_marker(state)
    return _side(character, cjk=ideographic_variant or fullwidth_quote or marker)


def after(state: StateInline, end: int) -> Side:
    """What stands at `end`, right behind a run."""
    if end >= state.posMax:
        return _EDGE
    prefix = state.env.get(MARKER_PREFIX, "")
    return _side(state.src[end], cjk=bool(prefix) and state.src.startswith(prefix, end))


def _ends_with_marker(state: StateInline) -> bool:
    prefix = state.env.get(MARKER_PREFIX, "")
    word = state.src[max(0, state.pos - _LONGEST_MARKER) : state.pos - 1].rstrip("0123456789")
    return bool(prefix) and word.endswith(prefix)


def _side(character: str, *, cjk: bool) -> Side:
    code = ord(character)
    punctuation = isMdAsciiPunct(code) or isPunctChar(character)
    return Side(character, isWhiteSpace(code), punctuation, cjk or is_cjk(character))


def is_cjk(character: str) -> bool:
    """Whether a character is of Hangul, Han or Kana, or of their punctuation."""
    code = ord(character)
    if any(first <= code <= last for first, last in _HANGUL):
        return True
    return unicodedata.east_asian_width(character) in "WFH" and not _is_emoji(code)


def _is_emoji(code: int) -> bool:
    """Of the wide characters: symbols before the CJK blocks, and the pictographs but for the squared ideographs."""
    if code < 0x2E80:
        return code not in (0x20A9, 0x2329, 0x232A)
    return 0x1F000 <= code <= 0x1FAFF and not 0x1F200 <= code <= 0x1F2FF
