"""Which entry of a list is which of the same list in another state. Touches: nothing.

Equal entries are the same, also where they have moved; of the others in a gap, those that are alike. Limits: where the
longer of two entries lacks half of the words of the shorter, they are not the same: who changes it is told, not misled.
"""

import json
from collections import Counter
from difflib import SequenceMatcher

from newsletter.issue.tree import Data

_ALIKE = 0.5
"""So much of the words of the shorter one is in the longer, at least."""


def aligned(before: list[Data], after: list[Data]) -> dict[int, int]:
    """Indexes in `after` by those in `before`, of all entries that are in both."""
    mine, theirs = [_known_by(one) for one in before], [_known_by(one) for one in after]
    found: dict[int, int] = {}
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    for start, other, size in blocks:
        found |= {start + offset: other + offset for offset in range(size)}
    _moved(found, mine, theirs)
    _changed(found, before, after)
    return found


def _moved(found: dict[int, int], mine: list[str], theirs: list[str]) -> None:
    """Equal entries that stand in another order."""
    free: dict[str, list[int]] = {}
    taken = set(found.values())
    for index, known in enumerate(theirs):
        if index not in taken:
            free.setdefault(known, []).append(index)
    for index, known in enumerate(mine):
        if index not in found and free.get(known):
            found[index] = free[known].pop(0)


def _changed(found: dict[int, int], before: list[Data], after: list[Data]) -> None:
    """Those left, from the pair that is most alike on; where equally alike, those that stand nearest."""
    left = [index for index in range(len(before)) if index not in found]
    taken = set(found.values())
    new = [index for index in range(len(after)) if index not in taken]
    mine, theirs = {index: _words(before[index]) for index in left}, {index: _words(after[index]) for index in new}
    pairs = [(one, two) for one in left for two in new if _is_alike(mine[one], theirs[two])]
    for one, two in sorted(
        pairs, key=lambda pair: (-_likeness(mine[pair[0]], theirs[pair[1]]), abs(pair[0] - pair[1]))
    ):
        if one not in found and two not in taken:
            found[one] = two
            taken.add(two)


def _known_by(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False)


def _words(data: Data) -> Counter[str]:
    """What is said in it, word by word, with the keys that it is said under."""
    if isinstance(data, str):
        return Counter(data.split())
    if isinstance(data, list):
        return sum((_words(one) for one in data), Counter())
    return sum((_words(one) for one in data.values()), Counter(f"{key}:" for key in data))


def _is_alike(one: Counter[str], other: Counter[str]) -> bool:
    return (one & other).total() >= _ALIKE * min(one.total(), other.total())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words in common, of all words: 1 for the same ones, 0 for none."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
