"""Two texts that came from one, put together line by line. Touches: nothing.

Limits: lines that both have changed, or that stand side by side, are not put together, unless both say the same.
"""

from difflib import SequenceMatcher
from itertools import pairwise

_Hunk = tuple[int, int, tuple[str, ...]]
"""Lines of the base, from and to, and what stands there instead."""


def merged_lines(base: str, mine: str, theirs: str) -> str | None:
    """`theirs` with what makes `mine` of `base`; None where both have changed the same lines."""
    if theirs == base:
        return mine
    lines = base.splitlines(keepends=True)
    hunks = sorted({*_hunks(lines, mine), *_hunks(lines, theirs)})
    if any(one[1] >= other[0] for one, other in pairwise(hunks)):
        return None
    done, result = 0, []
    for start, end, instead in hunks:
        result += [*lines[done:start], *instead]
        done = end
    return "".join([*result, *lines[done:]])


def _hunks(base: list[str], text: str) -> list[_Hunk]:
    lines = text.splitlines(keepends=True)
    most = min(len(base), len(lines))
    start = next((index for index in range(most) if base[index] != lines[index]), most)
    rest = most - start
    end = next((index for index in range(rest) if base[-1 - index] != lines[-1 - index]), rest)
    # Only what lies between is compared: an issue of 600 lines differs in a few.
    inside, instead = base[start : len(base) - end], lines[start : len(lines) - end]
    return [
        (start + one, start + two, tuple(instead[three:four]))
        for tag, one, two, three, four in SequenceMatcher(None, inside, instead, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
