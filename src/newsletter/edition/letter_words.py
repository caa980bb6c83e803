"""The letter's own words in one language, and how dates are said in it. Touches: words/letter.toml, once.

Korean and English are ours; a workspace may bring others (own_words.py). Limits: dates are in the zone of the value
given; where a letter's language has no words, its chrome is in the newsletter's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from newsletter.catalogue import texts

LISTS = {"months": 12, "short_months": 12, "weekdays": 7, "lines": 5}
"""Keys that hold several words with commas between them, and how many."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """`texts` by key, some with holes for `say`; the language is a BCP 47 tag."""

    language: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        return self.texts[key].format(**values)

    def lines_counted(self, count: int) -> str:
        """How many lines a summary has, 1 to 5: `세 줄`, `three lines`."""
        return self._list("lines")[count - 1]

    def month_and_year(self, day: date) -> str:
        """`2021년 7월`, `July 2021`."""
        return self.say("month_and_year", **self._parts(day))

    def full_date(self, day: date) -> str:
        """`2021년 7월 26일`, `26 July 2021`."""
        return self.say("full_date", **self._parts(day))

    def short_month(self, day: date) -> str:
        """`7월`, `Jul`."""
        return self._list("short_months")[day.month - 1]

    def weekday(self, day: date) -> str:
        """`월`, `Mon`."""
        return self._list("weekdays")[day.weekday()]

    def day_and_time(self, moment: datetime, *, whole_day: bool) -> str:
        """`2021년 8월 3일 (화) 14:00`, `Tue, 3 August 2021, 14:00`; for a whole day without the time."""
        said = {"date": self.full_date(moment), "weekday": self.weekday(moment)}
        if whole_day:
            return self.say("whole_day", **said)
        return self.say("day_and_time", **said, time=f"{moment:%H:%M}")

    def days(self, first: date, last: date, begins: str, ends: str) -> str:
        """From one day to another, with hours or `""`, and the years only where they differ.

        `12월 15일(화)~16일(수)`, `12월 31일(목) 14:00~1월 2일(토) 16:00`; `Dec 15–16`, `Dec 15, 14:00 – Dec 16, 16:00`.
        """
        with_year, dash = first.year != last.year, self.say("dash")
        with_month = with_year or first.month != last.month
        if self.language == "ko":
            end = self._short_day(last, with_year) if with_month else f"{last.day}일"
            begun = f"{self._short_day(first, with_year)}({self.weekday(first)}) {begins}".rstrip()
            return f"{begun}{dash}{end}({self.weekday(last)}) {ends}".rstrip()
        if self.language == "en" and not (with_month or begins or ends):
            return f"{self._short_day(first, with_year=False)}{dash}{last.day}"
        days = (
            ", ".join(filter(None, (self._short_day(day, with_year), hour)))
            for day, hour in ((first, begins), (last, ends))
        )
        return f" {dash} ".join(days)

    def _short_day(self, day: date, with_year: bool) -> str:
        said = {**self._parts(day), "month": self.short_month(day), "weekday": self.weekday(day)}
        return self.say("short_day_and_year" if with_year else "short_day", **said)

    def _parts(self, day: date) -> dict[str, str]:
        month = self._list("months")[day.month - 1]
        return {"year": str(day.year), "month": month, "number": str(day.month), "day": str(day.day)}

    def _list(self, key: str) -> tuple[str, ...]:
        return listed(self.texts[key])


@cache
def listed(text: str) -> tuple[str, ...]:
    """The words of a text with commas between them, also Arabic or Chinese ones."""
    return tuple(part.strip() for part in text.replace("،", ",").replace("、", ",").split(","))


@cache
def built_in_words(language: str) -> LetterWords:
    """Those of `ko` or `en`."""
    return LetterWords(language, texts("newsletter.edition", "words", "letter.toml", language=language))
