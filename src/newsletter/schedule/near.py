"""When people are reminded of an issue's time: a pure rule of two times. Touches: nothing."""

from datetime import datetime, timedelta

DAYS_BEFORE = (7, 3, 1)
"""Whoever was told on none of these days, since the machine slept, is told at the next look, once."""
AHEAD = timedelta(days=max(DAYS_BEFORE))


def reminder_at(when: datetime, now: datetime) -> int | None:
    """Which of the reminders is the newest whose time has come; 0 where the issue's time has, None before the first."""
    if when <= now:
        return 0
    return min((days for days in DAYS_BEFORE if when - now <= timedelta(days=days)), default=None)
