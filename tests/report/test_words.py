"""What the ledger knows, in both languages: the end of a run, the state of an issue, the plan before the question."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.catalogue import LANGUAGES, Said, Verbatim
from newsletter.dispatch.run_report import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.states import DispatchStatus, State
from newsletter.report.announcement import _IN_SHORT, Occasion
from newsletter.report.ending import Ending
from newsletter.report.plan import due_words
from newsletter.report.run_end import STOPPED_BY
from newsletter.report.states_and_times import STATE_WORDS, STATUS_WORDS, counts_words
from tests.support.repository import ROOT

HANGUL = re.compile("[가-힣]")
NOW = datetime(2026, 11, 22, 11, 15, tzinfo=UTC)
NOTHING = dict.fromkeys(State, 0)
REPORT = RunReport(
    outcomes={}, attempted=0, suppressed=0, stopped=None, deferred_left=0, held_by_others=0, next_due=None
)


def ending(report: RunReport = REPORT, **counts: int) -> Ending:
    return Ending(
        "2026-11", "Asia/Seoul", report, {**NOTHING, **{State(name): n for name, n in counts.items()}}, NOTHING
    )


@pytest.mark.parametrize(
    "words", [STATE_WORDS, STATUS_WORDS, STOPPED_BY, _IN_SHORT], ids=["states", "statuses", "stops", "events"]
)
def test_every_state_has_a_word_of_its_own_in_each_language(
    words: dict[State | DispatchStatus | StopKind | Occasion, Said],
) -> None:
    assert set(words) == set(type(next(iter(words))))
    for language in LANGUAGES:
        told = [one.in_language(language) for one in words.values()]
        assert len(set(told)) == len(told)
        assert all(bool(HANGUL.search(word)) == (language == "ko") for word in told)


def test_counts_name_the_states_that_somebody_is_in() -> None:
    counts = counts_words({**NOTHING, State.SENT: 2, State.IN_DOUBT: 1})
    assert str(counts) == "2 sent, 1 in doubt"
    assert counts.in_language("ko") == "보냄 2, 도착 미확인 1"
    assert str(counts_words(NOTHING)) == ""


FINISHED = ending(sent=1)
PAUSED = replace(ending(planned=1), paused=Verbatim("by hand"))
DEFERRED = ending(replace(REPORT, next_due=NOW), deferred=1)
LATE = replace(ending(sent=4, failed=1), before={**NOTHING, State.SENT: 3, State.FAILED: 1})
HELD = ending(replace(REPORT, held_by_others=1), claimed=1)


@pytest.mark.parametrize(
    ("told", "language", "lines"),
    [
        (FINISHED, "en", ["2026-11: finished", "1 sent"]),
        (FINISHED, "ko", ["2026-11: 끝났습니다", "보냄 1"]),
        (LATE, "en", ["2026-11: finished", "1 sent by this run; in all 4 sent, 1 failed"]),
        (LATE, "ko", ["2026-11: 끝났습니다", "이번에 보냄 1 · 모두 보냄 4, 실패 1"]),
        (
            PAUSED,
            "en",
            [
                "2026-11: paused: by hand",
                "1 planned",
                "To send the rest: newsletter resume 2026-11, then newsletter send 2026-11",
            ],
        ),
        (
            PAUSED,
            "ko",
            [
                "2026-11: 일시 중지: by hand",
                "대기 1",
                "나머지를 보내려면: newsletter resume 2026-11, 그다음 newsletter send 2026-11",
            ],
        ),
        (
            DEFERRED,
            "en",
            [
                "2026-11: not finished yet",
                "1 deferred",
                "Deferred ones can be tried from 2026-11-22 20:15 KST: newsletter send 2026-11",
            ],
        ),
        (
            DEFERRED,
            "ko",
            [
                "2026-11: 아직 끝나지 않았습니다",
                "재시도 대기 1",
                "재시도 대기 중인 편지는 2026-11-22 20:15 KST부터 다시 보낼 수 있습니다: newsletter send 2026-11",
            ],
        ),
        (HELD, "en", ["2026-11: not finished yet", "1 claimed", "Another process is still at work on 1 delivery."]),
        (
            HELD,
            "ko",
            ["2026-11: 아직 끝나지 않았습니다", "준비 중 1", "다른 프로세스가 아직 1통을 보내는 중입니다."],
        ),
    ],
)
def test_how_a_run_ended(told: Ending, language: str, lines: list[str]) -> None:
    assert told.summary().in_language(language).splitlines() == lines


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "2026-11-26 08:56 KST"),
        (1, "2026-11-26 08:56 KST; now is 1 minute early"),
        (-119, "2026-11-26 08:56 KST; now is 119 minutes late"),
        (120, "2026-11-26 08:56 KST; now is 2 hours early"),
        (-3 * 24 * 60, "2026-11-26 08:56 KST; now is 3 days late"),
    ],
)
def test_a_plan_says_how_early_or_late_it_is(minutes: int, said: str) -> None:
    due = datetime(2026, 11, 25, 23, 56, tzinfo=UTC)
    assert str(due_words(due, due - timedelta(minutes=minutes), "Asia/Seoul")) == said


def test_the_manual_names_every_event_that_a_program_is_told() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert [event.value for event in Occasion if f"`{event.value}`" not in manual] == []
