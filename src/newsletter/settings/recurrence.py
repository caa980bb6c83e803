"""A day of each month, as `[schedule] every` writes it: text -> a rule. Touches: nothing.

`first monday 09:00`, `last friday 09:00`, `day 26 09:00`, `26 09:00`, `last day 09:00`. Every rule has one day in each
month: a month without a day of that number has its last one, and `fifth monday` is refused: most have none.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from pydantic import BeforeValidator

from newsletter.catalogue import phrase

from .explain import WrongValueError

_LAST = -1
_WEEKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": _LAST}
_WEEKDAYS = {
    "monday": phrase("settings.value.monday"),
    "tuesday": phrase("settings.value.tuesday"),
    "wednesday": phrase("settings.value.wednesday"),
    "thursday": phrase("settings.value.thursday"),
    "friday": phrase("settings.value.friday"),
    "saturday": phrase("settings.value.saturday"),
    "sunday": phrase("settings.value.sunday"),
}
_LONGEST_MONTH = 31
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_NUMBER = re.compile(r"0?[1-9]|[12]\d|3[01]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One day in each month and a time of day, both as a calendar and a clock on the wall show them."""

    time: time
    day: int = 0
    """1 to 31, where the rule is a day of the month; 31 is the last day of every month."""
    week: int = 0
    """1 to 4 or -1, the last, where the rule is a weekday."""
    weekday: int = 0
    """Monday is 0; only with `week`."""

    def in_month(self, year: int, month: int) -> date:
        """The day that the rule means in a month."""
        first, days = calendar.monthrange(year, month)
        if not self.week:
            return date(year, month, min(self.day, days))
        earliest = 1 + (self.weekday - first) % 7
        found = range(earliest, days + 1, 7)
        return date(year, month, found[self.week if self.week == _LAST else self.week - 1])


def parse_recurrence(text: str) -> Recurrence:
    """The rule that a text means, in any case and with any blanks between its words. Raises WrongValueError."""
    *words, clock = text.lower().split() or [""]
    if words in (["fifth", name] for name in _WEEKDAYS):
        day = _WEEKDAYS[words[1]]
        raise WrongValueError(phrase("settings.value.not_each_month_has_five", day=day, weekday=words[1]))
    match = _TIME.fullmatch(clock)
    rule = _day_of(words, time(int(match[1]), int(match[2]))) if match else None
    if rule is None:
        raise WrongValueError(phrase("settings.value.must_be_recurrence"))
    return rule


def _day_of(words: list[str], at: time) -> Recurrence | None:
    match words:
        case ["last", "day"]:
            return Recurrence(at, day=_LONGEST_MONTH)
        case ["day", number] | [number] if _NUMBER.fullmatch(number):
            return Recurrence(at, day=int(number))
        case [which, weekday] if which in _WEEKS and weekday in _WEEKDAYS:
            return Recurrence(at, week=_WEEKS[which], weekday=list(_WEEKDAYS).index(weekday))
    return None


def _optional(value: object) -> Recurrence | None:
    if value is None or isinstance(value, Recurrence):
        return value
    if not isinstance(value, str):
        raise WrongValueError(phrase("settings.value.must_be_recurrence"))
    return parse_recurrence(value) if value.strip() else None


EachMonth = Annotated[Recurrence | None, BeforeValidator(_optional)]
"""Of a setting; empty is None."""
