"""`[schedule] every`: which days a text means, and what is said of one that means none."""

import contextlib
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from newsletter.settings.explain import explain
from newsletter.settings.recurrence import EachMonth, Recurrence, parse_recurrence

EVERY: TypeAdapter[Recurrence | None] = TypeAdapter(EachMonth)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("first monday 09:00", ["2027-02-01", "2027-03-01", "2027-08-02"]),
        ("second tuesday 09:00", ["2027-02-09", "2027-03-09", "2027-08-10"]),
        ("fourth sunday 9:00", ["2027-02-28", "2027-03-28", "2027-08-22"]),
        ("Last Friday 09:00", ["2027-02-26", "2027-03-26", "2027-08-27"]),
        ("day 26 09:00", ["2027-02-26", "2027-03-26", "2027-08-26"]),
        ("15 08:30", ["2027-02-15", "2027-03-15", "2027-08-15"]),
        ("day 01 00:00", ["2027-02-01", "2027-03-01", "2027-08-01"]),
        ("day 29 09:00", ["2027-02-28", "2028-02-29", "2100-02-28"]),
        ("day 31 23:59", ["2027-02-28", "2027-04-30", "2027-08-31"]),
        ("  LAST   day\t09:00 ", ["2027-02-28", "2028-02-29", "2027-12-31"]),
    ],
)
def test_a_rule_has_one_day_in_each_month(text: str, days: list[str]) -> None:
    rule = EVERY.validate_python(text)
    assert rule is not None
    found = [rule.in_month(day.year, day.month) for day in map(date.fromisoformat, days)]
    assert [day.isoformat() for day in found] == days


def test_day_and_number_alone_are_the_same_and_empty_is_nothing() -> None:
    assert parse_recurrence("day 15 08:30") == parse_recurrence("15 08:30") == Recurrence(time(8, 30), day=15)
    assert EVERY.validate_python("") is EVERY.validate_python(" ") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fifth monday 09:00", "last monday"),
        *[
            (text, "first monday 09:00")
            for text in (
                *(
                    "monthly",
                    "09:00",
                    "monday 09:00",
                    "first monday",
                    "first 09:00",
                    "first monday 24:00",
                    "last 09:00",
                ),
                *(
                    "day 0 09:00",
                    "day 32 09:00",
                    "-1 09:00",
                    "day 9:00",
                    "first mon 09:00",
                    "day 26 9:0",
                    "day 26 09:00:00",
                ),
                *(
                    "26 09:00 26 09:00",
                    "* * 26 * *",
                    "٢٦ ٠٩:٠٠",
                    "첫째 월요일 09:00",
                    "fifth 09:00",
                    "day 26 09:00\0",
                    "1e1 09:00",
                ),
                "first " * 100_000,
            )
        ],
        (26, "first monday 09:00"),
        (["day 26 09:00"], "first monday 09:00"),
    ],
)
def test_what_is_no_rule_is_told_with_one_that_is(text: object, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        EVERY.validate_python(text)
    said = explain(caught.value.errors(include_url=False)[0])
    assert told in said.in_language("en")
    assert told in said.in_language("ko")


def test_a_weekday_is_named_in_both_languages() -> None:
    with pytest.raises(ValidationError) as caught:
        EVERY.validate_python("fifth FRIDAY 09:00")
    said = explain(caught.value.errors(include_url=False)[0])
    assert "no fifth friday" in said.in_language("en")
    assert "다섯째 금요일(friday) 자체가 없는" in said.in_language("ko")


@given(st.text(max_size=40))
def test_any_text_is_a_rule_or_refused_with_words(text: str) -> None:
    with contextlib.suppress(ValidationError):
        EVERY.validate_python(text)
