"""How moments and stretches of time are said in a letter, in its language and the newsletter's zone. Touches: nothing.

A moment at midnight means its whole day, in whatever zone it was written, as it does in an issue.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from . import letter_words


def is_whole_day(moment: datetime) -> bool:
    return moment.time() == time.min


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment as a clock on the newsletter's wall shows it; a whole day stays the day that was written."""
    return moment if is_whole_day(moment) else moment.astimezone(zone)


def moment_said(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """`2026년 12월 31일 (목) 18:00`; the time is left out of a whole day."""
    return letter_words.day_and_time(in_zone(moment, zone), language, whole_day=is_whole_day(moment))
