"""How fast: evenly spaced starts, and fewer of them when the relay asks. Touches: nothing; the time is an argument.

A throttling reply narrows the window of connections by 1/N, N being its width, and an accepted message widens it by 1/N
again, so a whole round of either moves it by one. Postfix measured that against steps of one: 16.5 % of the mail
deferred instead of 49.7 % (its SCHEDULER_README). The rate follows the window.

Where several processes share a rate, its starts lie on one grid of the clock that they share, and of n processes each
has every n-th: together they are as evenly spaced as those of one.

    one of three:   |0--------|1--------|2--------|0--------|1--------|2--------|0 …
"""

import math
from dataclasses import dataclass

from .share import Share

_LONGEST_BACK_OFF = 8.0
"""Seconds. The wait after a throttling reply doubles up to this until something is accepted again."""

_OF_A_SHARED_DOMAIN = 1.015
"""Times as far apart as its rate says: each of its starts waits for one of the relay's, so that ten seconds may have
those of half a second more."""

MOST_LATE, LEAST_LATE = 0.3, 0.25
"""Seconds by which a start may be late and the next is still on time; longer is lost. No stall of the disk or the
network then costs the rate anything, and none is followed by a burst."""

_NEAREST = 0.8
"""Of the usual distance: so near to the one before a start may be that makes up for a late one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one domain; None: none of its own."""

    connections: int | None = None
    rate: float | None = None


class Throttle:
    """The window of connections and the next free moment, in monotonic seconds.

    The window is of all processes that share, and so is the rate; what may be done now is this process's part of them.
    """

    def __init__(
        self,
        connections: int,
        rate: float | None,
        share: Share | None = None,
        name: str = "",
        relay: "Throttle | None" = None,
    ) -> None:
        """`name` is the domain's, behind the `relay` with a pace of its own; empty: the relay itself."""
        self._share = share or Share()
        self._name = name
        self._relay = relay
        self._connections = connections
        self._interval = 1 / rate if rate else 0.0
        self._window = float(connections)
        self._last = -math.inf
        """When the last one started."""
        self._next = 0.0
        """When the next one is due; with others, no start on the grid before it is."""
        self._held_until = 0.0
        self._in_a_row = 0

    @property
    def open_connections(self) -> int:
        """How many connections of this process may work now; over all processes never none."""
        return self._share.part(self._whole, self._name)

    @property
    def most_connections(self) -> int:
        """The same where the relay takes as many as the settings say."""
        return self._share.part(self._connections, self._name)

    @property
    def _whole(self) -> int:
        return max(1, int(self._window))

    @property
    def throttled(self) -> bool:
        return self._window < self._connections

    def held(self, now: float) -> float:
        """Seconds for which nothing should start at all, a connection included."""
        return max(0.0, self._held_until - now)

    @property
    def window(self) -> float:
        """What was learned: connections at once, with the fraction that is on its way to the next."""
        return self._window

    def recall(self, window: float) -> None:
        """Begin with what was learned before, as far as the settings still allow it."""
        self._window = min(max(1.0, window), float(self._connections))

    def free_in(self, now: float) -> float:
        """Seconds until a slot that is taken then is for then; 0 where it is for now."""
        return self._coming(now)[1] - now

    def is_free(self, now: float) -> bool:
        """A slot taken now would be for now."""
        return self.free_in(now) <= 0

    def is_fresh(self, now: float) -> bool:
        """One that was made now would have the same slots."""
        return max(self._next, self._held_until, self._last + self.apart) <= now

    def reserve(self, now: float) -> float:
        """Take the next slot; returns how many seconds to wait for it."""
        due, start = self._coming(now)
        if self._interval:
            # Between two starts of the grid, so that a clock which was set right a little takes none twice.
            self._next = due + self.apart * (1.0 if self._share.of == 1 else 0.5)
            self._last = start
        return start - now

    @property
    def apart(self) -> float:
        """Seconds between two starts of this process; 0 without a rate."""
        if not self._interval:
            return 0.0  # asked with each message
        slower = _OF_A_SHARED_DOMAIN if self._relay and self._share.of > 1 else 1.0
        return self._interval * self._connections / self._window * self._share.spacing(self._whole) * slower

    @property
    def _may_be_late(self) -> float:
        """5 % of ten seconds, less one start that comes by chance. A domain's starts wait for those of the relay."""
        allowed = min(max(0.5 - self._interval, LEAST_LATE), MOST_LATE)
        return max(allowed, self._relay.apart + 0.1) if self._relay else allowed

    def _coming(self, now: float) -> tuple[float, float]:
        """When the next one is due, and when it starts."""
        due = max(self._next, self._held_until)
        if not self._interval:
            return due, max(now, due)
        apart, late = self.apart, now - self._may_be_late
        if self._share.of > 1:
            due = self._on_grid(max(due, late), apart)
        elif due < late:
            due = now
        return due, max(now, due, self._last + _NEAREST * apart)

    def _on_grid(self, earliest: float, apart: float) -> float:
        """The first of this process's starts from then on."""
        offset = (self._share.place(self._name) or 0) * apart / self._share.spacing(self._whole)
        ahead = self._share.clock_ahead
        return math.ceil((earliest + ahead - offset) / apart) * apart + offset - ahead

    def slower(self, now: float) -> None:
        """The relay throttles or is in trouble: narrow the window, and let nothing start for a while."""
        self._window = max(1.0, self._window - 1 / self._window)
        wait = min(2.0 ** min(self._in_a_row, 10), _LONGEST_BACK_OFF)
        self._in_a_row += 1
        self._held_until = max(self._held_until, now + wait)

    def faster(self, accepted: int = 1) -> None:
        """Accepted messages: widen the window again."""
        self._in_a_row = 0
        while accepted and self.throttled:
            self._window = min(float(self._connections), self._window + 1 / self._window)
            accepted -= 1
