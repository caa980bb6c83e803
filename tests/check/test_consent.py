"""When somebody agreed is read as people write dates, and holds for two years."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.consent_dates import consent_date, holds_since
from newsletter.check.finding import Finding
from tests.support.checks import findings_of, ko, of_rule

LETTER = "title: 신성장동력\npreheader: 한 줄\npublish_at: 2026-11-30T09:00:00+09:00\nintro: 글\n"


@pytest.mark.parametrize(
    "written",
    [
        *("2026-01-05", "2026.1.5", "2026. 1. 5.", "2026/01/05", "20260105", "2026년 1월 5일"),
        *("2026-01-05T09:30:00+09:00", "2026-01-05 09:30", " 2026-01-05", "2026. 01. 05 오전 9:30"),
    ],
)
def test_a_date_is_read_as_it_is_written(written: str) -> None:
    assert consent_date(written) == date(2026, 1, 5)


@pytest.mark.parametrize("written", ["", "yes", "예", "2026", "2026-13-05", "2026-02-30", "05/01/2026", "٢٠٢٦-٠١-٠٥"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert consent_date(written) is None


@given(st.text())
def test_whatever_is_written_breaks_nothing(written: str) -> None:
    consent_date(written)


@given(st.dates(min_value=date(3, 1, 1)))
def test_consent_holds_for_two_years_to_the_day(day: date) -> None:
    since = holds_since(day)
    assert timedelta(days=729) <= day - since <= timedelta(days=731)


def old(root: Path, *consents: str) -> list[Finding]:
    rows = "".join(f"a{number}@example.com,{one},누리집\n" for number, one in enumerate(consents))
    found = findings_of(root, LETTER, f"email,consent_at,consent_source\n{rows}")
    return of_rule(found, "consent-2y")


def test_old_consent_is_told_once_with_how_many_and_the_first_row(tmp_path: Path) -> None:
    assert old(tmp_path, "2024-11-30", "2026-01-01", "") == []
    [found] = old(tmp_path, "2024-11-30", "2024-11-29", "2020-02-29", "")
    assert (found.file, found.line) == ("subscribers.csv", 3)
    assert ko(found.message) == "동의한 지 2년이 넘은 구독자가 2명입니다. 이 줄은 2024-11-29에 동의했습니다."


def test_a_consent_date_that_is_none_is_no_consent_to_advertising(tmp_path: Path) -> None:
    text = LETTER + "advertising: true\nsubject: (광고) 책\n"
    csv = "email,consent_at,consent_source\na@example.com,2026-01-01,누리집\nb@example.com,예,누리집\n"
    [found] = of_rule(findings_of(tmp_path, text, csv), "consent-missing")
    assert (found.file, found.line) == ("subscribers.csv", 3)
