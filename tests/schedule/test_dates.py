"""The dates of a schedule: five years of them, and any rule in any zone held against what a clock on the wall shows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.schedule.dates import dates_after, issue_of, slug_of, wall_clock
from newsletter.settings.recurrence import Recurrence, parse_recurrence

SEOUL, BERLIN = "Asia/Seoul", "Europe/Berlin"
ODD_CLOCKS = (
    *(SEOUL, BERLIN, "America/New_York", "UTC"),
    *("America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo"),  # the clocks change at midnight
    *("Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu"),  # by half an hour, at a quarter to three
    *("Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati"),  # for a month; a day was left out
)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES = st.one_of(
    st.builds(Recurrence, TIMES, day=st.integers(1, 31)),
    st.builds(Recurrence, TIMES, week=st.sampled_from([1, 2, 3, 4, -1]), weekday=st.integers(0, 6)),
)
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SECOND = timedelta(seconds=1)


def shown(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("zone", [SEOUL, BERLIN])
@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("first monday 09:00", lambda day: day.weekday() == 0 and day.day <= 7),
        ("last friday 09:00", lambda day: day.weekday() == 4 and (day + timedelta(7)).month != day.month),
        ("day 26 09:00", lambda day: day.day == 26),
        ("last day 09:00", lambda day: (day + timedelta(1)).day == 1),
        ("day 30 07:30", lambda day: day.day == 30 or (day.month == 2 and (day + timedelta(1)).day == 1)),
    ],
)
def test_five_years_of_letters(text: str, is_it: Callable[[date], bool], zone: str) -> None:
    """Each day of them is looked at, so that no month has none or two; one of the years is a leap year."""
    rule, begun, ends = parse_recurrence(text), date(2026, 12, 1), date(2031, 12, 1)
    days = [begun + timedelta(n) for n in range((ends - begun).days)]
    dates = dates_after(rule, zone, datetime(2026, 11, 30, 12, tzinfo=UTC))
    found = list(takewhile(lambda when: when.date() < ends, dates))
    assert [when.date() for when in found] == [day for day in days if is_it(day)]
    assert {when.time() for when in found} == {rule.time}
    assert len({slug_of(when) for when in found}) == len(found) == 60


@given(RULES, st.sampled_from(ODD_CLOCKS), MOMENTS)
def test_whatever_the_clocks_do_a_date_is_when_they_first_show_it_or_pass_it_over(
    rule: Recurrence, zone: str, after: datetime
) -> None:
    dates = list(islice(dates_after(rule, zone, after), 14))
    assert after < dates[0]
    assert all(one < other for one, other in pairwise(dates))
    months = {(when.year, when.month) for when in dates}
    assert len(months) >= 13, "at most one was moved out of its month, by a day that was left out"
    for when in dates[1:-1]:
        wanted = [
            datetime.combine(rule.in_month(day.year, day.month), rule.time)
            for day in (when.date(), when.date() - timedelta(1))
        ]
        assert any(shown(when - SECOND, zone) < one <= shown(when, zone) for one in wanted)
        assert when.astimezone(ZoneInfo(zone)).fold == 0


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (BERLIN, "2027-03-28", "02:30", "2027-03-28T03:00:00+02:00"),  # is left out
        (BERLIN, "2027-10-31", "02:30", "2027-10-31T02:30:00+02:00"),  # comes twice
        (BERLIN, "2027-10-31", "03:00", "2027-10-31T03:00:00+01:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T01:00:00-02:00"),
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-31T00:00:00+14:00"),
        (SEOUL, "2028-02-29", "09:00", "2028-02-29T09:00:00+09:00"),
    ],
)
def test_what_is_left_out_or_comes_twice(zone: str, day: str, at: str, moment: str) -> None:
    assert wall_clock(date.fromisoformat(day), time.fromisoformat(at), zone).isoformat() == moment


def test_the_next_date_is_later_than_now_however_often_one_asks() -> None:
    rule = parse_recurrence("first monday 09:00")
    on_time = datetime(2026, 12, 7, 9, tzinfo=ZoneInfo(SEOUL))
    assert next(dates_after(rule, SEOUL, on_time - SECOND)) == on_time
    assert next(dates_after(rule, SEOUL, on_time)).isoformat() == "2027-01-04T09:00:00+09:00"


def test_the_calendar_ends_without_an_error() -> None:
    late = datetime(9998, 11, 30, tzinfo=UTC)
    assert len(list(dates_after(parse_recurrence("last day 09:00"), SEOUL, late))) == 1


def test_the_issue_of_a_date_has_its_name_or_its_day() -> None:
    when = datetime.fromisoformat("2026-12-07T09:00:00+09:00")
    other = datetime.fromisoformat("2026-12-06T23:30:00+00:00")
    assert issue_of(when, {"2026-12": None, "winter": other}) == "2026-12"
    assert issue_of(when, {"2026-11": None, "winter": other}) == "winter"
    assert issue_of(when, {"winter": when + timedelta(days=1)}) is None
