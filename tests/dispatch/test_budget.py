"""A run within windows of hours and days: real connections, a clock that the test plays, and the relay's own count."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.dispatch.budget import WAITED_FOR, block_size
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.run import Progress, RunReport, run_deliveries
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.budgets import free_after
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.schema import leases
from newsletter.settings.rates import Window
from tests.support.books import NOW, planned, tally
from tests.support.smtp_receiver import Receiver, receiving
from tests.support.smtp_runs import Hasty, compose, log_of, policy

pytestmark = pytest.mark.usefixtures("each_way")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = Window(10, HOUR)
MANY = Window(500, HOUR)
ME = "me@relay.example.org"


@dataclass
class Job:
    """A dispatch that several runs share, by a clock on the wall that only goes when somebody waits."""

    ledger: Ledger
    dispatch: int
    policy: Policy
    now: datetime = NOW

    def run(
        self,
        stop: asyncio.Event | None = None,
        hasty: Hasty | None = None,
        progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> RunReport:
        hasty = hasty or Hasty()
        began = self.now
        report = asyncio.run(
            run_deliveries(
                self.ledger,
                self.dispatch,
                compose,
                self.policy,
                clock=lambda: began + timedelta(seconds=hasty.seconds),
                timer=hasty.timer,
                stop=stop,
                progress=progress,
            )
        )
        self.now = began + timedelta(seconds=hasty.seconds)
        return report

    def used(self) -> list[int]:
        return [usage.used for usage in self.ledger.usage(ME, self.policy.windows, self.now)]


def job(ledger: Ledger, readers: int, port: int, *windows: Window, **changes: object) -> Job:
    return Job(ledger, planned(ledger, readers), policy(port, windows=windows, account=ME, **changes))


def mails(relay: Receiver) -> int:
    """MAIL commands that the relay was given."""
    return sum(command.upper().startswith("MAIL FROM") for command in relay.commands)


def test_a_run_ends_where_the_window_does_and_later_ones_go_on(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 25, relay.port, TEN)
        for sent, left in ((10, 15), (20, 5)):
            report = sending.run()
            assert report.stopped is not None
            assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.BUDGET, 75)
            assert "10/h" in str(report.stopped.reason)
            assert report.rests_until is not None
            assert HOUR <= report.rests_until - sending.now <= free_after(TEN)
            assert tally(ledger, sending.dispatch) == {"sent": sent, "planned": left}
            assert mails(relay) == sent
            sending.now = report.rests_until
        assert sending.run().stopped is None
    assert len(set(relay.recipients())) == len(relay.recipients()) == 25
    assert {row.attempts for row in ledger.deliveries(sending.dispatch)} == {1}


def test_where_nothing_may_go_the_relay_is_not_called(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 25, relay.port, TEN)
        sending.run()
        relay.commands.clear()
        report = sending.run()
        assert relay.commands == []
    assert report.stopped is not None
    assert (report.stopped.kind, report.attempted) == (StopKind.BUDGET, 0)
    assert tally(ledger, sending.dispatch) == {"sent": 10, "planned": 15}


def test_what_is_free_again_soon_is_waited_for(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 12, relay.port, TEN)
        ledger.take(ME, [TEN], 10, NOW + WAITED_FOR - free_after(TEN))
        hasty = Hasty()
        report = sending.run(hasty=hasty)
        # Ten could go after a wait, and the next ten not before another hour.
        assert (report.attempted, mails(relay)) == (10, 10)
    assert WAITED_FOR.total_seconds() in hasty.waits
    assert report.stopped is not None
    # What the limit cost is kept: this wait, and that the run ended for it.
    with ledger._database.read() as connection:
        its = sa.select(leases.c.ended_by, leases.c.rested).where(leases.c.dispatch_id == sending.dispatch)
        assert connection.execute(its).all() == [("budget", 60_000_000)]


def test_whoever_asks_to_stop_does_not_wait_for_a_window(ledger: Ledger, tmp_path: Path) -> None:
    class Asked(Hasty):
        async def _sleep(self, _seconds: float) -> None:
            stop.set()
            await asyncio.Event().wait()

    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 12, relay.port, TEN)
        ledger.take(ME, [TEN], 10, NOW + WAITED_FOR - free_after(TEN))
        stop = asyncio.Event()
        report = sending.run(stop, Asked())
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.ASKED
    assert tally(ledger, sending.dispatch) == {"planned": 12}


@pytest.mark.parametrize("reply", ["550 5.1.1 who?", "451 4.7.1 greylisted", "452 4.2.2 full"])
def test_each_mail_command_counts_whatever_becomes_of_it(ledger: Ledger, tmp_path: Path, reply: str) -> None:
    with receiving(log_of(tmp_path), replies={"reader3@example.com": reply}) as relay:
        sending = job(ledger, 8, relay.port, MANY, Window(600, DAY))
        sending.run()
    assert sending.used() == [mails(relay), mails(relay)]
    assert mails(relay) == 8


def test_what_is_not_used_of_a_block_goes_back_at_the_end(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 3, relay.port, MANY)
        assert block_size(MANY.most) == 10
        sending.run()
    assert sending.used() == [3]


def test_a_block_that_has_got_old_is_taken_anew(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 12, relay.port, MANY, rate=1 / 60)
        sending.run()
    # A message a minute: each is counted in the minute in which it went.
    [usage] = ledger.usage(ME, [MANY], sending.now)
    assert (usage.used, len(usage.returning)) == (12, 12)


def test_a_block_that_was_taken_before_the_machine_slept_is_taken_anew(ledger: Ledger, tmp_path: Path) -> None:
    """A sleeping machine stops the monotonic clock, and the hours go on."""
    slept = [timedelta()]

    def sleep(progress: Progress) -> None:
        if progress.settled == 3:
            slept[0] = 8 * HOUR

    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 10, relay.port, MANY, connections=1)
        asyncio.run(
            run_deliveries(
                ledger,
                sending.dispatch,
                compose,
                sending.policy,
                clock=lambda: NOW + slept[0],
                timer=Hasty().timer,
                progress=sleep,
            )
        )
    [usage] = ledger.usage(ME, [MANY], NOW + slept[0])
    assert 10 - 3 - 1 <= usage.used <= 10 - 3


def test_a_run_that_dies_loses_its_block_and_no_more(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(_progress: object) -> None:
        raise Died

    monkeypatch.setattr(ledger, "give_back", lambda *_: None)
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 30, relay.port, MANY)
        with pytest.raises(Died):
            asyncio.run(
                run_deliveries(
                    ledger,
                    sending.dispatch,
                    compose,
                    sending.policy,
                    clock=lambda: NOW,
                    timer=Hasty().timer,
                    progress=die,
                )
            )
        monkeypatch.undo()
        assert sending.used() == [10]
        sending.run()
    assert sending.used()[0] <= 10 + 30


def test_two_runs_at_once_share_the_window(ledger: Ledger, tmp_path: Path) -> None:
    async def both(jobs: Sequence[Job]) -> list[RunReport]:
        return await asyncio.gather(
            *(
                run_deliveries(ledger, one.dispatch, compose, one.policy, clock=lambda: NOW, timer=Hasty().timer)
                for one in jobs
            )
        )

    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 100, relay.port, Window(60, HOUR))
        reports = asyncio.run(both([sending, replace(sending)]))
        assert mails(relay) == 60
    assert sum(report.attempted for report in reports) == 60
    assert tally(ledger, sending.dispatch) == {"sent": 60, "planned": 40}


def test_the_last_of_a_window_are_spared_for_the_operator(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 60, relay.port, Window(50, HOUR), spare=2)
        sending.run()
        assert mails(relay) == 48
    assert ledger.take(ME, sending.policy.windows, 5, NOW).count == 2


def test_starts_are_spaced_as_without_windows(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        sending = job(ledger, 25, relay.port, MANY, rate=2)
        sending.run()
    assert 12 <= (sending.now - NOW).total_seconds() <= 16


@pytest.mark.parametrize(("smallest", "size"), [(1, 1), (99, 1), (100, 2), (500, 10), (5000, 100), (10**9, 100)])
def test_a_block_is_a_fiftieth_of_the_smallest_window(smallest: int, size: int) -> None:
    assert block_size(smallest) == size
