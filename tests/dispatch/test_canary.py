"""A canary goes to so many and no further, whatever happens to its process, and whoever comes along meanwhile."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.dispatch.run_report import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.dispatch.throttle import Limit
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import DispatchStatus, PlannedDelivery
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import NOW, hash_of, planned, tally
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, at, log_of, policy, sending


def assert_paused(ledger: Ledger, job: Sending) -> None:
    record = ledger.record(job.dispatch)
    assert (record.status, str(record.reason)) == (DispatchStatus.PAUSED, f"canary of {job.policy.first}")


def everybody(job: Sending, port: int) -> Sending:
    """The run of another process, without `first`."""
    return Sending(job.ledger, job.dispatch, policy(port))


def test_after_it_the_others_wait_until_somebody_resumes(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, first=7)
        assert job.run().stopped is None
        assert_paused(ledger, job)
        again = everybody(job, relay.port).run()
        assert again.stopped is not None
        assert (again.stopped.kind, str(again.stopped.reason)) == (StopKind.PAUSED, "paused: canary of 7")
        assert len(relay.recipients()) == 7
        ledger.resume(job.dispatch, NOW)
        assert everybody(job, relay.port).run().stopped is None
        assert len(relay.recipients()) == 20


def test_with_nobody_left_it_is_finished(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 3, relay.port, first=3)
        assert job.run().stopped is None
    assert ledger.record(job.dispatch).status is DispatchStatus.RUNNING


def test_when_the_relay_is_away_nobody_gets_it_afterwards(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        port = relay.port
    job = sending(ledger, 20, port, first=3)
    report = job.run()
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.RELAY
    assert_paused(ledger, job)


def test_asked_to_stop_it_pauses_as_well(ledger: Ledger, tmp_path: Path) -> None:
    async def go() -> RunReport:
        stop = asyncio.Event()
        job.progress = lambda _progress: stop.set()
        return await job.start(stop)

    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, first=10, connections=1)
        report = asyncio.run(go())
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.ASKED
    assert_paused(ledger, job)


def test_who_comes_along_meanwhile_sends_nothing_and_says_why(ledger: Ledger, tmp_path: Path) -> None:
    others: list[RunReport] = []

    def another_comes() -> None:
        with ThreadPoolExecutor(1) as another:
            others.append(another.submit(everybody(job, relay.port).run).result())

    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, first=3, connections=1)
        report = replace(job, on_failpoint=at(Failpoint.BEFORE_INTENT, 2, another_comes)).run()
    (other,) = others
    assert other.stopped is not None
    assert (other.attempted, other.stopped.kind, other.stopped.exit_code) == (0, StopKind.CANARY, 75)
    assert "the first 3" in str(other.stopped.reason)
    assert (report.stopped, report.attempted, tally(ledger, job.dispatch)) == (None, 3, {"sent": 3, "planned": 17})


def test_what_others_are_sending_already_is_refused(ledger: Ledger) -> None:
    job = Sending(ledger, planned(ledger, 20), policy(1, first=3))
    with ledger.lease(NOW) as theirs:
        held = ledger.claim(job.dispatch, theirs, 2, NOW)
        with pytest.raises(RefusedError, match="Another process"):
            job.run()
        assert ledger.turn([], held, NOW) == frozenset()


def test_cancelled_meanwhile_it_stays_cancelled(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, first=5, connections=1)
        cancel = at(Failpoint.BEFORE_INTENT, 2, lambda: ledger.cancel(job.dispatch, NOW))
        report = replace(job, on_failpoint=cancel).run()
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.CANCELLED
    sent = len(relay.recipients())
    assert sent <= 1
    assert tally(ledger, job.dispatch) == {**({"sent": 1} if sent else {}), "cancelled": 20 - sent}


@pytest.mark.usefixtures("each_way")
def test_it_goes_no_further_when_a_domain_begins_to_rest(ledger: Ledger, tmp_path: Path) -> None:
    """Those who wait for their turn at that domain were none of the canary's tries, so nobody takes their place."""
    keys = [*(f"reader{n}@naver.com" for n in range(20)), *(f"reader{n}@example.com" for n in range(40))]
    rows = [PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, 2) for key in keys]
    replies = dict.fromkeys(keys[:20], "421 4.3.1 You send too many messages.")
    with receiving(log_of(tmp_path), replies=replies) as relay:
        limits = {"example.com": Limit(rate=0.1)}  # so slowly that somebody is left when naver.com rests
        job = Sending(ledger, planned(ledger, rows), policy(relay.port, connections=1, first=20, per_domain=limits))
        report = job.run()
    assert [one.domain for one in report.resting] == ["naver.com"]
    assert report.attempted == 20
    assert_paused(ledger, job)
