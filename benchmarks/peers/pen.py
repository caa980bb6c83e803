"""How much of what a letter uses nine mail clients do not know, by caniemail's data; see docs/benchmarks.md.

Touches: caniemail's data (MIT) as newsletter has it. Limits: it counts features, not harm, and of each client the
latest version that was tested.
"""

import re
from collections.abc import Iterable

from features import Features, features_of

from newsletter.check.css.clients import tested

OUTLOOK = "outlook-windows"
_PRINT = re.compile(r"@media print\{.*?\n\}", re.DOTALL)
"""As newsletter writes it: the end of the block alone on its line."""


def pens(html: str) -> tuple[float, float]:
    """The pen of a letter, and that of what is inline."""
    used = features_of(html)
    inline = _sum(used.inline) + _sum_outlook(used.outlook - used.inline)
    whole = _sum(used.inline | used.sheets) + _sum_outlook(used.outlook - used.inline - used.sheets)
    return whole, inline


def without_print(html: str) -> str:
    """newsletter's letter without its style for paper, which no mail client shows."""
    cut, count = _PRINT.subn("", html)
    if count != 1:
        raise ValueError(f"the letter has {count} styles for paper, not one")
    return cut


def dearest(used: Features) -> dict[str, float]:
    """What each feature costs that all clients see, the dearest first; what costs nothing is left out."""
    found = {name: _sum([name]) for name in used.inline | used.sheets}
    return {name: cost for name, cost in sorted(found.items(), key=lambda item: -item[1]) if cost}


def _sum(names: Iterable[str]) -> float:
    known = [tested()[name] for name in names if name in tested()]
    return sum(len(one.no) + len(one.partly) / 2 for one in known)


def _sum_outlook(names: Iterable[str]) -> float:
    known = [tested()[name] for name in names if name in tested()]
    return sum((OUTLOOK in one.no) + (OUTLOOK in one.partly) / 2 for one in known)
