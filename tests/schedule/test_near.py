"""Reminders come 7, 3 and 1 days before; a machine that slept catches up with the newest of them alone."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.schedule.near import reminder_at

WHEN = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("before", "days"),
    [
        (8 * DAY, None),
        (7 * DAY + SECOND, None),
        (7 * DAY, 7),
        (3 * DAY + SECOND, 7),
        (3 * DAY, 3),
        (1 * DAY + SECOND, 3),
        (1 * DAY, 1),
        (SECOND, 1),
        (timedelta(), 0),
        (-DAY, 0),
    ],
)
def test_the_newest_reminder_whose_time_has_come(before: timedelta, days: int | None) -> None:
    assert reminder_at(WHEN, WHEN - before) == days
