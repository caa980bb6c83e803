"""When somebody asked for the newsletter, and how long that holds. Touches: nothing."""

import re
from datetime import date
from functools import lru_cache

_DATE = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})(?!\d)", re.ASCII)
_YEARS = 2  # 정보통신망법 제50조의8, Decree 62-3: consent is confirmed again every two years


@lru_cache(maxsize=4_096)
def consent_date(text: str) -> date | None:
    """The date that a cell begins with: `2026-01-05`, `2026. 1. 5.`, `20260105`, with or without a time; else None."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def holds_since(day: date) -> date:
    """The first day of which a consent still holds on `day`."""
    year = max(day.year - _YEARS, date.min.year)
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February
        return date(year, 3, 1)
