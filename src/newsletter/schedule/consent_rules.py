"""When a consent has to be confirmed to its giver, and when it has to be asked again. Touches: nothing.

The rules are those of who sends advertising in Korea: within 14 days of a consent its giver is told that it was
received (정보통신망법 제50조 제7항, Decree 62-2), and every two years, before the day of the year on which it was
given, how to keep or withdraw it (제50조 제8항, Decree 62-3).
"""

from dataclasses import dataclass
from datetime import date, timedelta

WITHIN = timedelta(days=14)
"""So long after a consent its giver has to be told."""
YEARS = 2


@dataclass(frozen=True, slots=True)
class NoticeDeadline:
    """A notice that a consent asks for."""

    about: date
    """The consent itself, or its anniversary."""
    last_day: date
    """On which it may still be sent."""


def confirmation_due(consent: date, today: date) -> NoticeDeadline | None:
    """The notice that a consent was received, while it is in time; None for an older one, of which nobody knows."""
    deadline = NoticeDeadline(consent, consent + WITHIN)
    return deadline if consent <= today <= deadline.last_day else None


def reminder_due(consent: date, today: date, ahead: timedelta) -> NoticeDeadline | None:
    """The question whether a consent still holds: the next one within `ahead`, or the last one that was due.

    None in the first two years, but for the last days of them. Where both are due, the next one.
    """
    coming = _anniversary(consent, _turns(consent, today) + 1)
    if coming - today <= ahead:
        return NoticeDeadline(coming, coming - timedelta(days=1))
    turns = _turns(consent, today)
    if turns == 0:
        return None
    last = _anniversary(consent, turns)
    return NoticeDeadline(last, last - timedelta(days=1))


def _turns(consent: date, today: date) -> int:
    """How often the two years are over on this day."""
    turns = max(0, (today.year - consent.year) // YEARS)
    return turns if turns == 0 or _anniversary(consent, turns) <= today else turns - 1


def _anniversary(consent: date, turns: int) -> date:
    year = consent.year + turns * YEARS
    try:
        return consent.replace(year=year)
    except ValueError:  # the 29th of February: the day before, so that nobody is told too late
        return date(year, 2, 28)
