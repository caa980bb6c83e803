"""A paragraph -> its sentences; two sentences -> their words, marked as kept, gone or new. Touches: nothing.

Limits: a sentence ends with a sign and a blank, so a Korean line without a full stop stays one; of abbreviations only
usual ones are known.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WordMark = Literal["=", "-", "+"]

_END = re.compile(r"""[.!?…。！？]+["'”’」』》〉)\]*_~`]*\s+""")
_OPENS = re.compile(r"[\"'“‘「『《〈(\[*_~`]*")
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:[A-Z]|(?i:dr|mr|mrs|ms|prof|no|vol|fig|vs|etc|cf|e\.g|i\.e|st))\.\s+$")
_NUMBERED = re.compile(r"(?:^|[\s(])\d{1,4}\.\s+$")
"""`1. ` before a text, and a Korean date: `2021. 7. 26.`"""
_DATE_ALONE = re.compile(r"(?:^\s*|\d\.\s+)\d{1,4}\.\s+$")
_GOES_ON = re.compile(r"(?:이?라[고는며]|하[고며는]|했|고\s|며\s|는\s|라\s)")
"""What follows a quotation in the same sentence: “갑니다.” 라고 말했다."""
_QUOTED = re.compile(r"""["'”’」』]""")
_TOKEN = re.compile(r"\s+|\d+(?:[.,:]\d+)*|[^\W\d_]+|.", re.DOTALL)
_ALIKE_AT_ALL = 0.4
"""Of two texts' pairs of letters; below, nobody sees the one in the other."""


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """A run of words that both texts have (`=`), only the first (`-`), or only the second (`+`)."""

    mark: WordMark
    text: str


def sentences_of(paragraph: str) -> list[str]:
    """In their order, without blanks around; none for no text."""
    return [sentence for piece in _split(paragraph) if (sentence := piece.strip())]


def _split(paragraph: str) -> Iterator[str]:
    begin = 0
    for found in _END.finditer(paragraph):
        if _ends(paragraph[begin : found.end()], found[0], paragraph[found.end() :]):
            yield paragraph[begin : found.end()]
            begin = found.end()
    yield paragraph[begin:]


def _ends(sentence: str, sign: str, rest: str) -> bool:
    if not rest:
        return True
    if _QUOTED.search(sign) and _GOES_ON.match(rest):
        return False
    following = rest[_OPENS.match(rest).end() :][:1]  # type: ignore[union-attr]  # it matches nothing at least
    if following.isascii() and following.islower():
        return False  # “Why?” she asked.
    if _NUMBERED.search(sentence):
        return not (following.isdigit() or _DATE_ALONE.search(sentence))
    return not _ABBREVIATED.search(sentence)


def marked_words(before: str, after: str) -> tuple[MarkedWords, ...]:
    """The two as one, word by word: what is equal stands once."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[tuple[WordMark, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("=", "".join(old[i:j])))
        else:
            runs += [("-", "".join(old[i:j])), ("+", "".join(new[k:m]))]
    return tuple(MarkedWords(mark, text) for mark, text in _joined(runs))


def _joined(runs: list[tuple[WordMark, str]]) -> Iterator[tuple[WordMark, str]]:
    """Without islands of a blank between changed words: whole phrases are read, not every other word."""
    gone, new = "", ""
    for number, (mark, text) in enumerate(runs):
        between = mark == "=" and text.isspace() and (gone or new) and number + 1 < len(runs)
        if mark == "=" and not between:
            yield from _pair(gone, new)
            gone = new = ""
            yield "=", text
            continue
        gone += text if mark != "+" else ""
        new += text if mark != "-" else ""
    yield from _pair(gone, new)


def _pair(gone: str, new: str) -> Iterator[tuple[WordMark, str]]:
    if gone:
        yield "-", gone
    if new:
        yield "+", new


def likeness_of_texts(before: str, after: str) -> float:
    """From 0 to 1: the share of their pairs of letters that both have."""
    if before == after:
        return 1.0
    old, new = letter_pairs(before), letter_pairs(after)
    return pairs_shared(old, new)


def letter_pairs(text: str) -> Counter[str]:
    folded = f" {' '.join(text.casefold().split())} "
    return Counter(folded[index : index + 2] for index in range(len(folded) - 1))


def pairs_shared(old: Counter[str], new: Counter[str]) -> float:
    return 2 * (old & new).total() / max(1, old.total() + new.total())


def are_alike(before: str, after: str) -> bool:
    """Whether the one can be told as a change of the other."""
    return likeness_of_texts(before, after) >= _ALIKE_AT_ALL
