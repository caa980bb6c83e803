"""Who is to get it, as far as a play needs to know: the order, each reader's domain, and who waits already.

Touches: nothing. Limits: of a large audience every so-manieth reader is played and stands for as many, so that a play
takes a second for any number; what depends on a few readers of a domain is then as coarse as that.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.ledger.states import Claim

MOST_PLAYED = 10_000
"""Letters of a play."""
_LARGE = 10
"""Letters of a domain that has its own share of them."""
_OTHERS = -1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reader who was tried before; seconds from the beginning of the play."""

    due: float
    since: float
    """Of the first try."""
    attempts: int


@dataclass(slots=True)
class PlayedAudience:
    """Readers in the order in which they are sent to."""

    names: list[str] = field(default_factory=list)
    """Of domains."""
    domains: "array[int]" = field(default_factory=lambda: array("L"))
    """Of each reader the number of their domain's name."""
    waiting: dict[int, Waiting] = field(default_factory=dict)
    """By the reader's place: those who were tried before."""

    @classmethod
    def of(cls, readers: Iterable[tuple[str, Waiting | None]]) -> "PlayedAudience":
        """From each reader's domain, and how they wait; 8 octets a reader."""
        audience, numbers = cls(), dict[str, int]()
        for place, (domain, waits) in enumerate(readers):
            number = numbers.get(domain)
            if number is None:
                number = numbers[domain] = len(audience.names)
                audience.names.append(domain)
            audience.domains.append(number)
            if waits is not None:
                audience.waiting[place] = waits
        return audience

    @property
    def each_stands_for(self) -> int:
        """How many readers a letter of the play is."""
        return -(-len(self.domains) // MOST_PLAYED) or 1

    def letters(self) -> tuple[list[Claim], dict[int, Waiting]]:
        """The letters of a play, numbered from 0, and those of them who wait."""
        keys = [f"@{name}" for name in self.names]
        letters, waiting = [], {}
        for number, place in enumerate(self._played()):
            letters.append(_letter(number, keys[self.domains[place]]))
            if place in self.waiting:
                waiting[number] = self.waiting[place]
        return letters, waiting

    def _played(self) -> Iterable[int]:
        """The places of those who are played: of each large domain every so-manieth, and so of all others together."""
        step = self.each_stands_for
        if step == 1:
            return range(len(self.domains))
        counts = Counter(self.domains)
        return self._every(step, {domain for domain, count in counts.items() if count >= _LARGE * step})

    def _every(self, step: int, large: Collection[int]) -> Iterator[int]:
        met = Counter[int]()
        for place, domain in enumerate(self.domains):
            kind = domain if domain in large else _OTHERS
            if met[kind] % step == step // 2:
                yield place
            met[kind] += 1


def _letter(number: int, key: str) -> Claim:
    return Claim(number, 0, "", key, "", {}, 0, None)
