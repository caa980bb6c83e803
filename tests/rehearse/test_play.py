"""A play goes by the rules of a run: rate, windows, limits of domains, waits of the deferred, cron; and its band."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsletter.dispatch.policy import Policy
from newsletter.dispatch.rehearsal.audience import PlayedAudience, Waiting
from newsletter.dispatch.rehearsal.play import Play
from newsletter.dispatch.rehearsal.play_ahead import Rehearsal, play_ahead
from newsletter.dispatch.rehearsal.relay import SimulatedRelay
from newsletter.dispatch.rehearsal.timeline import Cause, Timeline, Wait
from newsletter.ledger.budgets import Usage
from newsletter.ledger.past_dispatch import Fate, PastDispatch, Stretch
from newsletter.ledger.run_terms import RunTerms
from newsletter.ledger.states import Learned, State
from newsletter.settings.rates import Window
from tests.rehearse.records import policy_of

NOW = datetime(2026, 12, 7, 8, 3, tzinfo=UTC)
"""Three minutes after a run of cron."""
TICK = 420.0
"""Seconds until the next one."""
HOUR = timedelta(hours=1)


def people(**domains: int) -> PlayedAudience:
    """So many of each domain, by turns."""
    names = [name.replace("_", ".") for name in domains]
    most = max(domains.values())
    rows = [name for turn in range(most) for name, count in zip(names, domains.values(), strict=True) if turn < count]
    return PlayedAudience.of((name, None) for name in rows)


def played(
    audience: PlayedAudience,
    relay: SimulatedRelay,
    *,
    begins: float = 0.0,
    windows: Sequence[Usage] = (),
    lessons: Sequence[Learned] = (),
    **settings: object,
) -> Timeline:
    begins_at = NOW + timedelta(seconds=begins)
    policy = policy_of({"connections": 4, **settings})
    return Play(audience, policy, relay, now=NOW, begins=begins_at, windows=windows, lessons=lessons).run()


def test_connections_work_beside_each_other() -> None:
    found = played(people(example_com=400), SimulatedRelay(0.5), begins=60)
    assert (found.letters, found.runs) == (400, 1)
    assert [found.out_at(share) for share in (0.5, 1.0)] == pytest.approx([60 + 25, 60 + 50])
    assert found.all_tried_at == found.out_at(1.0)
    assert found.share_at(60 + 25) == 0.5
    assert (found.share_at(59), found.share_at(999)) == (0, 1)


def test_the_rate_spaces_the_messages() -> None:
    found = played(people(example_com=401), SimulatedRelay(0.5), rate=2)
    assert found.out_at(1.0) == pytest.approx(200.5)


def test_a_domain_waits_for_its_limit_and_the_others_pass_it() -> None:
    found = played(people(naver_com=200, example_com=200), SimulatedRelay(1.0), per_domain={"naver.com": [1, None]})
    assert found.out_at(1.0) == pytest.approx(200, rel=0.02)
    assert found.out_at(0.5) == pytest.approx(50, rel=0.05)
    [wait] = found.waits(frozenset({"naver.com"}))
    assert (wait.cause, wait.what, wait.readers) == (Cause.DOMAIN_LIMIT, "naver.com", 200)
    by_rate = played(people(naver_com=200, example_com=200), SimulatedRelay(1.0), per_domain={"*": [None, 0.5]})
    assert by_rate.out_at(1.0) == pytest.approx(400, rel=0.02)


def test_what_is_under_a_limited_domain_shares_its_limit() -> None:
    found = played(people(mail_ac_kr=50, snu_ac_kr=50), SimulatedRelay(1.0), per_domain={"ac.kr": [1, None]})
    assert found.out_at(1.0) == pytest.approx(100, rel=0.02)


def test_a_window_of_an_hour_lets_so_many_and_cron_brings_the_rest() -> None:
    window = Window(100, HOUR)
    used = Usage(window, ((timedelta(minutes=10), 40),))
    found = played(people(example_com=160), SimulatedRelay(0.1), windows=[used])
    # 60 at once; 40 when cron comes after ten minutes, where it waits for the last seconds; 60 an hour later.
    assert sum(1 for at in found.out if at < TICK) == 60
    assert sum(1 for at in found.out if at < 3000) == 100
    last = found.out_at(1.0)
    assert HOUR.total_seconds() < last < HOUR.total_seconds() + 2 * 600
    [wait] = found.waits(frozenset())
    assert (wait.cause, wait.what, wait.readers) == (Cause.WINDOW, "100/h", 100)
    assert wait.until <= last


GREY = {"naver.com": (Fate(30, 1, 0.0, State.SENT), Fate(10, 2, 420.0, State.SENT))}


def test_who_was_greylisted_before_is_again_and_cron_tries_once_more() -> None:
    found = played(people(naver_com=40, example_com=10), SimulatedRelay(0.1, fates=GREY))
    assert sum(1 for at in found.out if at < 60) == pytest.approx(40, abs=1)
    # After the first wait of five minutes: with the next run of cron.
    assert TICK < found.out_at(1.0) < TICK + 5
    assert found.all_tried_at < 60
    [wait] = found.waits(frozenset())
    assert (wait.cause, wait.what) == (Cause.DEFERRED, "naver.com")
    assert wait.readers == pytest.approx(10, abs=1)


def test_who_had_to_come_four_times_comes_four_times() -> None:
    fates = {"": (Fate(10, 4, 3420.0, State.SENT),)}
    found = played(people(example_com=10), SimulatedRelay(0.1, fates=fates))
    # Each wait, 5, 10 and 20 minutes, ends a moment after a run of cron began: the next one it is.
    assert found.runs == 4
    assert found.out_at(1.0) == pytest.approx(TICK + 1200 + 1800, abs=5)


def test_who_is_never_accepted_is_given_up_and_holds_nobody_up() -> None:
    fates = {"": (Fate(9, 1, 0.0, State.SENT), Fate(1, 20, 999.0, State.EXPIRED))}
    found = played(people(example_com=10), SimulatedRelay(0.1, fates=fates))
    assert found.out_at(0.9) < 1
    assert timedelta(hours=48) <= timedelta(seconds=found.out_at(1.0)) <= timedelta(hours=56)
    assert len(found.out) == 10


def test_a_refusal_is_as_quick_as_it_was() -> None:
    fates = {"": (Fate(1, 2, 420.0, State.SENT),)}
    found = played(people(example_com=400), SimulatedRelay(1.0, refusal=0.1, fates=fates))
    assert found.all_tried_at == pytest.approx(10)
    assert found.out_at(1.0) == pytest.approx(TICK + 100, abs=5)


def test_an_issue_that_is_under_way_goes_on_where_it_is() -> None:
    rows = [("example.com", None)] * 10 + [("example.com", Waiting(due=900.0, since=-60.0, attempts=1))] * 5
    found = played(PlayedAudience.of(rows), SimulatedRelay(0.1))
    assert [sum(1 for at in found.out if at < limit) for limit in (60, TICK + 600, TICK + 660)] == [10, 10, 15]
    assert len(found.tried) == 10  # the others were tried before
    assert found.deferred == {}


def test_what_was_learned_today_slows_the_first_run_only() -> None:
    lessons = [Learned("", 1.0), Learned("naver.com", 1.0, 10, NOW + timedelta(minutes=5))]
    slowed = played(people(example_com=100), SimulatedRelay(1.0), lessons=lessons[:1])
    free = played(people(example_com=100), SimulatedRelay(1.0))
    assert free.out_at(1.0) < slowed.out_at(1.0) < 2 * free.out_at(1.0)  # and it widens again
    rests = played(people(naver_com=10, example_com=10), SimulatedRelay(0.1), lessons=lessons[1:])
    assert sum(1 for at in rests.out if at < TICK) == 10
    assert rests.out_at(1.0) > TICK


@pytest.mark.parametrize(("most", "about"), [(1000, 0.01), (400, 0.03), (50, 0.15)])
@pytest.mark.parametrize("rate", [5, 8])
def test_of_many_readers_some_stand_for_all(
    rate: int, most: int, about: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    audience = people(naver_com=800, example_com=1200)
    settings: dict[str, Any] = {"rate": rate, "per_domain": {"naver.com": [1, 2.0]}}

    def play() -> Timeline:
        windows = [Usage(Window(1500, HOUR), ())]
        return played(audience, SimulatedRelay(0.5, fates=GREY), windows=windows, **settings)

    whole = play()
    # Of Naver's 2 a second a quarter is deferred, until 1,500 went; then at ten past the hour.
    assert whole.out_at(0.5) == pytest.approx(1000 / (rate - 0.5), rel=0.05)
    assert 3600 < whole.out_at(1.0) < 5000
    monkeypatch.setattr("newsletter.dispatch.rehearsal.audience.MOST_PLAYED", most)
    found = play()
    assert (whole.each_stands_for, found.each_stands_for) == (1, 2000 // most)
    assert found.letters * found.each_stands_for == pytest.approx(2000, rel=0.01)
    for share in (0.5, 1.0):
        assert found.out_at(share) == pytest.approx(whole.out_at(share), rel=about)


def test_nobody_to_send_to_is_done_at_once() -> None:
    found = played(PlayedAudience.of(()), SimulatedRelay(0.5), begins=5)
    assert (found.letters, found.all_tried_at, found.share_at(0)) == (0, 5, 1.0)


def past(slug: str, a_second: float, connections: int | None = 4, **fates: tuple[Fate, ...]) -> PastDispatch:
    terms = RunTerms("relay.example.com:25", connections) if connections else None
    stretch = Stretch(NOW, NOW + HOUR, 400, terms, accepted=200, refused=0, seconds=200 / a_second)
    return PastDispatch(slug, NOW, (stretch,), fates)


def rehearsed(*known: PastDispatch, readers: int = 1000, connections: int = 4) -> Rehearsal:
    policy = policy_of({"connections": connections})
    return play_ahead(people(example_com=readers), policy, known, now=NOW, begins=NOW)


def seconds(rehearsal: Rehearsal, share: float = 1.0) -> list[float]:
    band = rehearsal.out(share)
    return [(moment - NOW).total_seconds() for moment in (band.early, band.expected, band.late)]


def test_the_middle_of_the_plays_is_expected_and_most_of_them_are_the_band() -> None:
    found = rehearsed(*(past(f"2026-{n:02}", n) for n in range(1, 12)))
    early, expected, late = seconds(found)
    assert expected == pytest.approx(1000 / 6, rel=0.02)
    assert [early, late] == pytest.approx([1000 / 10, 1000 / 2], rel=0.02)
    assert found.middle().out_at(1.0) == pytest.approx(expected)


def test_equal_issues_still_leave_a_twentieth() -> None:
    early, expected, late = seconds(rehearsed(*(past(f"2026-0{n}", 5) for n in range(3))))
    assert [early, late] == pytest.approx([expected * 0.95, expected * 1.05])


@pytest.mark.parametrize("known", [1, 2])
def test_with_fewer_than_three_issues_the_band_is_wide(known: int) -> None:
    early, expected, late = seconds(rehearsed(*(past(f"2026-0{n}", 5) for n in range(known))))
    assert expected == pytest.approx(200, rel=0.02)
    assert [early, late] == pytest.approx([200 * 2 / 3, 200 * 3 / 2], rel=0.02)


def test_with_nothing_known_it_is_wider_still() -> None:
    found = rehearsed()
    assert found.known == ()
    assert seconds(found) == pytest.approx([5, 25, 125])


def test_other_connections_than_then_are_reckoned_with() -> None:
    assert seconds(rehearsed(past("2026-01", 4), connections=8))[1] == pytest.approx(125, rel=0.02)
    # Nobody knows how many there were: as many as now.
    assert seconds(rehearsed(past("2026-01", 4, None), connections=8))[1] == pytest.approx(250, rel=0.02)


def test_the_share_that_has_it_by_a_time() -> None:
    found = rehearsed(*(past(f"2026-0{n}", n) for n in (4, 5, 6)))
    share = found.share_by(NOW + timedelta(seconds=100))
    assert share.expected == pytest.approx(0.5, rel=0.02)
    assert 0.3 < share.least < 0.45
    assert 0.55 < share.most < 0.7
    assert found.share_by(NOW - HOUR).most == 0
    assert found.share_by(NOW + HOUR).least == 1


def test_an_issue_that_tells_no_pace_is_not_played_after() -> None:
    silent = PastDispatch("2026-09", NOW, (Stretch(NOW, NOW, 0, None),), {})
    assert [one.slug for one in rehearsed(silent, past("2026-08", 5)).known] == ["2026-08"]


def test_the_end_of_time_is_ten_years() -> None:
    window = Usage(Window(1, timedelta(days=1)), ())
    policy: Policy = policy_of({"connections": 1})
    found = play_ahead(people(example_com=9000), policy, (), now=NOW, begins=NOW, windows=[window])
    assert found.middle().out_at(1.0) == math.inf
    assert found.out(1.0).expected == NOW + timedelta(days=3650)
    assert [type(one) for one in found.waits(frozenset())] == [Wait]
