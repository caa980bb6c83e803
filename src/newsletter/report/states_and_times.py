"""Numbers and times in words. Touches: nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.smtp.reply import Reply


def local(moment: datetime, zone: str) -> str:
    """`2026-11-22 20:15 KST`: an aware time in the newsletter's time zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def counted(number: int, thing: str) -> str:
    """`1 subscriber`, `2 subscribers`, `2 deliveries`."""
    if number == 1:
        return f"1 {thing}"
    return f"{number} {thing[:-1]}ies" if thing.endswith("y") else f"{number} {thing}s"


def words_of(reply: Reply) -> str:
    """What the relay said, on one line; without a code where there was no reply."""
    return " ".join(part for part in (str(reply.code or ""), reply.enhanced, reply.text) if part)
