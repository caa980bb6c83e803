"""A whole run in groups of commands: its promises, its round trips, and what it does when the relay cannot follow."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.catalogue import SILENCE
from newsletter.dispatch.event_loop import loop_factory, run_to_end
from newsletter.dispatch.run_report import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from newsletter.smtp.server import Security, SMTPServer
from tests.support.books import ACCEPTED, tally, workspace_at
from tests.support.smtp_flights import far_away
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, log_of, sending
from tests.support.smtp_script import HANG, authority, scripted

OFFERS = ("PIPELINING", "8BITMIME")


def state_of(folder: Path) -> Callable[[str], State]:
    """What another process would read in the ledger now."""

    def look(address: str) -> State:
        with open_ledger(workspace_at(folder), Purpose.READ) as other:
            return next(row.state for row in other.deliveries(1) if row.address == address)

    return look


def test_each_mark_is_durable_when_its_dot_arrives(ledger: Ledger, tmp_path: Path, each_way: str) -> None:
    look, seen = state_of(tmp_path), []
    with receiving(log_of(tmp_path)) as relay:
        relay.at_dot = lambda address: seen.append(look(address))
        report = sending(ledger, 30, relay.port, connections=3).run()
    assert seen == [State.IN_FLIGHT] * 30
    assert (report.stepwise_because is SILENCE) == (each_way == "pipelined")


@pytest.mark.usefixtures("each_way")
def test_the_relays_own_words_are_kept_for_each_delivery(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        relay.accepted = f"250 {ACCEPTED.enhanced} {ACCEPTED.text}"
        job = sending(ledger, 12, relay.port)
        job.run()
    assert [row.reply for row in ledger.deliveries(job.dispatch)] == [ACCEPTED] * 12


@pytest.mark.parametrize(("pipelining", "most"), [(True, 1.1), (False, 4.2)])
def test_a_message_costs_one_round_trip_or_four(ledger: Ledger, pipelining: bool, most: float) -> None:
    messages = 40
    with far_away() as relay:
        job = sending(ledger, messages, relay.port, connections=1, pipelining=pipelining)
        job.run()
        # Greeting, EHLO and QUIT are not a message's.
        each = (relay.round_trips - 3) / messages
    assert tally(ledger, job.dispatch) == {"sent": messages}
    assert 1.0 <= each <= most
    assert pipelining or each == 4.0


@pytest.mark.parametrize(
    "faults",
    [
        {"mail": ["", "", "503 5.5.1 bad sequence"]},
        {"data": ["", "", "250 2.0.0 ok"]},
        {"rcpt": ["", "", "what?"]},
        {"dot": ["", "250 2.0.0 queued\r\n250 2.0.0 queued"]},
        {"data": ["", "", HANG]},
    ],
)
def test_a_relay_that_falls_out_of_step_gets_plain_commands_and_everybody_is_served(
    ledger: Ledger, faults: dict[str, list[str]]
) -> None:
    with scripted(faults, offers=OFFERS) as script:
        job = sending(ledger, 12, script.port)
        job.policy = replace(job.policy, timeouts=replace(job.policy.timeouts, data=0.3))
        report = job.run()
    assert report.stopped is None
    assert report.out_of_step
    assert tally(ledger, job.dispatch) == {"sent": 12}
    assert len(script.bodies) == 12
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {1}


async def stopped_at(job: Sending, moment: Failpoint) -> None:
    """A run that is told to stop when this moment comes first."""
    stop = asyncio.Event()

    def tell(now: Failpoint) -> None:
        if now is moment:
            stop.set()

    await replace(job, on_failpoint=tell).start(stop)


@pytest.mark.parametrize(
    ("moment", "sent"), [(Failpoint.BEFORE_INTENT, 0), (Failpoint.AFTER_DOT, 1), (Failpoint.AFTER_REPLY, 1)]
)
def test_told_to_stop_it_writes_no_further_dot(
    ledger: Ledger, tmp_path: Path, each_way: str, moment: Failpoint, sent: int
) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        asyncio.run(stopped_at(job, moment))
    received = relay.recipients()
    if each_way == "pipelined" and moment is Failpoint.AFTER_REPLY and len(received) == 2:
        sent = 2  # all its replies had come with that one, and its mark was made: it may go before anybody is heard
    assert received == ["reader0@example.com", "reader1@example.com"][:sent]
    assert ledger.counts(job.dispatch)[State.SENT] == sent
    assert ledger.counts(job.dispatch)[State.PLANNED] == 20 - sent


@pytest.mark.usefixtures("each_way")
def test_told_to_stop_it_does_not_wait_for_what_was_only_begun(ledger: Ledger) -> None:
    with scripted({"mail": ["", HANG]}) as script:
        job = sending(ledger, 20, script.port, connections=1)
        asyncio.run(stopped_at(job, Failpoint.AFTER_REPLY))
    assert tally(ledger, job.dispatch) == {"sent": 1, "planned": 19}


def test_a_run_that_is_dropped_puts_back_what_was_only_begun(ledger: Ledger) -> None:
    async def go(job: Sending) -> None:
        running = asyncio.create_task(job.start())
        await asyncio.to_thread(script.dotted.wait)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with scripted({"dot": [HANG]}, offers=OFFERS) as script:
        job = sending(ledger, 5, script.port, connections=1)
        asyncio.run(go(job))
    assert tally(ledger, job.dispatch) == {"in_doubt": 1, "planned": 4}
    [doubted] = ledger.deliveries(job.dispatch, (State.IN_DOUBT,))
    assert doubted.address == "reader0@example.com"


@pytest.mark.usefixtures("each_way")
def test_dropped_it_waits_for_no_answer_and_says_what_is_in_doubt(ledger: Ledger) -> None:
    async def go(job: Sending) -> RunReport:
        stop, drop = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(job.start(stop, drop=drop))
        await asyncio.to_thread(script.dotted.wait)
        stop.set()
        await asyncio.sleep(0)
        assert not running.done()
        drop.set()
        return await running

    with scripted({"dot": [HANG]}) as script:
        job = sending(ledger, 5, script.port, connections=1)
        report = asyncio.run(go(job))
    assert report.stopped is not None
    assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.ASKED, 75)
    assert "in doubt" in str(report.stopped.reason)
    assert tally(ledger, job.dispatch) == {"in_doubt": 1, "planned": 4}


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_grouping_goes_over_every_kind_of_connection_and_loop(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security, loop: str
) -> None:
    if loop == "asyncio":
        monkeypatch.setitem(sys.modules, "uvloop", None)
    else:
        assert loop_factory() is not None
    ca = authority(tmp_path)
    server = ca.server("localhost")
    tls = server if security is Security.TLS else None
    starttls = server if security is Security.STARTTLS else None
    with scripted(offers=OFFERS, tls=tls, starttls=starttls) as script:
        job = sending(ledger, 30, script.port)
        job.policy = replace(
            job.policy, server=SMTPServer("localhost", script.port, security, ca_file=ca.ca_file), connections=3
        )
        report = run_to_end(job.start())
    assert (report.stopped, report.stepwise_because) == (None, SILENCE)
    assert tally(ledger, job.dispatch) == {"sent": 30}
    assert len(script.bodies) == 30
    assert len({line for line in script.commands if line.startswith("RCPT")}) == 30


@pytest.mark.usefixtures("each_way")
def test_a_connection_is_made_anew_after_so_many_messages(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 10, relay.port, connections=1, messages_per_connection=4)
        job.run()
    verbs = [line.partition(" ")[0] for line in relay.commands]
    assert tally(ledger, job.dispatch) == {"sent": 10}
    assert [verb for verb in verbs if verb in ("EHLO", "QUIT")] == ["EHLO", "QUIT"] * 3
    assert [part.count("DATA") for part in " ".join(verbs).split("QUIT")] == [4, 4, 2, 0]


@pytest.mark.parametrize(("idle", "connections"), [(0.5, 5), (2.0, 1)])
def test_a_connection_that_was_idle_for_too_long_is_made_anew(
    ledger: Ledger, tmp_path: Path, idle: float, connections: int
) -> None:
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 5, relay.port, connections=1, rate=1.0, idle=idle)
        job.run()
    assert tally(ledger, job.dispatch) == {"sent": 5}
    assert sum(line.startswith("EHLO") for line in relay.commands) == connections
