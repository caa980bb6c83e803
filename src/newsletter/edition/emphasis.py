"""Let Markdown emphasis close before Hangul: `**약 60%**에` is bold. Touches: nothing.

CommonMark does not count a delimiter as closing between punctuation and a letter. This replaces markdown-it's scan of
`*` and `_` by the rule of the CommonMark CJK-friendly amendments (tats-u/markdown-cjk-friendly, section 6.2). A merge
field next to a delimiter counts as CJK too, since what will stand there is mostly a Korean name.
Limits: which symbols are emoji (and so not CJK) is told by blocks, not by the emoji tables.
"""

import unicodedata
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

MARKER_PREFIX = "marker_prefix"
"""The key of markdown-it's environment that names the prefix of merge markers."""

_LONGEST_MARKER = 40
"""Characters; prefix, number and closing letter stay far under it."""

_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
_QUOTES = "‘’“”"
_FULLWIDTH_FORM = "\ufe01"


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands on one side of a run of delimiters."""

    space: bool
    punctuation: bool
    cjk: bool

    @property
    def foreign_punctuation(self) -> bool:
        return self.punctuation and not self.cjk


def cjk_friendly_emphasis(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(cjk_friendly_emphasis)`."""
    md.inline.ruler.at("emphasis", _emphasis)


def _emphasis(state: StateInline, silent: bool) -> bool:
    character = state.src[state.pos]
    if silent or character not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == character:
        end += 1
    length = end - state.pos
    can_open, can_close = _flanking(_before(state), _after(state, end), within_words=character == "*")
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = character
        state.delimiters.append(
            Delimiter(ord(character), length, token=len(state.tokens) - 1, end=-1, open=can_open, close=can_close)
        )
    state.pos = end
    return True


def _flanking(before: _Side, after: _Side, *, within_words: bool) -> tuple[bool, bool]:
    """Whether the run can open and whether it can close emphasis."""
    left = not after.space and (
        not after.foreign_punctuation or before.space or before.foreign_punctuation or before.cjk
    )
    right = not before.space and (
        not before.foreign_punctuation or after.space or after.foreign_punctuation or after.cjk
    )
    can_open = left and (within_words or not right or before.punctuation)
    can_close = right and (within_words or not left or after.punctuation)
    return can_open, can_close


def _before(state: StateInline) -> _Side:
    if state.pos == 0:
        return _Side(space=True, punctuation=False, cjk=False)
    character, selector = state.src[state.pos - 1], ""
    if "\ufe00" <= character <= "\ufe0e" and state.pos > 1:
        character, selector = state.src[state.pos - 2], character
    side = _side(character)
    ideographic_variant = "\U000e0100" <= character <= "\U000e01ef"
    fullwidth_quote = selector == _FULLWIDTH_FORM and character in _QUOTES
    marker = character == "q" and _ends_with_marker(state)
    return _Side(side.space, side.punctuation, side.cjk or ideographic_variant or fullwidth_quote or marker)


def _after(state: StateInline, end: int) -> _Side:
    if end >= state.posMax:
        return _Side(space=True, punctuation=False, cjk=False)
    prefix = state.env.get(MARKER_PREFIX, "")
    side = _side(state.src[end])
    return _Side(side.space, side.punctuation, side.cjk or (bool(prefix) and state.src.startswith(prefix, end)))


def _ends_with_marker(state: StateInline) -> bool:
    prefix = state.env.get(MARKER_PREFIX, "")
    word = state.src[max(0, state.pos - _LONGEST_MARKER) : state.pos - 1].rstrip("0123456789")
    return bool(prefix) and word.endswith(prefix)


def _side(character: str) -> _Side:
    code = ord(character)
    punctuation = isMdAsciiPunct(code) or isPunctChar(character)
    return _Side(isWhiteSpace(code), punctuation, _is_cjk(character))


def _is_cjk(character: str) -> bool:
    code = ord(character)
    if any(first <= code <= last for first, last in _HANGUL):
        return True
    return unicodedata.east_asian_width(character) in "WFH" and not _is_emoji(code)


def _is_emoji(code: int) -> bool:
    """Of the wide characters: symbols before the CJK blocks, and the pictographs but for the squared ideographs."""
    if code < 0x2E80:
        return code not in (0x20A9, 0x2329, 0x232A)
    return 0x1F000 <= code <= 0x1FAFF and not 0x1F200 <= code <= 0x1F2FF
