"""Times in words. Touches: the machine's time zone."""

from datetime import datetime


def local(moment: datetime) -> str:
    """`2026-11-22 20:15 KST`: an aware time in the zone of whoever reads it here."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
