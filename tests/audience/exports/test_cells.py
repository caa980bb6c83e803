"""Cells of exports: moments as each system writes them, tags, and formulas that no spreadsheet runs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.exports.attributes import own_tags, tags_cell, tags_of
from newsletter.audience.exports.formula import as_typed, harmless_cell, neutral, would_run
from newsletter.audience.exports.moments import moment_of

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HALF_PAST_NINE = datetime(2021, 3, 2, 0, 30, tzinfo=UTC)
"""In the morning, in Seoul."""


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-02T00:30:00Z",
        "2021-03-02T00:30:00.000Z",
        "2021-03-02 09:30:00",
        "2021-03-02 09:30",
        "2021-03-02 09:30:00.5 +0900 KST",
        "2021-03-02 00:30:00 +0000 UTC",
        "2021-03-02 00:30:00.123456 +0000 +0000",
        "2021.03.02 09:30",
        "2021. 3. 2. 오전 9:30",
        "2021. 3. 2. 오전 9:30:00",
        "2021/3/2 9:30 AM",
        "2021년 3월 2일 9시 30분",
        " 2021-03-02 09:30:00 ",
    ],
)
def test_moments_are_understood_as_they_are_written(written: str) -> None:
    found = moment_of(written, SEOUL, NOW)
    assert found is not None
    assert found.replace(second=0, microsecond=0) == HALF_PAST_NINE


@pytest.mark.parametrize(("written", "hour"), [("오후 9:30", 21), ("오후 12:30", 12), ("오전 12:30", 0)])
def test_the_half_of_the_day_counts(written: str, hour: int) -> None:
    found = moment_of(f"2021. 3. 2. {written}", SEOUL, NOW)
    assert found is not None
    assert found.astimezone(SEOUL).hour == hour


@pytest.mark.parametrize(
    "written",
    [
        "",
        "03/02/2021",
        "soon",
        "2021-13-40",
        "0000-00-00 00:00:00",
        "1970-01-01",
        "2031-01-01",
        "9" * 5000,
        "99999-1-1",
    ],
)
def test_what_could_mean_another_day_or_none_is_no_moment(written: str) -> None:
    assert moment_of(written, SEOUL, NOW) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_clock(written: str) -> None:
    found = moment_of(written, SEOUL, NOW)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    "cell", ["시민;연구", "시민, 연구", '"시민","연구"', '["시민", "연구"]', "시민\n,연구", " 시민 ; 연구;"]
)
def test_tags_are_parted_as_each_system_does(cell: str) -> None:
    assert tags_of(cell) == {"시민", "연구"}


WITHOUT_NUL = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""No row that holds one gets here."""


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.text(WITHOUT_NUL, min_size=1).map(str.strip).filter(bool), max_size=4))
def test_our_own_tags_come_back(tags: frozenset[str]) -> None:
    assert own_tags(tags_cell(tags)) == tags


FORMULAS = ["=1+1", "+1+cmd|'/C calc'!A0", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("//x")']


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_becomes_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_cell_of_ours_runs_and_each_comes_back_as_it_was(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_typed(neutral(cell)) == cell


@pytest.mark.parametrize("cell", ["+82 10-1234-5678", "-5", "+1.5", "길동", "'n Sync"])
def test_a_number_stays_as_it_is_for_another_system(cell: str) -> None:
    assert harmless_cell(cell) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-x"])
def test_what_would_run_there_is_text_for_another_system(cell: str) -> None:
    assert harmless_cell(cell) == f"'{cell}"


def test_an_address_is_never_changed_and_told_where_it_would_run() -> None:
    assert would_run("=cmd|'/C'!A0@example.com")
    assert would_run("+cmd|x@example.com")
    assert not would_run("+news@example.com")
    assert not would_run("hong+news@example.com")
