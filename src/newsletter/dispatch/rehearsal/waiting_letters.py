"""Who has not got the letter yet, in a play: what the ledger is to a run. Touches: nothing."""

import heapq
from collections import deque
from collections.abc import Collection, Mapping

from newsletter.dispatch.domain_limits import covering
from newsletter.dispatch.reply_rule import domain_of
from newsletter.ledger.states import Claim

from .audience import Waiting


class WaitingLetters:
    """Handed out as the ledger does: the deferred that are due, then the others in their order."""

    def __init__(self, letters: list[Claim], waiting: Mapping[int, Waiting], limits: Collection[str]) -> None:
        """`limits` are the domains of the settings."""
        self._letters = letters
        self._limits = limits
        self._names: dict[str, str] = {}
        self._planned = deque(letter for letter in letters if letter.delivery not in waiting)
        self._due = [(waits.due, number) for number, waits in waiting.items()]
        heapq.heapify(self._due)
        self._left_out: dict[str, deque[Claim]] = {}
        """Those who were passed over, since their domain was to be left alone."""

    def __len__(self) -> int:
        return len(self._planned) + len(self._due) + sum(map(len, self._left_out.values()))

    @property
    def untried(self) -> int:
        """How many wait for no time."""
        return len(self) - len(self._due)

    @property
    def next_due(self) -> float:
        """When the first may be tried; 0: whenever somebody comes."""
        return self._due[0][0] if self._due and not self.untried else 0.0

    def domain(self, letter: Claim) -> str:
        """The domain that limits it: one of the settings stands for what is under it."""
        name = self._names.get(letter.key)
        if name is None:
            name = self._names[letter.key] = covering(self._limits, domain_of(letter.key))
        return name

    def claim(self, count: int, without: Collection[str], now: float) -> list[Claim]:
        """At most so many that may be tried now, none of these domains."""
        found: list[Claim] = []
        while self._due and self._due[0][0] <= now and len(found) < count:
            self._choose(self._letters[heapq.heappop(self._due)[1]], without, found)
        for name in [name for name in self._left_out if name not in without]:
            letters = self._left_out[name]
            while letters and len(found) < count:
                found.append(letters.popleft())
            if not letters:
                del self._left_out[name]
        while self._planned and len(found) < count:
            self._choose(self._planned.popleft(), without, found)
        return found

    def _choose(self, letter: Claim, without: Collection[str], found: list[Claim]) -> None:
        name = self.domain(letter)
        if name in without:
            self._left_out.setdefault(name, deque()).append(letter)
        else:
            found.append(letter)

    def defer(self, letter: Claim, due: float) -> None:
        """Not before then."""
        heapq.heappush(self._due, (due, letter.delivery))

    def put_back(self, letters: list[Claim]) -> None:
        """Nothing was done with these: they are the next again."""
        for letter in reversed(letters):
            self._left_out.setdefault(self.domain(letter), deque()).appendleft(letter)
