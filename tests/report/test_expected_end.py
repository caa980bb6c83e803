"""When it will be done, by the windows of hours and days, and how the plan and `status` say so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import LANGUAGES
from newsletter.ledger.at_work import Worker
from newsletter.ledger.budgets import Usage, free_after
from newsletter.ledger.states import State
from newsletter.report.expected_end import Allowance
from newsletter.report.headway import Headway
from newsletter.report.plan import pace_words
from newsletter.settings.rates import Window
from tests.support.books import workspace_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR, A_DAY = Window(500, HOUR), Window(5000, DAY)
NOW = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def allowed(*windows: Window, per_second: float | None = 20) -> Allowance:
    return Allowance(per_second, [Usage(window, ()) for window in windows])


@pytest.mark.parametrize(
    ("messages", "allowance", "hours"),
    [
        (0, allowed(AN_HOUR), 0),
        (72_000, allowed(), 1),
        (500, allowed(AN_HOUR), 0.007),
        (501, allowed(AN_HOUR), 1.17),  # cron comes by at ten past
        (5000, allowed(AN_HOUR), 10.5),
        (40_000, allowed(A_DAY), 7 * 24 + 1.3),
        (40_000, allowed(AN_HOUR, A_DAY), 7 * 24 + 10.5),
        (400, allowed(Window(100, HOUR), per_second=None), 3.5),
        (720, allowed(AN_HOUR, per_second=0.1), 2),  # 360 an hour: the window never is the narrower one
    ],
)
def test_the_slowest_window_decides(messages: int, allowance: Allowance, hours: float) -> None:
    needed = allowance.time_needed(messages)
    assert needed is not None
    assert needed / HOUR == pytest.approx(hours, rel=0.07, abs=0.01)


def test_what_is_used_already_comes_first() -> None:
    used = Usage(AN_HOUR, ((timedelta(minutes=5), 100), (timedelta(minutes=35), 400)))
    allowance = Allowance(None, [used])
    assert (allowance.free, allowance.wait) == (0, timedelta(minutes=5))
    assert allowance.time_needed(100) == timedelta(minutes=10)
    assert allowance.time_needed(500) == timedelta(minutes=40)
    needed = allowance.time_needed(600)
    assert needed is not None
    assert timedelta(minutes=70) <= needed <= timedelta(minutes=80)


def test_a_window_that_was_wider_before_is_waited_for() -> None:
    used = Usage(Window(10, HOUR), ((timedelta(minutes=5), 100), (timedelta(minutes=35), 400)))
    allowance = Allowance(None, [used])
    assert (allowance.free, allowance.wait) == (0, timedelta(minutes=35))
    assert allowance.time_needed(1) == timedelta(minutes=40)


def test_an_end_that_nobody_lives_to_see_is_none() -> None:
    assert allowed(Window(1, DAY)).time_needed(10**9) is None
    assert allowed(Window(100, HOUR)).time_needed(1_000_000) is not None


def said(messages: int, allowance: Allowance, language: str = "en") -> list[str]:
    settings = workspace_at(Path()).settings
    smtp = settings.smtp.model_copy(update={"rate": ("20/s", "500/h", "5000/d")})
    settings = settings.model_copy(update={"smtp": smtp})
    return [words.in_language(language) for words in pace_words(settings, messages, allowance, NOW)]


def test_the_plan_says_when_it_is_done_and_what_is_used() -> None:
    used = Allowance(20, [Usage(AN_HOUR, ((HOUR, 120),)), Usage(A_DAY, ((DAY, 120),))])
    assert said(400, used)[1:] == [
        "this run may send 380; cron's next runs send the rest",
        "used already: 120 of 500/h, 120 of 5000/d",
    ]
    full = Allowance(20, [Usage(AN_HOUR, ((HOUR, 500),))])
    assert (
        said(400, full)[1]
        == "the limit is used up: the next may go at 2026-11-30 10:00 KST, and cron goes on by itself"
    )
    kept = Allowance(20, [Usage(AN_HOUR, (), spare=2)])
    assert said(499, kept)[1] == "this run may send 498; cron's next runs send the rest"
    [done] = said(400, allowed(AN_HOUR, A_DAY))
    assert done == "20/s, 500/h, 5000/d: done about 2026-11-30 09:00 KST"
    assert said(40_000, allowed(AN_HOUR, A_DAY))[0].startswith("20/s, 500/h, 5000/d: done about 2026-12-07 ")
    assert said(10**9, allowed(Window(1, DAY)))[0] == "20/s, 500/h, 5000/d: that takes more than ten years"
    assert said(400, allowed()) == said(0, allowed(AN_HOUR)) == []
    for english, korean in zip(said(400, used), said(400, used, "ko"), strict=True):
        assert english != korean


def headway(allowance: Allowance, *workers: Worker, **counts: int) -> Headway:
    return Headway({state: counts.get(state.value, 0) for state in State}, workers, NOW, pace=allowance)


def test_status_tells_the_end_also_while_nobody_is_at_it() -> None:
    one = headway(allowed(AN_HOUR), sent=100, planned=2400)
    assert one.in_short("Asia/Seoul").in_language("en").startswith("100 of 2500 done (4%), expected end 2026-11-30 13:")
    assert one.as_json()["windows"] == [{"window": "500/h", "used": 0}]


def test_status_tells_when_it_goes_on() -> None:
    full = Allowance(20, [Usage(AN_HOUR, ((timedelta(minutes=5), 500),))])
    waits = headway(full, sent=500, planned=2000)
    assert waits.goes_on_at == NOW + timedelta(minutes=5)
    for language in LANGUAGES:
        told = [one.in_language(language) for one in waits.said("2026-11", "Asia/Seoul", running=True)]
        assert any("09:05" in line for line in told)
        assert not any("newsletter send" in line for line in told)
    assert waits.as_json()["goes_on_at"] == "2026-11-30T00:05:00+00:00"
    assert headway(full, sent=500).goes_on_at is None


def test_a_process_at_work_tells_a_faster_rate_than_a_window_allows() -> None:
    worker = Worker(1, "mail1", NOW - timedelta(seconds=10), NOW, lives=True, done_before=0)
    one = headway(allowed(AN_HOUR), worker, sent=200, planned=2300)
    assert one.rate == 20
    assert one.expected_end is not None
    assert one.expected_end - NOW > 4 * HOUR
    assert free_after(AN_HOUR) < HOUR * 1.01
