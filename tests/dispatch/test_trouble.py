"""Relays that refuse, throttle, hang up or are not there at all: who is charged for it, and when the run ends."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State
from tests.support.books import tally
from tests.support.limited_relay import Moment, limited
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Hasty, log_of, sending
from tests.support.smtp_script import CLOSE, LEAVE, scripted

pytestmark = pytest.mark.usefixtures("each_way")


def test_without_a_relay_nobody_has_used_an_attempt(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        port = relay.port
    job = sending(ledger, 3, port)
    report = job.run()
    assert report.stopped is not None
    assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.RELAY, 69)
    assert tally(ledger, job.dispatch) == {"planned": 3}
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {0}


def test_a_refused_sender_stops_the_run_and_costs_nobody_an_attempt(ledger: Ledger) -> None:
    with scripted(always={"mail": "550 5.1.8 unknown sender domain"}) as script:
        job = sending(ledger, 20, script.port)
        report = job.run()
    assert report.stopped is not None
    assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.SENDER, 77)
    assert tally(ledger, job.dispatch) == {"planned": 20}
    assert sum(line.startswith("MAIL") for line in script.commands) <= 2


def test_a_relay_that_throttles_at_mail_gets_its_pauses_and_everybody_is_served(ledger: Ledger) -> None:
    hasty = Hasty()
    with scripted({"mail": ["", "", "451 4.7.0 slower", "", "421 4.7.0 too fast"]}) as script:
        job = sending(ledger, 12, script.port)
        report = job.run(timer=hasty.timer)
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 12}
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {1}
    assert max(hasty.waits) >= 1.0


def test_a_relay_that_only_throttles_ends_the_run(ledger: Ledger) -> None:
    hasty = Hasty()
    with scripted(always={"mail": f"{LEAVE}421 4.7.0 not now"}) as script:
        job = sending(ledger, 12, script.port)
        report = job.run(timer=hasty.timer)
    assert report.stopped is not None
    assert report.stopped.exit_code == 69
    assert "not now" in str(report.stopped.reason)
    assert tally(ledger, job.dispatch) == {"planned": 12}
    assert 10 < hasty.seconds < 120


def test_an_idle_connection_that_was_closed_costs_nobody_anything(ledger: Ledger) -> None:
    with scripted({"mail": ["", "", CLOSE, "", CLOSE]}) as script:
        job = sending(ledger, 8, script.port, connections=1)
        report = job.run()
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 8}
    assert len(script.bodies) == 8


def test_a_connection_that_is_closed_while_waiting_for_its_turn_is_made_again(ledger: Ledger) -> None:
    async def let_it_close(seconds: float) -> None:
        hasty.seconds += seconds
        await asyncio.sleep(0.02)

    hasty = Hasty()
    patient = replace(hasty.timer, sleep=let_it_close)
    with scripted({"dot": [f"{LEAVE}250 2.0.0 queued"] * 3}) as script:
        job = sending(ledger, 6, script.port, connections=1, rate=1.0)
        report = job.run(timer=patient)
    assert (report.stopped, report.outcomes) == (None, {State.SENT: 6})  # none was put back on the way
    assert sum(line.startswith("MAIL") for line in script.commands) == 6


def test_a_relay_that_always_hangs_up_after_ehlo_ends_the_run(ledger: Ledger) -> None:
    with scripted(always={"ehlo": f"{LEAVE}250 hello"}) as script:
        job = sending(ledger, 40, script.port)
        report = job.run()
    assert report.stopped is not None
    assert report.stopped.exit_code == 69
    assert tally(ledger, job.dispatch)["planned"] >= 32


def test_a_relay_that_always_hangs_up_after_the_dot_does_not_put_everybody_in_doubt(ledger: Ledger) -> None:
    with scripted(always={"dot": CLOSE}) as script:
        job = sending(ledger, 100, script.port)
        report = job.run()
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.RELAY
    counts = tally(ledger, job.dispatch)
    assert counts["in_doubt"] == len(script.bodies) <= 8
    assert counts["planned"] == 100 - counts["in_doubt"]


@pytest.mark.parametrize("fault", ["451 4.7.0 slower", CLOSE])
@pytest.mark.parametrize("connections", [1, 2])
def test_the_last_one_put_back_untried_is_sent_before_the_run_ends(
    ledger: Ledger, fault: str, connections: int
) -> None:
    """By a link that has carried something: of a new one that is lost, who was to be the first waits as usual."""
    faults = [fault]

    def tires(now: Moment) -> str:
        return faults.pop() if faults and now.stage == "mail" and now.session == 3 - connections else ""

    with limited(tires) as relay:
        job = sending(ledger, 3, relay.port, connections=connections)
        report = job.run()
    assert (report.stopped, faults) == (None, [])
    assert tally(ledger, job.dispatch) == {"sent": 3}


def test_a_canary_that_was_put_back_untried_is_sent_before_the_run_ends(ledger: Ledger) -> None:
    with scripted({"mail": ["451 4.7.0 slower"]}) as script:
        job = sending(ledger, 5, script.port, connections=1, first=1)
        report = job.run()
    assert (report.stopped, report.outcomes) == (None, {State.PLANNED: 1, State.SENT: 1})
    assert tally(ledger, job.dispatch) == {"sent": 1, "planned": 4}


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_link_lost_before_the_dot_is_tried_again_later(ledger: Ledger, stage: str) -> None:
    with scripted({stage: ["", CLOSE]}) as script:
        job = sending(ledger, 6, script.port)
        job.run()
    assert tally(ledger, job.dispatch) == {"sent": 5, "deferred": 1}
    assert len(script.bodies) == 5


def test_why_a_link_was_lost_is_kept_in_the_ledger_for_readers_of_either_language(ledger: Ledger) -> None:
    with scripted({"rcpt": ["451 4.3.0 disk"], "dot": [CLOSE]}) as script:
        job = sending(ledger, 2, script.port, connections=1)
        job.run()
    told = {row.reply.in_language("ko") for row in ledger.deliveries(job.dispatch) if row.reply}
    assert told == {"451 4.3.0 disk", "발송 서버가 연결을 닫았습니다"}
    assert {row.reply.text for row in ledger.deliveries(job.dispatch) if row.reply and not row.reply.code} == {
        "the relay closed the connection"
    }
