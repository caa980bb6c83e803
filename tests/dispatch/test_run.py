"""A run from claims to outcomes, against relays that keep their own account."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.dispatch.clock import Timer
from newsletter.dispatch.run_report import Progress
from newsletter.dispatch.stop import StopKind
from newsletter.ledger import book_time, leases, outcomes
from newsletter.ledger.lease_watch import LEASE_LASTS
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, State
from newsletter.message.message import Message
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import LIST, NOW, hash_of, planned, tally, workspace_at
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Hasty, Sending, at, compose, log_of, policy, sending
from tests.support.smtp_script import scripted

pytestmark = pytest.mark.usefixtures("each_way")


def everybody(count: int) -> list[str]:
    return sorted(f"reader{number}@example.com" for number in range(count))


def test_everybody_gets_it_once_and_a_second_run_sends_nothing(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 50, relay.port)
        report = job.run()
        again = job.run()
    assert (report.stopped, report.attempted, again.attempted) == (None, 50, 0)
    assert tally(ledger, job.dispatch) == {"sent": 50}
    assert sorted(relay.recipients()) == everybody(50)
    assert relay.most_at_once == 2


def test_progress_tells_how_many_are_settled(ledger: Ledger, tmp_path: Path) -> None:
    seen: list[Progress] = []
    with receiving(log_of(tmp_path), replies={"reader1@example.com": "451 4.7.1 later"}) as relay:
        job = replace(sending(ledger, 5, relay.port), progress=seen.append)
        job.run()
    assert [(progress.settled, progress.total) for progress in seen][-1] == (4, 5)
    assert seen[-1].outcomes == {State.SENT: 4, State.DEFERRED: 1}


def test_a_canary_stops_after_so_many(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path), replies={"reader0@example.com": "550 5.1.1 who?"}) as relay:
        report = sending(ledger, 20, relay.port, first=7).run()
    assert (report.stopped, report.attempted) == (None, 7)
    assert len(relay.recipients()) == 6


def test_one_bad_address_fails_is_suppressed_and_does_not_stop_the_others(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path), replies={"reader3@example.com": "550 5.1.1 who?"}) as relay:
        job = sending(ledger, 10, relay.port)
        report = job.run()
    assert tally(ledger, job.dispatch) == {"sent": 9, "failed": 1}
    assert (report.stopped, report.suppressed) == (None, 1)
    assert [(each.key, each.reason, each.newsletter) for each in ledger.suppressions(LIST)] == [
        ("reader3@example.com", "bad address", "*")
    ]
    known = hash_of("reader3@example.com"), hash_of("reader4@example.com")
    assert ledger.suppressed_hashes(LIST, known) == {known[0]}, "a link knows the hash alone"


def test_a_relay_that_knows_nobody_pauses_the_run_and_suppresses_nobody(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path), replies={"*": "550 5.1.1 who?"}) as relay:
        job = sending(ledger, 60, relay.port)
        report = job.run()
        again = job.run()
    assert report.stopped is not None
    assert report.stopped.exit_code == 77
    assert list(ledger.suppressions(LIST)) == []
    assert tally(ledger, job.dispatch)["planned"] >= 60 - 23
    assert again.stopped is not None
    assert again.stopped.kind is StopKind.PAUSED
    assert str(report.stopped.reason) in str(again.stopped.reason)


def test_what_is_deferred_keeps_its_waiting_time_unless_told_otherwise(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path), replies={"reader1@example.com": "451 4.7.1 later"}) as relay:
        job = sending(ledger, 3, relay.port)
        first, second = job.run(), job.run()
        assert (first.deferred_left, first.next_due, second.attempted) == (1, NOW + timedelta(minutes=1), 0)
        relay.replies = {}
        assert replace(job, now=NOW + timedelta(minutes=1)).run().attempted == 1
    assert tally(ledger, job.dispatch) == {"sent": 3}


def test_retry_now_does_not_wait(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path), replies={"*": "451 4.7.1 later"}) as relay:
        job = sending(ledger, 3, relay.port)
        job.run()
        again = replace(job, policy=policy(relay.port, retry_now=True), now=NOW + timedelta(seconds=1)).run()
    assert again.attempted == 3
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {2}


def before_intent(number: int, job: Sending, do: Callable[[], object]) -> Sending:
    """Something happens when everybody before this reader is begun."""
    return replace(job, on_failpoint=at(Failpoint.BEFORE_INTENT, number + 1, do))


def begun_before(number: int) -> list[list[str]]:
    """Who may have got it then, over one connection: the mark of the last one may be durable, or refused."""
    readers = [f"reader{n}@example.com" for n in range(number)]
    return [readers[:-1], readers]


def test_pausing_is_honoured_before_the_next_message(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        report = before_intent(3, job, lambda: ledger.pause(job.dispatch, Verbatim("enough"), NOW)).run()
    assert report.stopped is not None
    assert (report.stopped.kind, str(report.stopped.reason)) == (StopKind.PAUSED, "paused: enough")
    received = relay.recipients()
    assert received in begun_before(3)
    assert tally(ledger, job.dispatch) == {"sent": len(received), "planned": 20 - len(received)}


def test_cancelling_is_honoured_before_the_next_message(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        report = before_intent(3, job, lambda: ledger.cancel(job.dispatch, NOW)).run()
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.CANCELLED
    received = relay.recipients()
    assert received in begun_before(3)
    assert tally(ledger, job.dispatch) == {"sent": len(received), "cancelled": 20 - len(received)}


def test_who_leaves_during_the_run_does_not_get_it(ledger: Ledger, tmp_path: Path) -> None:
    def leave() -> None:
        ledger.suppress(LIST, key="reader4@example.com", reason="unsubscribed", now=NOW)

    with receiving(log_of(tmp_path)) as relay:
        job = before_intent(4, sending(ledger, 10, relay.port, connections=1), leave)
        report = job.run()
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 9, "suppressed": 1}
    assert "reader4@example.com" not in relay.recipients()


def test_asked_to_stop_it_finishes_what_is_in_flight_and_puts_the_rest_back(ledger: Ledger, tmp_path: Path) -> None:
    async def go(job: Sending) -> object:
        stop = asyncio.Event()
        job.progress = lambda _progress: stop.set()
        return await job.start(stop)

    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 50, relay.port)
        asyncio.run(go(job))
    counts = tally(ledger, job.dispatch)
    assert counts["sent"] == len(relay.recipients()) <= 4
    assert counts == {"sent": counts["sent"], "planned": 50 - counts["sent"]}


def test_a_cancelled_run_knows_what_it_cannot_know(ledger: Ledger) -> None:
    async def go(job: Sending) -> None:
        running = asyncio.create_task(job.start())
        await asyncio.to_thread(script.dotted.wait)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with scripted({"dot": ["<hang>"]}) as script:
        job = sending(ledger, 5, script.port, connections=1)
        asyncio.run(go(job))
    assert tally(ledger, job.dispatch) == {"in_doubt": 1, "planned": 4}


def test_a_message_that_cannot_be_made_ends_the_run_and_loses_nobody(ledger: Ledger, tmp_path: Path) -> None:
    def fail_at_second(claim: Claim) -> Message:
        if claim.key == "reader2@example.com":
            raise ValueError("a bug")
        return compose(claim)

    with receiving(log_of(tmp_path)) as relay:
        job = replace(sending(ledger, 6, relay.port), compose=fail_at_second)
        with pytest.raises(ValueError, match="a bug"):
            job.run()
    counts = tally(ledger, job.dispatch)
    assert counts == {"sent": len(relay.recipients()), "planned": 6 - len(relay.recipients())}


def test_the_rate_is_kept_over_all_connections(ledger: Ledger, tmp_path: Path) -> None:
    hasty = Hasty()
    with receiving(log_of(tmp_path)) as relay:
        sending(ledger, 20, relay.port, rate=2.0).run(timer=hasty.timer)
    assert hasty.seconds >= 9.5


def test_a_process_that_was_given_up_writes_no_further_dot(ledger: Ledger, tmp_path: Path) -> None:
    def be_given_up() -> None:
        at_once = timedelta(seconds=-1)
        with (
            open_ledger(workspace_at(tmp_path), Purpose.SENDING, lease_lasts=at_once) as impatient,
            impatient.lease(NOW) as theirs,
        ):
            impatient.claim(job.dispatch, theirs, 1, NOW)

    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        report = before_intent(4, job, be_given_up).run()
    assert report.stopped is not None
    assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.LEASE, 75)
    received = relay.recipients()
    assert received in begun_before(4)
    counts = tally(ledger, job.dispatch)
    doubted = {row.address for row in ledger.deliveries(job.dispatch, (State.IN_DOUBT,))}
    assert counts["sent"] + len(doubted & set(received)) == len(received)
    assert len(doubted & set(received)) == report.taken_away


def test_deliveries_of_another_process_are_reported_and_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 10)
    with ledger.lease(NOW) as other, receiving(log_of(tmp_path)) as relay:
        ledger.claim(dispatch, other, 4, NOW)
        report = Sending(ledger, dispatch, policy(relay.port)).run()
    assert (report.attempted, report.held_by_others) == (6, 4)


def test_while_another_machine_holds_something_the_run_stays_and_goes_on_with_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    dispatch = planned(ledger, 10)
    other = ledger.lease(NOW)
    ledger.claim(dispatch, other, 4, NOW)
    for lock in ledger._leases.glob("*.lock"):
        lock.unlink()  # what another machine's lock looks like from here
    waits: list[float] = []

    async def pass_by(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            other.close()

    with receiving(log_of(tmp_path)) as relay:
        report = Sending(ledger, dispatch, policy(relay.port)).run(timer=Timer(sleep=pass_by))
    assert (report.attempted, report.held_by_others, len(waits)) == (10, 0, 3)
    assert sorted(relay.recipients()) == everybody(10)


def test_who_was_stopped_between_the_mark_and_the_dot_for_too_long_writes_no_dot(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first mark is durable, and then the process sleeps for as long as its lease lasts."""
    slept: list[float] = []
    awake = book_time.boot_seconds
    for module in (leases, outcomes):
        monkeypatch.setattr(module, "boot_seconds", lambda: awake() + sum(slept))
    received_then: list[list[str]] = []

    def sleep_once(point: Failpoint) -> None:
        if point is Failpoint.AFTER_INTENT and not slept:
            slept.append(LEASE_LASTS.total_seconds())
        elif point is Failpoint.BEFORE_INTENT and slept and not received_then:
            received_then.append(relay.recipients())

    with receiving(log_of(tmp_path)) as relay:
        job = replace(sending(ledger, 3, relay.port, connections=1), on_failpoint=sleep_once)
        report = job.run()
    assert report.stopped is None
    assert received_then == [[]]
    assert tally(ledger, job.dispatch) == {"sent": 3}
    assert sorted(relay.recipients()) == everybody(3)
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {1}
