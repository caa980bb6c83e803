"""When somebody asked for the newsletter, as people write dates; and until when that holds. Touches: nothing."""

import re
from datetime import date

_DATE = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})(?!\d)", re.ASCII)
_YEARS = 2  # 정보통신망법 제50조의8, Decree 62-3: consent is confirmed again every two years


def consent_date(text: str) -> date | None:
    """The date that a cell begins with: `2026-01-05`, `2026. 1. 5.`, `20260105`, with or without a time; else None."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def asked_again_after(given: date) -> date:
    """The last day that a consent of this date holds."""
    try:
        return given.replace(year=given.year + _YEARS)
    except ValueError:  # the 29th of February, or the year 9999
        return date(given.year + _YEARS, 2, 28) if given.year + _YEARS <= date.max.year else date.max
