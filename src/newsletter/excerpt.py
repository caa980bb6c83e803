"""Show a person where something is wrong: the line with a caret under it, and the word that was probably meant.

Touches: nothing. Limits: terminals whose font draws Hangul other than two columns wide; a very long line is cut.
"""

import difflib
from collections.abc import Iterable

from wcwidth import wcwidth

from newsletter.printable import printable

MARGIN = "    "
WIDEST = 100
"""Columns of a line that are shown; a caret beyond them would wrap, and then point at nothing."""
_NEAR = 4 * WIDEST
"""Characters on either side of the caret that are looked at, combining ones included; a line may have 200,000."""
_LONGEST_WORD = 80
"""Characters; what is longer is no mistyped word, and comparing it takes long."""


def excerpt(line: str, column: int) -> str:
    """`line` and, under it, a caret at `column` (from 1, in characters), aligned by the width of what stands before."""
    start = column - 1
    before, after = _shown(line[max(0, start - _NEAR) : start]), _shown(line[start : start + _NEAR].rstrip())
    cut = _tail(before, WIDEST // 2) if _width(before) > WIDEST // 2 else before
    lead = cut if cut == before else "…" + cut
    rest = _head(after, WIDEST - _width(lead))
    return f"{MARGIN}{lead}{rest}\n{MARGIN}{' ' * _width(lead)}^"


def shortened(text: str, most: int) -> str:
    """At most so many characters of a quotation; what is left out shows as an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def suggestion(word: str, known: Iterable[str]) -> str:
    """The closest of `known` to a mistyped `word`; empty when nothing is near."""
    if len(word) > _LONGEST_WORD:
        return ""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def _shown(text: str) -> str:
    """Tabs, control characters and what turns the writing as one visible column each, so that the caret fits."""
    seen = (" " if char == "\t" else "\N{REPLACEMENT CHARACTER}" if wcwidth(char) < 0 else char for char in text)
    return printable("".join(seen))


def _width(text: str) -> int:
    return sum(wcwidth(char) for char in text)


def _head(text: str, room: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += wcwidth(char)
        if used > room:
            return text[:index] + "…"
    return text


def _tail(text: str, room: int) -> str:
    return _head(text[::-1], room)[::-1].removeprefix("…")
