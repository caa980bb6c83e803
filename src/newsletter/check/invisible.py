"""Characters that nobody sees: those that turn the direction of writing, and those that only hide. Touches: nothing.

What is needed stays: variation selectors, the joiner inside an emoji, joiners of scripts that have them, a soft hyphen,
the flag of Wales, a place to break a line in a paragraph. Sources: Unicode UAX #9 (bidirectional controls),
UTS #39 5.4, UTS #51 (emoji sequences).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: what follows is shown in another order than it is written."""
MARKS = frozenset("\u061c\u200e\u200f")
"""Left-to-right, right-to-left and Arabic letter mark: they come along when a number is copied."""
_JOINERS = "\u200c\u200d"
_BREAKS = "\u200b\u2060"
"""Where a line may break, and where not: of use in a paragraph, and nowhere else."""
_HIDDEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
_ANY = re.compile(f"[{''.join(sorted(TURNING | MARKS))}{_JOINERS}{_HIDDEN}]")
_IN_HOSTS = re.compile(f"{_ANY.pattern[:-1]}\u00ad\ufe00-\ufe0f]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,30});")
# UTS 51: a black flag, letters that are not shown, and the cancel tag.
_TAG_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f")
# Scripts that no joiner changes the look of, and what stands between words.
_NEEDS_NO_JOINER = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\s.,!?()\[\]\"'-]?")


@dataclass(frozen=True, slots=True)
class Invisible:
    """One such character of a text: how it is written there, and after how many others that are written so."""

    char: str
    written: str
    nth: int


def invisible_in(text: str, *, is_markdown: bool) -> Iterator[Invisible]:
    """The first of each such character of a text, also where Markdown makes it of `&rlm;` or `&#x202E;`."""
    told: set[str] = set()
    hidden = _TAG_FLAG.sub(lambda flag: " " * len(flag[0]), text)
    for match in _ANY.finditer(hidden):
        char = match[0]
        of_use = (char in _JOINERS and _joins(text, match.start())) or (is_markdown and char in _BREAKS)
        if char not in told and not of_use:
            told.add(char)
            yield Invisible(char, char, text.count(char, 0, match.start()))
    for match in _ENTITY.finditer(text) if is_markdown else ():
        char = html.unescape(match[0])
        if len(char) == 1 and char not in told and char not in _JOINERS + _BREAKS and _ANY.fullmatch(char):
            told.add(char)
            yield Invisible(char, match[0], text.count(match[0], 0, match.start()))


def hides_in_host(host: str) -> str:
    """The first character of a host that cannot be seen; empty where all can."""
    found = _IN_HOSTS.search(host)
    return found[0] if found else ""


def without_invisible(text: str) -> str:
    """The text as it is read."""
    return _IN_HOSTS.sub("", text)


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands where it does something: in an emoji, or in a script that needs it."""
    return not (_NEEDS_NO_JOINER.fullmatch(text[at - 1 : at]) and _NEEDS_NO_JOINER.fullmatch(text[at + 1 : at + 2]))
