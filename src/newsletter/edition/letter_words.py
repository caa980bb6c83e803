"""The letter's own words in Korean and English, and how dates are said. Touches: words/letter.toml, once.

Limits: dates are in the zone of the value given; an unknown language is the caller's business (`known_language`).
An issue may be translated into any language; where that is none of these, its chrome is in the newsletter's.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from newsletter.catalogue import texts

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS_KO = "월화수목금토일"
_LINES = {
    "ko": ("한 줄", "두 줄", "세 줄", "네 줄", "다섯 줄"),
    "en": ("one line", "two lines", "three lines", "four lines", "five lines"),
}
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of a language by key; some have holes for `str.format`."""
    return texts("newsletter.edition", "words", "letter.toml", language=language)


def lines_counted(count: int, language: str) -> str:
    """How many lines a summary has, 1 to 5: `세 줄`, `three lines`."""
    return _LINES["ko" if language == "ko" else "en"][count - 1]


def month_and_year(day: date, language: str) -> str:
    """`2021년 7월`, `July 2021`."""
    return f"{day.year}년 {day.month}월" if language == "ko" else f"{_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date, language: str) -> str:
    """`2021년 7월 26일`, `26 July 2021`."""
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_month(day: date, language: str) -> str:
    """`7월`, `Jul`."""
    return f"{day.month}월" if language == "ko" else _MONTHS[day.month - 1][:3]


def weekday(day: date, language: str) -> str:
    """`월`, `Mon`."""
    return _WEEKDAYS_KO[day.weekday()] if language == "ko" else _WEEKDAYS_EN[day.weekday()]


def day_and_time(moment: datetime, language: str, *, whole_day: bool) -> str:
    """`2021년 8월 3일 (화) 14:00`, `Tue, 3 August 2021, 14:00`; for a whole day without the time."""
    day, name = full_date(moment, language), weekday(moment, language)
    if language == "ko":
        return f"{day} ({name})" if whole_day else f"{day} ({name}) {moment:%H:%M}"
    return f"{name}, {day}" if whole_day else f"{name}, {day}, {moment:%H:%M}"


def dash(language: str) -> str:
    """Between the two ends of a stretch of time."""
    return "~" if language == "ko" else "–"


def days(first: date, last: date, begins: str, ends: str, language: str) -> str:
    """From one day to another, with hours or `""`, and the years only where they differ.

    `12월 15일(화)~16일(수)`, `12월 31일(목) 14:00~1월 2일(토) 16:00`; `Dec 15–16`, `Dec 15, 14:00 – Dec 16, 16:00`.
    """
    with_year = first.year != last.year
    with_month = with_year or first.month != last.month
    if language == "ko":
        return f"{_day_ko(first, begins, with_year)}~{_day_ko(last, ends, with_year, with_month)}"
    if not (with_month or begins or ends):
        return f"{short_month(first, language)} {first.day}–{last.day}"
    return f"{_day_en(first, begins, with_year)} – {_day_en(last, ends, with_year)}"


def _day_ko(day: date, hour: str, with_year: bool, with_month: bool = True) -> str:
    before = f"{day.year}년 " * with_year + f"{day.month}월 " * with_month
    return f"{before}{day.day}일({weekday(day, 'ko')}) {hour}".rstrip()


def _day_en(day: date, hour: str, with_year: bool) -> str:
    parts = (f"{short_month(day, 'en')} {day.day}", str(day.year) * with_year, hour)
    return ", ".join(part for part in parts if part)
