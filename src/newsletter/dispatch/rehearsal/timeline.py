"""What came of one play: who had the letter when, and who waited for what. Touches: nothing."""

import math
from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """Why readers wait."""

    WINDOW = "window"
    """An hour or a day is used up."""
    DEFERRED = "deferred"
    """They are asked to come later: greylisting and its like."""
    DOMAIN_LIMIT = "domain_limit"
    """The settings, or what was learned today, let fewer go to their domain than the relay takes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """So many readers, the last of them until then."""

    cause: Cause
    what: str
    """The window or the domain."""
    readers: int
    until: float


@dataclass(slots=True)
class Timeline:
    """Moments in seconds from the beginning of the play, in their order."""

    letters: int
    """Of the play."""
    each_stands_for: int
    begins: float
    runs: int = 0
    tried: "array[float]" = field(default_factory=lambda: array("d"))
    """First tries, when they were answered."""
    out: "array[float]" = field(default_factory=lambda: array("d"))
    """Letters that were accepted; refused or given up, the few that are."""
    deferred: Counter[str] = field(default_factory=Counter)
    deferred_until: dict[str, float] = field(default_factory=dict)
    """By domain, when the last of them was out."""
    _tried: Counter[str] = field(default_factory=Counter)
    _tried_until: dict[str, float] = field(default_factory=dict)
    _held_up: dict[str, tuple[int, float]] = field(default_factory=dict)

    def try_first(self, domain: str, now: float) -> None:
        """One was tried for the first time."""
        self.tried.append(now)
        self._tried[domain] += 1
        self._tried_until[domain] = now

    def hold_up(self, window: str, waiting: int, until: float) -> None:
        """A window is used up, and so many wait."""
        first, _ = self._held_up.get(window, (waiting, until))
        self._held_up[window] = first, until

    def out_at(self, share: float) -> float:
        """When this share of all letters is out; infinite where it never is."""
        place = max(0, math.ceil(share * self.letters) - 1)
        return self.out[place] if place < len(self.out) else math.inf

    def share_at(self, moment: float) -> float:
        """The share that is out by then."""
        return bisect_right(self.out, moment) / self.letters if self.letters else 1.0

    @property
    def all_tried_at(self) -> float:
        return self.tried[-1] if self.tried else self.begins

    def waits(self, limited: frozenset[str]) -> list[Wait]:
        """The most readers first. Of the `limited` domains, those that are tried when all others have been."""
        times = self.each_stands_for
        others = max((at for domain, at in self._tried_until.items() if domain not in limited), default=self.begins)
        late = {name: until for name, until in self._tried_until.items() if name in limited and until > others}
        found = [
            *(Wait(Cause.WINDOW, name, count * times, until) for name, (count, until) in self._held_up.items()),
            *(
                Wait(Cause.DEFERRED, domain, count * times, self.deferred_until.get(domain, math.inf))
                for domain, count in self.deferred.items()
            ),
            *(Wait(Cause.DOMAIN_LIMIT, name, self._tried[name] * times, until) for name, until in late.items()),
        ]
        return sorted(found, key=lambda one: (-one.readers, one.cause, one.what))
