"""Stars that are no markup: powers, hidden names and digits. Touches: nothing.

One such run by itself finds no partner and stays; two of a kind would make a pair of each other, and what stands
between them would turn bold: `2**10과 2**20`, `김**님, 박**님`, `kim***@example.com, lee***@example.com`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

# Not every syllable: `것**` and `수**` end a word that somebody makes bold.
_SURNAMES = (
    "강고곽구권금김나남노도류마명문민박방배백변서석선설성손송신심안양엄여염오옥왕"
    "우원위유육윤은이인임장전정제조주지진차채천최추탁태표하한함허현홍황"
)
_POWER = re.compile(r"(?:[A-Za-z0-9]|\([^()*]{1,40}\))(?P<stars>\*\*)(?=[-−]?[0-9])")
_HIDDEN = re.compile(
    rf"(?<![^\s,(:·/、])[{_SURNAMES}](?P<name>\*\*\*?)(?=$|[\s,.·/()、]|님|씨)"
    r"|(?<![^\s,(:])[A-Za-z0-9][A-Za-z0-9._]{1,40}(?P<id>\*\*\*?)(?=$|[\s,.()@\-]|님|씨)"
    r"|-(?P<digits>\*\*\*?)(?=-)"
)
_RUN = re.compile(r"(?<!\*)\*{2,3}(?!\*)")


@lru_cache(maxsize=64)
def stars_as_typed(text: str) -> frozenset[int]:
    """Where in a paragraph runs of two and three stars begin that mean themselves, since the one beside them does."""
    runs = [match.start() for match in _RUN.finditer(text)]
    return frozenset(
        place for kind in (_POWER, _HIDDEN) for place in _beside_each_other(runs, set(_places(kind, text)))
    )


def _places(kind: re.Pattern[str], text: str) -> Iterator[int]:
    for match in kind.finditer(text):
        yield max(match.start(name) for name in kind.groupindex)


def _beside_each_other(runs: list[int], of_a_kind: set[int]) -> Iterator[int]:
    for pair in pairwise(runs):
        if of_a_kind.issuperset(pair):
            yield from pair
