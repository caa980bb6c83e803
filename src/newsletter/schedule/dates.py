"""The dates that `[schedule] every` has, in the newsletter's time zone. Touches: the time zone database.

A time that a clock leaves out that day is the first moment after it; one that it shows twice is the first of the two.
"""

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone
from itertools import count
from zoneinfo import ZoneInfo

from newsletter.settings.recurrence import Recurrence

_MINUTE = timedelta(minutes=1)
_MONTHS = 12


def dates_after(rule: Recurrence, zone: str, moment: datetime) -> Iterator[datetime]:
    """Every date of the rule later than an aware moment, in order, until the calendar ends.

    Each is a moment with the offset that the zone has then (`2026-12-07T09:00:00+09:00`), so that it compares rightly.
    """
    local = moment.astimezone(ZoneInfo(zone))
    # The month before as well: what a clock leaves out at the end of a month is a moment of the next one.
    for index in count(_MONTHS * local.year + local.month - 2):
        year, month = divmod(index, _MONTHS)
        if year >= MAXYEAR:
            return
        if year >= 1 and (found := wall_clock(rule.in_month(year, month + 1), rule.time, zone)) > moment:
            yield found


def wall_clock(day: date, at: time, zone: str) -> datetime:
    """The moment at which the clocks of a zone first show that time, or pass it over, on a day."""
    place = ZoneInfo(zone)
    wanted = datetime.combine(day, at, place)
    # Clocks leave out whole minutes, an hour mostly, at most a day (Pacific/Apia, 30 December 2011).
    while wanted.astimezone(UTC).astimezone(place).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        wanted += _MINUTE
    return wanted.replace(tzinfo=timezone(wanted.utcoffset() or timedelta(0)))


def slug_of(when: datetime) -> str:
    """What the issue of a date is called: `2026-12`."""
    return f"{when.year:04}-{when.month:02}"


def issue_of(when: datetime, published: Mapping[str, datetime | None]) -> str | None:
    """The slug of the issue for a date: the one that is called so, else one that is published on that day.

    `published` has the `publish_at` of every issue there is, by slug; None where it has none or cannot be read.
    """
    if slug_of(when) in published:
        return slug_of(when)
    same_day = (
        slug
        for slug, at in sorted(published.items())
        if at is not None and at.astimezone(when.tzinfo).date() == when.date()
    )
    return next(same_day, None)
