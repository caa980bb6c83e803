"""A window of an hour or a day, played ahead: how much of it will be free when. Touches: nothing.

It is what the ledger counts (ledger/budgets.py), without the ledger: for who wants to know when so many will have gone.
"""

from collections import deque
from datetime import datetime

from newsletter.ledger.budgets import Usage, free_after, grain


class SlidingWindow:
    """One window, in seconds from the moment of `usage`; asked in the order of time."""

    def __init__(self, usage: Usage, at: datetime | None = None) -> None:
        """`at` is the moment of `usage`: then what goes is counted by the grains of time that the ledger has."""
        self.window = usage.window
        self._grain = grain(usage.window).total_seconds() if at else 0.0
        self._at = at.timestamp() if at else 0.0
        self._free = usage.free
        self._lasts = free_after(usage.window).total_seconds()
        self._returning = deque((after.total_seconds(), count) for after, count in usage.returning)

    @property
    def free_at(self) -> float:
        """When there is more than now; 0 where there is some."""
        return self._returning[0][0] if self._free <= 0 else 0.0

    def free(self, now: float) -> int:
        """How many may go now."""
        while self._returning and self._returning[0][0] <= now:
            self._free += self._returning.popleft()[1]
        return self._free

    def take(self, count: int, now: float) -> None:
        """So many go."""
        self._free -= count
        began = now - (self._at + now) % self._grain if self._grain else now
        self._returning.append((began + self._lasts, count))
