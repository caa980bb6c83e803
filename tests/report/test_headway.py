"""How far, how fast, until when, and who is at it; nothing is told that nobody can know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.ledger.accounts import PastRun
from newsletter.ledger.at_work import Worker
from newsletter.ledger.states import State
from newsletter.report.headway import Headway, planning
from tests.support.books import NOW

ZONE = "Asia/Seoul"
MINUTE = timedelta(minutes=1)


def counts(**numbers: int) -> dict[State, int]:
    return {state: numbers.get(state.value, 0) for state in State}


def worker(pid: int = 4711, *, since: timedelta = MINUTE, lives: bool = True, before: int = 0) -> Worker:
    return Worker(pid, "mail1", NOW - since, NOW, lives, before)


def said(headway: Headway, language: str = "en", *, running: bool = True) -> list[str]:
    return [one.in_language(language) for one in headway.said("2026-11", ZONE, running=running)]


def test_a_living_process_has_a_rate_and_an_end() -> None:
    headway = Headway(counts(sent=1200, planned=1800), [worker()], NOW)
    assert (headway.rate, headway.expected_end) == (20.0, NOW + timedelta(seconds=90))
    assert said(headway) == [
        "1200 of 3000 done (40%), 20 a second, expected end 2026-11-22 17:01 KST",
        "at it: process 4711 on mail1, since 2026-11-22 16:59 KST",
    ]
    assert said(headway, "ko") == [
        "3000통 가운데 1200통 마침(40%), 1초에 20통, 2026-11-22 17:01 KST쯤 끝날 예정",
        "보내는 중: mail1의 프로세스 4711, 2026-11-22 16:59 KST부터",
    ]


def test_what_was_done_before_a_process_began_is_not_its_rate() -> None:
    headway = Headway(counts(sent=1200, planned=1800), [worker(before=600)], NOW)
    assert headway.rate == 10.0


def test_of_several_the_first_to_begin_tells_the_rate_of_all() -> None:
    both = [worker(1, since=MINUTE, before=600), worker(2, since=2 * MINUTE, before=0)]
    assert Headway(counts(sent=1200, planned=1), both, NOW).rate == 10.0


@pytest.mark.parametrize(
    "workers",
    [[], [worker(lives=False)], [worker(before=1200)], [worker(since=timedelta(seconds=0.5))], [worker(before=2000)]],
    ids=["nobody", "gone", "nothing done yet", "just begun", "less than before"],
)
def test_where_nobody_can_know_no_rate_is_told(workers: list[Worker]) -> None:
    headway = Headway(counts(sent=1200, planned=1800), workers, NOW)
    assert (headway.rate, headway.expected_end) == (None, None)
    assert said(headway)[0] == "1200 of 3000 done (40%)"


def test_a_gone_process_is_named_with_what_follows() -> None:
    told = said(Headway(counts(sent=1, planned=1, in_flight=1), [worker(lives=False)], NOW))
    assert told[1].startswith(
        "process 4711 on mail1, at it since 2026-11-22 16:59 KST, is gone; the next newsletter send"
    )
    assert told[2:] == ["No process is at it. To go on: newsletter send 2026-11"]


@pytest.mark.parametrize(
    ("ended_by", "why"),
    [
        ("relay", ["마지막 실행은 2026-11-22 17:00 KST에 끝났습니다: 발송 서버를 쓸 수 없음"]),
        ("content", ["마지막 실행은 2026-11-22 17:00 KST에 끝났습니다: 발송 서버가 편지를 거절함"]),
        ("done", []),
        ("", []),
        ("of a later version", []),
    ],
)
def test_why_nobody_is_at_it_is_told_with_the_next_step(ended_by: str, why: list[str]) -> None:
    last = PastRun(NOW - MINUTE, NOW, 0, ended_by, timedelta(), 1, "mail1")
    stopped = Headway(counts(sent=1, planned=2), (), NOW, last_run=last)
    assert said(stopped, "ko")[1:] == [
        *why,
        "지금 보내고 있는 프로세스가 없습니다. 이어서 보내려면: newsletter send 2026-11",
    ]
    assert said(replace(stopped, workers=[worker()]), "ko")[2:] == []


def test_a_paused_issue_needs_nobody_at_it() -> None:
    assert said(Headway(counts(sent=1, planned=1), [], NOW), running=False) == ["1 of 2 done (50%)"]


def test_of_what_is_finished_nothing_is_left_to_say() -> None:
    assert said(Headway(counts(sent=5, failed=1, in_doubt=1, suppressed=1, expired=1, cancelled=1), [], NOW)) == []


def test_in_short_what_is_finished_has_no_rate_any_more() -> None:
    """The process that did it may be there for a moment yet."""
    over = Headway(counts(sent=1200), [worker()], NOW)
    assert str(over.in_short(ZONE)) == "1200 of 1200 done (100%)"


def test_who_waits_for_a_time_is_not_in_the_expected_end() -> None:
    due = NOW + timedelta(hours=1)
    headway = Headway(counts(sent=60, deferred=40), [worker()], NOW, next_due=due)
    assert headway.expected_end is None
    assert said(headway)[-1] == "The first of the deferred is tried again from 2026-11-22 18:00 KST."


@pytest.mark.parametrize(("left", "percent"), [(1, 99), (0, 100), (39_999, 0), (20_000, 50)])
def test_a_hundred_percent_is_nothing_left(left: int, percent: int) -> None:
    assert Headway(counts(sent=40_000 - left, planned=left), [], NOW).percent == percent


def test_an_audience_of_nobody_is_done() -> None:
    headway = Headway(counts(), [], NOW)
    assert (headway.percent, headway.is_over) == (0, True)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (20.04, "20 a second"),
        (1.5, "1.5 a second"),
        (0.5, "30 a minute"),
        (0.01, "36 an hour"),
        (1 / 3600, "1 an hour"),
    ],
)
def test_a_rate_is_told_in_the_unit_in_which_it_is_a_number(rate: float, words: str) -> None:
    assert words in said(Headway(counts(sent=1, planned=1), [worker()], NOW, measured=rate))[0]


def test_an_end_that_is_never_is_no_end() -> None:
    assert Headway(counts(sent=1, planned=10**9), [worker()], NOW, measured=1e-9).expected_end is None


def test_scripts_get_the_same() -> None:
    told = Headway(counts(sent=1200, planned=1800), [worker(), worker(12, lives=False)], NOW).as_json()
    assert told == {
        "done": 1200,
        "percent": 40,
        "rate": 20.0,
        "expected_end": "2026-11-22T08:01:30+00:00",
        "windows": [],
        "goes_on_at": None,
        "next_due": None,
        "processes": [
            {
                "pid": pid,
                "machine": "mail1",
                "since": "2026-11-22T07:59:00+00:00",
                "heard_at": "2026-11-22T08:00:00+00:00",
                "lives": lives,
            }
            for pid, lives in ((4711, True), (12, False))
        ],
    }


def test_while_the_plan_is_written_that_is_said() -> None:
    assert str(planning(worker(), ZONE)).startswith("being planned just now by process 4711 on mail1, since 2026-11-22")


def test_while_the_relay_rests_nobody_is_told_to_go_on() -> None:
    later = NOW + timedelta(hours=1)
    resting = Headway(counts(sent=1, planned=2), [], NOW, relay_rests_until=later)
    assert resting.goes_on_at == later
    told = " ".join(said(resting))
    assert "22 18:00 KST" in told
    assert "newsletter send" not in told
    assert "newsletter send 2026-11" in " ".join(said(Headway(counts(sent=1, planned=2), [], NOW)))
