"""The calendars as a calendar program reads them (icalendar), and the octets as RFC 5545 has them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from newsletter.archive.event_calendar import event_calendars
from newsletter.archive.site import Site, SiteEvent
from tests.support.hand_made_site import BASE, MORNING, SEOUL, issue_of, page_of, settings_with, site_of

FORUM = SiteEvent(
    "도시 포럼", datetime(2026, 12, 3, 14, 0, tzinfo=SEOUL), "서울연구원, 1층; 대회의실", "https://example.org/forum"
)


def events(site: Site, path: str = "events.ics") -> list[Any]:
    (data,) = [file.data for file in event_calendars(site) if file.path == path]
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def test_an_event_is_read_as_it_was_written() -> None:
    site = site_of(issue_of(events=(FORUM,)))
    (event,) = events(site)
    assert (event["SUMMARY"], event["LOCATION"], event["URL"]) == (FORUM.title, FORUM.place, FORUM.url)
    assert event["DTSTART"].dt == datetime(2026, 12, 3, 5, 0, tzinfo=UTC)
    assert event["DTSTAMP"].dt == MORNING + timedelta(minutes=20)
    assert event["DESCRIPTION"] == f"신성장동력\n{BASE}2026-11/"
    assert events(site, "2026-11/events.ics")[0]["UID"] == event["UID"]
    assert event_calendars(site) == event_calendars(site)


NIGHT = datetime(2026, 12, 3, tzinfo=SEOUL)


def utc(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        pytest.param(FORUM.starts_at, None, (utc(3, 5), None), id="an hour"),
        pytest.param(FORUM.starts_at, NIGHT + timedelta(hours=16), (utc(3, 5), utc(3, 7)), id="two hours"),
        pytest.param(NIGHT, None, (date(2026, 12, 3), date(2026, 12, 4)), id="a day"),
        pytest.param(NIGHT, NIGHT + timedelta(days=2), (date(2026, 12, 3), date(2026, 12, 6)), id="three days"),
        pytest.param(NIGHT, NIGHT + timedelta(hours=39), (date(2026, 12, 3), date(2026, 12, 5)), id="until an hour"),
        pytest.param(FORUM.starts_at, NIGHT + timedelta(days=1), (utc(3, 5), utc(4, 15)), id="until a day"),
        pytest.param(FORUM.starts_at, NIGHT, (utc(3, 5), utc(3, 15)), id="until its own day"),
    ],
)
def test_hours_are_in_utc_and_days_end_on_the_next(
    begin: datetime, end: datetime | None, expected: tuple[object, object]
) -> None:
    (event,) = events(site_of(issue_of(events=(SiteEvent("행사", begin, "", "", end),))))
    assert (event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None) == expected


def test_one_told_again_stands_there_once_as_the_later_issue_says_it() -> None:
    moved = SiteEvent(FORUM.title, FORUM.starts_at + timedelta(hours=1), "2층", "")
    site = site_of(
        issue_of("2026-12", events=(moved,), posted_at=MORNING + timedelta(days=2)), issue_of(events=(FORUM,))
    )
    (event,) = events(site)
    assert event["LOCATION"] == "2층"
    assert [one["LOCATION"] for one in events(site, "2026-11/events.ics")] == [FORUM.place]


def test_two_of_one_title_on_one_day_are_two_wherever_the_archive_is() -> None:
    afternoon = SiteEvent(FORUM.title, FORUM.starts_at + timedelta(hours=3), "", "")
    issue = issue_of(events=(FORUM, afternoon))
    found = [one["UID"] for one in events(site_of(issue))]
    assert len(set(found)) == 2
    assert [one["UID"] for one in events(site_of(issue, base_url=""))] == found
    assert not set(found) & {
        one["UID"] for one in events(site_of(issue, settings=settings_with(list_id="b.example.org")))
    }


def test_no_calendar_without_an_event_and_none_for_all_of_what_is_not_listed() -> None:
    assert event_calendars(site_of()) == ()
    assert [one.path for one in event_calendars(site_of(issue_of(events=(FORUM,), is_listed=False)))] == [
        "2026-11/events.ics"
    ]


@given(st.text(), st.text())
def test_no_text_breaks_out_of_its_line(title: str, place: str) -> None:
    event = SiteEvent(
        f"{title}\r\nBEGIN:VALARM", FORUM.starts_at, f"{place}\nATTENDEE:x", "https://example.org/\r\nX:y"
    )
    (found,) = events(site_of(issue_of("2026-11", page_of("2026-11", title), events=(event,))))
    assert set(found) == {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "LOCATION", "URL", "DESCRIPTION", "TRANSP"}
    assert not found.subcomponents
