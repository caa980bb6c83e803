"""When so many messages will have gone out, by the rate and the windows of hours and days. Touches: nothing.

Limits: as if nothing went wrong, nobody else sent as the same account, and cron came by every ten minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.dispatch.sliding_window import SlidingWindow
from newsletter.ledger.budgets import Usage

_STEP = 600.0
"""Seconds between two runs of cron; what is free again within them is looked at together."""
_FARTHEST = timedelta(days=3650).total_seconds()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the settings allow."""

    per_second: float | None = None
    """None: as fast as the relay takes them."""
    windows: Sequence[Usage] = ()
    """Of hours and days, as far as they are used."""

    @property
    def free(self) -> int:
        """How many may go now, by the windows; there has to be one."""
        return max(0, min(usage.free for usage in self.windows))

    @property
    def wait(self) -> timedelta:
        """How long until one more may go, where none may now."""
        return max((usage.wait for usage in self.windows if usage.free < 1), default=timedelta())

    def time_needed(self, messages: int, measured: float | None = None) -> timedelta | None:
        """From now until the last of them has gone; None: more than ten years. `measured` is a rate of a second."""
        rate = measured or self.per_second
        most = max(1, int(rate * _STEP)) if rate else messages
        windows = [SlidingWindow(usage) for usage in self.windows]
        now = end = 0.0
        while messages > 0 and now < _FARTHEST:
            count = min([messages, most, *(window.free(now) for window in windows)])
            if count <= 0:
                now = -(-max(window.free_at for window in windows) // _STEP) * _STEP
                continue
            now = end = now + (count / rate if rate else 0.0)
            for window in windows:
                window.take(count, now)
            messages -= count
        return None if messages else timedelta(seconds=end)


UNLIMITED = Allowance()
