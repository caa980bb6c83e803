"""How alike two letters are to who reads them (docs/design.md 4.5, promise 8). Touches: nothing.

Compared is the text part without masthead and footer, where date, number and address stand: folded, so that what no
reader sees makes no difference. Limits: what only the HTML part shows (bold, colours, the preheader) is not compared.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from newsletter.folded import folded, without_blanks

from .wrap import TEXT_COLUMNS

ALIKE = 0.95
"""Share of words in common from which on two letters may be one: `difflib`'s ratio over the words."""
FEWEST = 50
"""Words of a letter whose likeness says something; shorter ones are compared only as a whole."""
_MOST_PAIRS = 2_000_000
"""Pairs of equal words that `difflib` would look at again and again; it takes some 0.3 s for so many."""
_RULE = re.compile(rf"^={{{TEXT_COLUMNS}}}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An issue that says what another one says."""

    slug: str
    """Of the other one."""
    ratio: float
    """1.0: every word is the same."""
    is_copy: bool
    """No reader could tell them apart: subject, words and pictures of every edition are the same."""

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return int(self.ratio * 100)


@dataclass(frozen=True)
class Reading:
    """What somebody reads in an edition, ready to be compared: folded, and without blanks but between words."""

    subject: str
    worded: str
    pictures: frozenset[str]

    @cached_property
    def text(self) -> str:
        return without_blanks(self.worded)

    @cached_property
    def words(self) -> list[str]:
        return self.worded.split()

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.words)


def reading_of(edition: Mapping[str, Any]) -> Reading:
    """Of an edition as plain data (`Edition.to_json`); a merge field reads as its name and default."""
    subject, text = edition["subject"], _body(edition["text"])
    for hole in edition["holes"]:
        shown = f"{{{{{hole['key']}|{hole['default']}}}}}"
        subject, text = subject.replace(hole["marker"], shown), text.replace(hole["marker"], shown)
    pictures = frozenset(picture["cid"] for picture in edition["pictures"])
    return Reading(without_blanks(folded(subject)), folded(text), pictures)


@dataclass(frozen=True, slots=True)
class Match:
    """What an edition of another issue has in common with those of this one."""

    ratio: float
    same: frozenset[int] = frozenset()
    """Which of them, by their place, nobody could tell from it."""


def match(readings: Sequence[Reading], other: Reading, *, also_alike: bool = True) -> Match | None:
    """None where there is nothing to speak of. Without `also_alike` only what is the same word for word counts."""
    if worded := [place for place, mine in enumerate(readings) if mine.text == other.text]:
        seen = other.subject, other.pictures
        return Match(1.0, frozenset(n for n in worded if (readings[n].subject, readings[n].pictures) == seen))
    ratios = (_ratio(mine, other) for mine in readings if also_alike)
    return next((Match(ratio) for ratio in ratios if ratio >= ALIKE), None)


def likeness(slug: str, matches: Sequence[Match], readings: Sequence[Reading]) -> Likeness:
    """All matches with editions of one issue in one; it is a copy where none of the readings is new."""
    same = frozenset[int]().union(*(one.same for one in matches))
    return Likeness(slug, max(one.ratio for one in matches), is_copy=len(same) == len(readings))


def _ratio(mine: Reading, other: Reading) -> float:
    """`difflib`'s ratio where it may be large enough to matter, else 0 or whatever is too small.

    Where the same few words come again and again, so that it would take minutes, it is what it is at most: the share
    of words in common, in whatever order.
    """
    sizes = len(mine.words), len(other.words)
    if min(sizes) < FEWEST or 2 * min(sizes) / sum(sizes) < ALIKE:
        return 0.0
    in_common = 2 * sum((mine.counts & other.counts).values()) / sum(sizes)
    pairs = sum(number * other.counts[word] for word, number in mine.counts.items())
    if in_common < ALIKE or pairs > _MOST_PAIRS:
        return in_common
    return SequenceMatcher(None, mine.words, other.words, autojunk=False).ratio()


def _body(text: str) -> str:
    """The text between masthead and footer, which rules of `=` part; all of a text that has not both."""
    pieces = _RULE.split(text)
    return "".join(pieces[1:-1]) if len(pieces) > 2 else text
