"""A database out of reach: it is waited for as long as the lease allows, and nothing is done twice by asking again."""

import asyncio
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.dispatch.reconnecting import Reconnecting
from newsletter.dispatch.stop import StopKind
from newsletter.errors import CannotWriteError
from newsletter.ledger import leases
from newsletter.ledger.book_time import boot_seconds
from newsletter.ledger.database_errors import BusyError, UnreachableError
from newsletter.ledger.lease_watch import LEASE_LASTS
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, Purpose
from newsletter.ledger.states import State
from newsletter.settings.rates import Window
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import NOW, planned, tally, workspace_at
from tests.support.cut_link import cut_link
from tests.support.postgres import cluster
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, log_of, policy
from tests.support.smtp_script import WarpedLoop

AWAY = UnreachableError(Verbatim("gone"))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.dispatch.reconnecting._FIRST", 0.001)


class Asked:
    """A question that fails in these ways first."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "answered"


def holding(ledger: Ledger, lease: Lease) -> Reconnecting:
    reconnecting = Reconnecting(ledger)
    reconnecting.hold_to(lease)
    return reconnecting


def test_what_is_out_of_reach_is_asked_until_it_answers(ledger: Ledger) -> None:
    with ledger.lease(NOW) as lease:
        asked = Asked(AWAY, AWAY, BusyError(Verbatim("a turn of before")))
        assert holding(ledger, lease).answer(asked) == "answered"


@pytest.mark.parametrize(
    "error", [CannotWriteError(Verbatim("full")), BusyError(Verbatim("")), LeaseLostError(Verbatim(""))]
)
def test_nothing_else_is_waited_for(ledger: Ledger, error: Exception) -> None:
    with ledger.lease(NOW) as lease, pytest.raises(type(error)):
        holding(ledger, lease).answer(Asked(error))


def test_without_a_lease_nobody_waits(ledger: Ledger) -> None:
    with pytest.raises(UnreachableError):
        Reconnecting(ledger).answer(Asked(AWAY))


def test_it_is_over_fifteen_seconds_before_the_lease(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    now = boot_seconds()
    with ledger.lease(NOW) as lease:
        lease.beaten(now)
        until = LEASE_LASTS.total_seconds() - 15
        monkeypatch.setattr(leases, "boot_seconds", lambda: now + until - 1)
        assert lease.seconds_left == 1
        assert holding(ledger, lease).answer(Asked(AWAY)) == "answered"
        monkeypatch.setattr(leases, "boot_seconds", lambda: now + until)
        with pytest.raises(UnreachableError):
            holding(ledger, lease).answer(Asked(AWAY))


def test_who_cannot_wait_hears_the_error(ledger: Ledger) -> None:
    with ledger.lease(NOW) as lease:
        reconnecting = holding(ledger, lease)
        reconnecting.hurry()
        with pytest.raises(UnreachableError):
            reconnecting.answer(Asked(AWAY))
        assert reconnecting.answer(Asked()) == "answered"


def test_commits_without_an_answer_lose_nobody_and_double_nobody(tmp_path: Path) -> None:
    """Every eighth one, be it of a turn, a claim, a heartbeat or a question; the server has it or not, by turns."""
    with cluster() as server, cut_link(server.sockets) as link, receiving(log_of(tmp_path)) as relay:

        def cut_from_now_on(_moment: Failpoint) -> None:
            link.every = 8

        with open_ledger(workspace_at(tmp_path, server.schema(link.port)), Purpose.SENDING) as ledger:
            limit = (Window(1000, timedelta(hours=1)),)
            job = Sending(ledger, planned(ledger, 90, lot=20), policy(relay.port, connections=3, windows=limit))
            report = replace(job, on_failpoint=cut_from_now_on).run()
            link.every = 0
            assert report.stopped is None
            assert (report.unrecorded, report.taken_away, report.outcomes) == (0, 0, {State.SENT: 90})
            assert tally(ledger, job.dispatch) == {"sent": 90}
        assert set(Counter(relay.recipients()).values()) == {1}
        assert len(relay.recipients()) == 90
        assert {True, False} == set(link.cut)


def test_a_server_that_stands_still_is_left_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its links stay, and whoever asked it would wait for ever: with them the whole run."""
    monkeypatch.setattr("newsletter.dispatch.run.HEARTBEAT_EVERY", timedelta(seconds=0.1))
    monkeypatch.setattr("newsletter.dispatch.run._AT_LEAST", 0.1)
    with cluster() as server, receiving(log_of(tmp_path)) as relay, ExitStack() as still:
        monkeypatch.setattr(Lease, "seconds_left", property(lambda _lease: 0.2 if server.is_still else 40.0))

        def stand_still(_moment: Failpoint) -> None:
            if len(relay.recipients()) >= 10 and not server.is_still:
                still.enter_context(server.standing_still())

        with open_ledger(workspace_at(tmp_path, server.schema()), Purpose.SENDING) as ledger:
            job = Sending(ledger, planned(ledger, 100), policy(relay.port))
            report = replace(job, on_failpoint=stand_still).run()
        assert report.stopped is not None
        assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.LEDGER, 73)
        assert server.is_still
        assert len(relay.recipients()) <= 10 + 2 * 2


def test_a_process_that_stood_still_itself_does_not_take_the_ledger_to_hang(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its patience passes while a heartbeat is on its way, as after SIGSTOP and SIGCONT."""
    monkeypatch.setattr("newsletter.dispatch.run.HEARTBEAT_EVERY", timedelta(0))
    stopped: list[float] = []
    heartbeat = Lease.heartbeat
    with asyncio.Runner(loop_factory=WarpedLoop) as runner, receiving(log_of(tmp_path)) as relay:
        loop = runner.get_loop()
        assert isinstance(loop, WarpedLoop)

        def stand_still(lease: Lease) -> None:
            if not stopped:
                stopped.append(LEASE_LASTS.total_seconds() * 2)
                loop.skip(stopped[0])
                loop.has_read().result()
            heartbeat(lease)

        monkeypatch.setattr(Lease, "heartbeat", stand_still)
        job = Sending(ledger, planned(ledger, 10), policy(relay.port))
        report = runner.run(job.start())
        assert stopped
        assert report.stopped is None
        assert sorted(relay.recipients()) == sorted(set(relay.recipients()))
        assert len(relay.recipients()) == 10
