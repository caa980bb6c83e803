"""Which of two lists belong together: parts of a letter by what they say, texts by their likeness. Touches: nothing.

Limits: where a block of more than some hundred texts was replaced by another, they are told as gone and as new.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from .letter_words import SaidPart, WordItem
from .sentences import are_alike, letter_pairs, likeness_of_texts, pairs_shared

_MOST_PAIRS = 10_000
_ENOUGH = 0.3
"""Of two sections' pairs of letters; their heading counts beside it."""
_OF_THE_HEADING = 0.3
ONE_OF_A_PLACE = frozenset(
    {"subject", "preheader", "date", "only_for", "heading", "contents", "link", "alt", "picture"}
)
"""What replaces what, however different it is."""


def matched_parts(before: Sequence[SaidPart], after: Sequence[SaidPart]) -> dict[int, int]:
    """Index before -> index after; each at most once. What is alone of its kind belongs to its like."""
    found: dict[int, int] = {}
    for kind in ("inbox", "top", "opening", "foot"):
        old = [index for index, part in enumerate(before) if part.kind == kind]
        new = [index for index, part in enumerate(after) if part.kind == kind]
        found |= dict(zip(old, new, strict=False))
    scores = sorted(_scores(before, after), reverse=True)
    taken = set(found.values())
    for score, _nearness, i, j in scores:
        if score >= _ENOUGH and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _scores(before: Sequence[SaidPart], after: Sequence[SaidPart]) -> Iterator[tuple[float, int, int, int]]:
    old = {index: _said(part) for index, part in enumerate(before) if part.kind == "section"}
    new = {index: _said(part) for index, part in enumerate(after) if part.kind == "section"}
    pairs_old = {index: letter_pairs(said) for index, said in old.items()}
    pairs_new = {index: letter_pairs(said) for index, said in new.items()}
    for i, said in old.items():
        for j, other in new.items():
            share = 1.0 if said == other else pairs_shared(pairs_old[i], pairs_new[j])
            same_heading = before[i].heading == after[j].heading
            yield share + (_OF_THE_HEADING if same_heading else 0), -abs(i - j), i, j


def _said(part: SaidPart) -> str:
    return "\n".join(item.text for item in part.items)


def moved_ones(order: Sequence[int]) -> set[int]:
    """Of numbers in the order in which they stand now, as few as possible that explain why it is not ascending."""
    tails: list[int] = []
    places: list[int] = []
    for number in order:
        place = bisect_left(tails, number)
        tails[place : place + 1] = [number]
        places.append(place)
    stays, length = set[int](), len(tails)
    for number, place in zip(reversed(order), reversed(places), strict=True):
        if place == length - 1 and length:
            stays.add(number)
            length -= 1
    return set(order) - stays


def items_paired(
    before: Sequence[WordItem], after: Sequence[WordItem]
) -> Iterator[tuple[WordItem | None, WordItem | None]]:
    """The two lists as one, in reading order: equal ones and changed ones as pairs, gone and new ones alone."""
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(before[i:j], after[k:m], strict=True)
        else:
            yield from _paired(before[i:j], after[k:m])


def _paired(old: Sequence[WordItem], new: Sequence[WordItem]) -> Iterator[tuple[WordItem | None, WordItem | None]]:
    pairs = _best_pairs(old, new) if len(old) * len(new) <= _MOST_PAIRS else []
    i = k = 0
    for left, right in [*pairs, (len(old), len(new))]:
        yield from ((item, None) for item in old[i:left])
        yield from ((None, item) for item in new[k:right])
        if left < len(old):
            yield old[left], new[right]
        i, k = left + 1, right + 1


def _best_pairs(old: Sequence[WordItem], new: Sequence[WordItem]) -> list[tuple[int, int]]:
    """In ascending order on both sides, and as alike as they can be in sum."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    worth = [[_worth(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        for k in range(len(new) - 1, -1, -1):
            best[i][k] = max(best[i + 1][k], best[i][k + 1], worth[i][k] + best[i + 1][k + 1])
    return list(_walk(best, worth))


def _walk(best: list[list[float]], worth: list[list[float]]) -> Iterator[tuple[int, int]]:
    i = k = 0
    while i < len(worth) and k < len(worth[0]):
        if worth[i][k] and best[i][k] == worth[i][k] + best[i + 1][k + 1]:
            yield i, k
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1


def _worth(one: WordItem, other: WordItem) -> float:
    if one.kind != other.kind:
        return 0.0
    if one.kind in ONE_OF_A_PLACE:
        return 0.5 + likeness_of_texts(one.text, other.text) / 2
    return likeness_of_texts(one.text, other.text) if are_alike(one.text, other.text) else 0.0
