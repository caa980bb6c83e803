"""When an issue is due: a pure rule of three times. Touches: nothing."""

from datetime import datetime, timedelta
from enum import Enum, auto


class Due(Enum):
    NEVER = auto()
    """No `publish_at`: only a person sends it."""
    LATER = auto()
    NOW = auto()
    MISSED = auto()
    """Due longer ago than `[schedule] catch_up`: a cron job that slept for weeks mails no old letter."""


def due(publish_at: datetime | None, now: datetime, catch_up: timedelta) -> Due:
    """Both times are aware; at exactly `publish_at` an issue is due, at exactly `catch_up` later still."""
    if publish_at is None:
        return Due.NEVER
    if publish_at > now:
        return Due.LATER
    return Due.NOW if now - publish_at <= catch_up else Due.MISSED
