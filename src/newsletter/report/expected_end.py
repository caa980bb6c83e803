"""When so many messages will have gone out, by the rate and the windows of hours and days. Touches: nothing.

Limits: as if nothing went wrong, nobody else sent as the same account, and cron came by every ten minutes.
"""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from newsletter.ledger.budgets import Usage, free_after

_STEP = 600.0
"""Seconds between two runs of cron; what goes within them is looked at together."""


def time_needed(messages: int, per_second: float | None, usages: Sequence[Usage]) -> timedelta:
    """From now until the last of them has gone; `per_second` None: as fast as the relay takes them."""
    windows = [_Window(usage) for usage in usages]
    most = max(1, int(per_second * _STEP)) if per_second else messages
    now = end = 0.0
    while messages > 0:
        count = min([messages, most, *(window.free(now) for window in windows)])
        if count <= 0:
            # cron comes by at full steps; who is too early waits for the next.
            now = -(-max(window.free_at for window in windows) // _STEP) * _STEP
            continue
        end = now + (count / per_second if per_second else 0.0)
        for window in windows:
            window.take(count, end)
        messages -= count
        now = end
    return timedelta(seconds=end)


class _Window:
    """One window, by the seconds from now."""

    def __init__(self, usage: Usage) -> None:
        self._free = usage.window.most - usage.used
        self._lasts = free_after(usage.window).total_seconds()
        self._returning = deque((after.total_seconds(), count) for after, count in usage.returning)

    @property
    def free_at(self) -> float:
        """When there is more than now; long ago where nothing is used up."""
        return self._returning[0][0] if self._free <= 0 and self._returning else 0.0

    def free(self, now: float) -> int:
        while self._returning and self._returning[0][0] <= now:
            self._free += self._returning.popleft()[1]
        return self._free

    def take(self, count: int, now: float) -> None:
        self._free -= count
        self._returning.append((now + self._lasts, count))
