"""When an issue is due, as a table of times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsletter.schedule.due import Due, due

SEOUL = timezone(timedelta(hours=9))
PUBLISH = datetime(2021, 7, 26, 8, 56, tzinfo=SEOUL)
CATCH_UP = timedelta(hours=96)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (PUBLISH - MOMENT, Due.LATER),
        (PUBLISH, Due.NOW),
        (PUBLISH + CATCH_UP, Due.NOW),
        (PUBLISH + CATCH_UP + MOMENT, Due.MISSED),
        (PUBLISH.astimezone(UTC), Due.NOW),
        (datetime(2021, 7, 26, 8, 0, tzinfo=UTC), Due.NOW),
    ],
)
def test_an_issue_is_due_from_its_time_until_catch_up_is_over(now: datetime, expected: Due) -> None:
    assert due(PUBLISH, now, CATCH_UP) is expected


def test_an_issue_without_a_time_is_never_due() -> None:
    assert due(None, PUBLISH, CATCH_UP) is Due.NEVER
