"""A time as it is typed on the command line: `09:00`, or with a day. Touches: the time zone database."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

_YEARS = range(1970, 9000)
"""Nearer to the ends of the calendar a moment has no name in every time zone."""


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time of some day, or a moment."""

    what: time | datetime

    @classmethod
    def of(cls, option: str, text: str) -> "TypedTime":
        """Of `09:00`, `2026-12-07 09:00` or `2026-12-07T09:00+09:00`; UsageError (64) for anything else."""
        for read in (time.fromisoformat, datetime.fromisoformat):
            try:
                found = read(text.strip())
            except ValueError:
                continue
            is_meant = not found.tzinfo if isinstance(found, time) else found.year in _YEARS
            if ":" in text and is_meant:
                return cls(found)
        raise UsageError(phrase("workflow.rehearse.is_no_time", option=option, given=text))

    def after(self, moment: datetime, zone: str) -> datetime:
        """When that is: of a time of day, the next one after this moment; without an offset, in this zone."""
        here = ZoneInfo(zone)
        if isinstance(self.what, datetime):
            return self.what if self.what.tzinfo else self.what.replace(tzinfo=here)
        today = moment.astimezone(here).date()
        found = datetime.combine(today, self.what, here)
        return found if found > moment else datetime.combine(today + timedelta(days=1), self.what, here)
