"""How fast: evenly spaced starts, and fewer of them when the relay asks. Touches: nothing; the time is an argument.

A throttling reply narrows the window of connections by 1/N, N being its width, and an accepted message widens it by 1/N
again, so a whole round of either moves it by one. Postfix measured that against steps of one: 16.5 % of the mail
deferred instead of 49.7 % (its SCHEDULER_README). The rate follows the window.
"""

from dataclasses import dataclass

from .share import Share

_LONGEST_BACK_OFF = 8.0
"""Seconds. The wait after a throttling reply doubles up to this until something is accepted again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one domain; None: none of its own."""

    connections: int | None = None
    rate: float | None = None


class Throttle:
    """The window of connections and the next free moment, in monotonic seconds.

    The window is of all processes of a run, and so is the rate; what may be done now is this process's part of them.
    """

    def __init__(self, connections: int, rate: float | None, share: Share | None = None, turn: int = 0) -> None:
        """`turn` says with which process the counting begins, so that not all single connections are one's."""
        self._share = share or Share()
        self._turn = turn
        self._connections = connections
        self._interval = 1 / rate if rate else 0.0
        self._window = float(connections)
        self._next = 0.0
        self._held_until = 0.0
        self._in_a_row = 0

    @property
    def open_connections(self) -> int:
        """How many connections of this process may work now; over all processes never none."""
        return self._share.part(self._whole, self._turn)

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
        """Seconds until a slot that is taken then is for then; not above 0 where it is for now."""
        return max(self._next, self._held_until) - now

    def is_free(self, now: float) -> bool:
        """A slot taken now would be for now."""
        return self.free_in(now) <= 0

    def reserve(self, now: float) -> float:
        """Take the next slot; returns how many seconds to wait for it."""
        start = max(now, self._next, self._held_until)
        self._next = start + self._interval * self._connections / self._window * self._share.sharers(self._whole)
        return start - now

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
