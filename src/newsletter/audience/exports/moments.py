"""Moments as other systems write them. Touches: nothing.

ISO 8601 (Ghost, Keila, Buttondown), Go's `2021-03-02 09:30:00.5 +0900 KST` (listmonk), `2021-03-02 09:30:00`
(Mailchimp), `2021.03.02 09:30`, `2021. 3. 2. 오후 9:30` and `2021년 3월 2일` (Stibee, Korean spreadsheets). Not
understood are orders that could mean another day, such as `03/02/2021`.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from newsletter.printable import one_line

_GO = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d{4})(?: [A-Z0-9+-]+)?", re.ASCII)
_KOREAN = re.compile(
    r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?"
    r"(?:[\sT,]*(?:\([^)]{1,3}\))?\s*(오전|오후|AM|PM|am|pm)?\s*(\d{1,2})\s*[:시]\s*(\d{1,2})(?:\s*[:분]\s*(\d{1,2})?)?"
    r"(?:\.\d+)?\s*(?:초|분)?\s*(AM|PM|am|pm)?)?",
    re.ASCII,
)
_LONGEST = 60
_REMEMBERED = 4_096
"""Days, of which a list has few."""
_NOON = 12
_SLACK = timedelta(days=1)
_FIRST_YEAR = 1990
"""Of a moment that can be somebody's; earlier ones stand for "never" in one database or another."""


@lru_cache(maxsize=_REMEMBERED)
def moment_of(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The moment, in UTC; None for what cannot be told, was before there were newsletters, or is still to come.

    `zone` is where a time without one was written.
    """
    if not text:
        return None
    try:
        found = _read(text.strip(), zone)
    except (ValueError, OverflowError):
        return None
    if found is None or found.year < _FIRST_YEAR or found > now + _SLACK:
        return None
    return found


def _read(text: str, zone: tzinfo) -> datetime | None:
    try:
        found: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        found = _otherwise(text)
    if found is None:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _otherwise(text: str) -> datetime | None:
    if len(text) > _LONGEST:
        return None
    if go := _GO.fullmatch(text):
        return datetime.strptime(" ".join(go.groups()), "%Y-%m-%d %H:%M:%S %z")
    if korean := _KOREAN.fullmatch(one_line(text)):
        year, month, day, half, hour, minute, second, half_behind = korean.groups(default="")
        return datetime(  # noqa: DTZ001 - the caller knows the zone
            int(year),
            int(month),
            int(day),
            _hour(int(hour or 0), half or half_behind),
            int(minute or 0),
            int(second or 0),
        )
    return None


def _hour(hour: int, half: str) -> int:
    """Of 24."""
    if half in ("오후", "PM", "pm"):
        return hour if hour >= _NOON else hour + _NOON
    if half and hour == _NOON:
        return 0
    return hour
