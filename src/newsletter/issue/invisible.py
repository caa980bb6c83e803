"""Characters that nobody sees: those that turn the direction of writing, and those that only hide. Touches: nothing.

What is needed stays: variation selectors, the joiner inside an emoji, joiners of scripts that have them, marks and
closed isolates on a line with letters that run from right to left, the flag of Wales, a place to break a line in a
script without spaces; and whatever was meant so much that it was written as `&shy;` or `&#8203;`. Sources: Unicode
UAX #9 (bidirectional controls), UAX #14 (U+200B), UTS #39 5.4, UTS #51 (emoji sequences).
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
_ISOLATES = "\u2066\u2067\u2068\u2069"
_BREAKS = "\u00ad\u200b\u2060"
"""Where a word may be parted, where a line may break, and where not."""
_HIDDEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
_ANY = re.compile(f"[{''.join(sorted(TURNING | MARKS))}{_JOINERS}{_HIDDEN}]")
_IN_HOSTS = re.compile(f"{_ANY.pattern[:-1]}\ufe00-\ufe0f]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,30});")
# UTS 51: a black flag, letters that are not shown, and the cancel tag.
_TAG_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u05ff\u0620-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LINE = re.compile(r"[^\n]+")
# Thai to Myanmar, Khmer, New Tai Lue, Tai Tham; kana and Han.
_WITHOUT_SPACES = re.compile("[\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u30ff\u4e00-\u9fff]")
# Scripts that no joiner changes the look of, and what stands between words.
_NEEDS_NO_JOINER = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\s.,!?()\[\]\"'-]?")


@dataclass(frozen=True, slots=True)
class Invisible:
    """One such character of a text: how it is written there, and after how many others that are written so."""

    char: str
    written: str
    nth: int


def hidden_in(text: str) -> Iterator[re.Match[str]]:
    """Every such character that does nothing where it stands."""
    visible = _TAG_FLAG.sub(lambda flag: " " * len(flag[0]), text)
    for line in _LINE.finditer(visible):
        found = list(_ANY.finditer(visible, line.start(), line.end()))
        runs_left = bool(found) and bool(_RIGHT_TO_LEFT.search(line[0]))
        of_use = MARKS if runs_left else frozenset()
        if runs_left and sum(map(line[0].count, _ISOLATES[:3])) == line[0].count(_ISOLATES[3]):
            of_use = of_use.union(_ISOLATES)
        yield from (one for one in found if one[0] not in of_use and not _is_of_use(one[0], visible, one.start()))


def invisible_in(text: str, *, is_markdown: bool) -> Iterator[Invisible]:
    """The first of each such character of a text, also where Markdown makes it of `&rlm;` or `&#x202E;`."""
    told: set[str] = set()
    for match in hidden_in(text):
        char = match[0]
        if char not in told:
            told.add(char)
            yield Invisible(char, char, text.count(char, 0, match.start()))
    for match in _ENTITY.finditer(text) if is_markdown else ():
        char = html.unescape(match[0])
        if len(char) == 1 and char not in told and char not in _JOINERS + _BREAKS and _ANY.fullmatch(char):
            told.add(char)
            yield Invisible(char, match[0], text.count(match[0], 0, match.start()))


def right_to_left_lines(text: str) -> list[tuple[int, int]]:
    """Where each line with letters that run from right to left begins and ends."""
    return [line.span() for line in _LINE.finditer(text) if _RIGHT_TO_LEFT.search(line[0])]


def hides_in_host(host: str) -> str:
    """The first character of a host that cannot be seen; empty where all can."""
    found = _IN_HOSTS.search(host)
    return found[0] if found else ""


def without_invisible(text: str) -> str:
    """The text as it is read."""
    return _IN_HOSTS.sub("", text)


def _is_of_use(char: str, text: str, at: int) -> bool:
    before, behind = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if char in _JOINERS:
        return not (_NEEDS_NO_JOINER.fullmatch(before) and _NEEDS_NO_JOINER.fullmatch(behind))
    if char in _BREAKS:
        return char != "\u00ad" and bool(_WITHOUT_SPACES.fullmatch(before) or _WITHOUT_SPACES.fullmatch(behind))
    return False
