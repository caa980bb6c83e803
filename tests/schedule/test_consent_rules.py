"""The 14-day and the two-year rule, held against days counted one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.schedule.consent_rules import NoticeDeadline, confirmation_due, reminder_due

MONTH = timedelta(days=30)
days = st.dates(date(2004, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("today", "due"),
    [("2026-11-29", False), ("2026-11-30", True), ("2026-12-14", True), ("2026-12-15", False)],
)
def test_a_consent_is_confirmed_from_its_day_to_the_fourteenth_after_it(today: str, due: bool) -> None:
    found = confirmation_due(date(2026, 11, 30), date.fromisoformat(today))
    assert (found is not None) == due
    if found:
        assert found.last_day == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("consent", "today", "about", "last_day"),
    [
        ("2024-12-20", "2026-11-19", None, None),
        ("2024-12-20", "2026-11-20", "2026-12-20", "2026-12-19"),
        ("2024-12-20", "2026-12-20", "2026-12-20", "2026-12-19"),
        ("2024-12-20", "2027-06-01", "2026-12-20", "2026-12-19"),
        ("2021-03-02", "2026-11-30", "2025-03-02", "2025-03-01"),
        ("2021-03-02", "2027-02-15", "2027-03-02", "2027-03-01"),
        ("2024-02-29", "2026-02-28", "2026-02-28", "2026-02-27"),
        ("2024-02-29", "2028-02-28", "2028-02-29", "2028-02-28"),
        ("2026-11-30", "2026-11-30", None, None),
    ],
)
def test_every_two_years_it_is_asked_before_the_day(
    consent: str, today: str, about: str | None, last_day: str | None
) -> None:
    found = reminder_due(date.fromisoformat(consent), date.fromisoformat(today), MONTH)
    assert found == (
        NoticeDeadline(date.fromisoformat(about), date.fromisoformat(last_day)) if about and last_day else None
    )


@given(consent=days, later=st.integers(0, 9000))
def test_it_is_never_about_a_day_that_is_no_anniversary_and_never_too_early(consent: date, later: int) -> None:
    today = consent + timedelta(days=later)
    found = reminder_due(consent, today, MONTH)
    if found is None:
        assert today < consent.replace(year=consent.year + 2, day=min(consent.day, 28)) - MONTH + timedelta(days=2)
        return
    years = found.about.year - consent.year
    assert years >= 2
    assert years % 2 == 0
    assert (found.about.month, found.about.day) in {(consent.month, consent.day), (2, 28)}
    assert found.about - today <= MONTH
    # No other anniversary lies between the one that is asked about and today.
    assert today - found.about < timedelta(days=731)
