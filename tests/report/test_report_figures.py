"""Figures made of what was counted: stretches of work and rest, when half had it, and what is read from git again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.ledger.accounts import PastRun, Times
from newsletter.ledger.states import State
from newsletter.report.figures import IssueFigures, RunFigures
from newsletter.report.figures_json import from_kept, kept_text
from newsletter.report.issue_report import IssueReport
from newsletter.report.lengths import length_words, share_words, size_words
from newsletter.report.moments import acceptance, over_time
from newsletter.report.page import ReportPages
from newsletter.report.run_times import (
    cost_of_own_limit,
    cost_of_relays_limit,
    rows_of_runs,
    stretches,
    telling,
    time_at_work,
)
from tests.support.books import NOW

MINUTE = timedelta(minutes=1)


def run(begin: int, end: int | None, ended_by: str = "done", rested: int = 0) -> PastRun:
    ended_at = None if end is None else NOW + end * MINUTE
    return PastRun(NOW + begin * MINUTE, ended_at, 10, ended_by, rested * MINUTE, 4711, "mail1")


@pytest.mark.parametrize(
    ("runs", "at_work", "own", "relay"),
    [
        ([], 0, 0, 0),
        ([run(0, 10)], 10, 0, 0),
        ([run(0, 10, "budget"), run(60, 70)], 20, 50, 0),
        ([run(0, 10, "quota"), run(60, 70)], 20, 0, 50),
        ([run(0, 10, "asked"), run(60, 70)], 20, 0, 0),
        ([run(0, 10, ""), run(60, 70)], 20, 0, 0),
        # Two processes at once are one stretch, and of what they waited for counts the longer.
        ([run(0, 10, "budget", rested=2), run(1, 9, "budget", rested=3), run(60, 70)], 17, 53, 0),
        ([run(60, 70), run(0, 10, "budget")], 20, 50, 0),
        ([run(0, None)], 100, 0, 0),
        ([run(0, -5)], 0, 0, 0),
    ],
)
def test_what_was_work_and_what_a_limit_cost(runs: list[PastRun], at_work: int, own: int, relay: int) -> None:
    parts = stretches(runs, NOW + 100 * MINUTE)
    assert time_at_work(parts) == at_work * MINUTE
    assert (cost_of_own_limit(parts), cost_of_relays_limit(parts)) == (own * MINUTE, relay * MINUTE)


def test_a_run_that_found_nothing_to_do_is_no_news() -> None:
    nothing = [replace(run(0, 1, ended_by), messages=0) for ended_by in ("done", "budget", "quota")]
    news = [run(0, 1), replace(run(0, 1, "relay"), messages=0), replace(run(0, None, ""), messages=0)]
    assert telling([*nothing, *news]) == news


def times(*sent: tuple[int, int], seconds: int = 60) -> Times:
    """So many were accepted in a step."""
    last = NOW + max(step for step, _ in sent) * timedelta(seconds=seconds) + timedelta(seconds=1)
    counts = {step: {State.SENT: number} for step, number in sent}
    return Times(NOW, last, timedelta(seconds=seconds), counts)


def test_a_long_outage_is_one_row_and_what_sent_something_another() -> None:
    def ran(minute: int, messages: int = 0, ended_by: str = "relay") -> RunFigures:
        begun = NOW + timedelta(minutes=minute)
        return RunFigures(began_at=begun, ended_at=begun, messages=messages, ended_by=ended_by, rested=0)

    runs = [
        ran(0, 3),
        *(ran(minute) for minute in range(10, 310, 10)),
        ran(310, ended_by="login"),
        ran(320, 40, "done"),
    ]
    rows = rows_of_runs(runs)
    assert [(row.first, row.count, row.run.messages) for row in rows] == [
        (0, 1, 3),
        (1, 30, 0),
        (31, 1, 0),
        (32, 1, 40),
    ]
    assert (rows[1].began_at, rows[1].ended_at) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=300))


def test_half_and_nearly_all_are_where_the_counts_reach_them() -> None:
    found = acceptance(times((0, 50), (1, 45), (9, 5)), NOW - MINUTE)
    assert found is not None
    assert (found.median, found.p95, found.last) == (120, 180, 601)
    assert acceptance(None, NOW) is None
    failed = Times(NOW, NOW, MINUTE, {0: {State.FAILED: 3}})
    assert acceptance(failed, NOW) is None


def test_a_chart_has_few_steps_and_loses_nobody() -> None:
    fine = times(*((step, step % 7) for step in range(2000)), seconds=10)
    found = over_time(fine)
    assert found is not None
    assert len(found.buckets) <= 50
    assert sum(one.sent for one in found.buckets) == sum(step % 7 for step in range(2000))
    assert all(one.at.timestamp() % found.width == 0 for one in found.buckets)


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0, "0 s", "0초"),
        (0.2, "under a second", "1초 미만"),
        (59, "59 s", "59초"),
        (60, "1 min", "1분"),
        (3599.6, "1 h", "1시간"),
        (4800, "1 h 20 min", "1시간 20분"),
        (86_399, "1 day", "1일"),
        (90_000, "1 day 1 h", "1일 1시간"),
        (200_000, "2 days 8 h", "2일 8시간"),
    ],
)
def test_lengths_are_said_in_two_units(seconds: float, english: str, korean: str) -> None:
    said = length_words(seconds)
    assert (said.in_language("en"), said.in_language("ko")) == (english, korean)


def test_sizes_and_shares() -> None:
    assert [size_words(number) for number in (0, 1023, 1536, 3_145_728)] == ["0 B", "1023 B", "1.5 KB", "3.0 MB"]
    assert [share_words(part) for part in (None, 0, 0.0125, 1)] == ["–", "0%", "1.25%", "100%"]


FIGURES = IssueFigures(
    issue="2026-11", newsletter="a.example.org", standing="finished", planned_at=NOW, total=3, states={"sent": 3}
)


def test_what_was_kept_is_read_again() -> None:
    assert from_kept(kept_text(FIGURES).encode()) == FIGURES
    later = {**json.loads(kept_text(FIGURES)), "a_later_key": {"x": [1]}}
    assert from_kept(json.dumps(later).encode()) == FIGURES


BUCKETS = [{"at": "2026-11-22T08:00:00Z", "sent": 2}, {"at": "2026-12-22T08:00:00Z", "sent": 1}]


def kept_with(**more: object) -> bytes:
    return json.dumps({**json.loads(kept_text(FIGURES)), **more}).encode()


def test_a_standing_of_a_later_version_is_shown_as_it_is() -> None:
    figures = from_kept(kept_with(standing="half_<done>", over_time={"width": 86400, "buckets": BUCKETS}))
    assert figures is not None
    page = ReportPages("en", "Asia/Seoul").issue(IssueReport(figures, "A letter", "Asia/Seoul", NOW))
    assert "half_&lt;done&gt;" in page


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"issue": 7}',
        b"\xff\xfe",
        b"[" * 50_000,
        kept_text(FIGURES).replace('"total": 3', '"total": "many"').encode(),
        kept_text(FIGURES).replace('"total": 3', '"total": -3').encode(),
        kept_text(FIGURES).replace('"sent": 3', '"sent": -1').encode(),
        kept_text(FIGURES).replace('"sent": 3', '"read": 1').encode(),
        kept_text(FIGURES).replace('"total": 3', '"total": NaN').encode(),
        kept_text(FIGURES).replace(NOW.isoformat().replace("+00:00", "Z"), "2026-11-22T08:00:00").encode(),
        kept_text(FIGURES).replace('"total": 3', f'"total": {10**400}').encode(),
        kept_text(FIGURES).replace(NOW.isoformat().replace("+00:00", "Z"), "9999-12-31T23:59:59Z").encode(),
        kept_text(FIGURES).replace(f'"{NOW.isoformat().replace("+00:00", "Z")}"', "null").encode(),
        kept_with(over_time={"width": 0, "buckets": BUCKETS}),
        kept_with(over_time={"width": 1, "buckets": BUCKETS}),
        kept_with(over_time={"width": 1, "buckets": []}),
    ],
    ids=range(19),
)
def test_what_is_no_report_is_none(text: bytes) -> None:
    assert from_kept(text) is None
