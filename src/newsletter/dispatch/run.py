"""Send what is due of one dispatch, until nothing is. Touches: network, the ledger.

    claims ─▶ Supply ─▶ Worker (one a connection) ─▶ Book ─▶ ledger, one commit for all
                           └─▶ decide ─▶ Pacer, Brakes, Reach ─▶ go on, slower, or Stop

Every delivery claimed here leaves with exactly one outcome, or goes back untouched with the lease.
Limits: one event loop and one thread for the ledger; several processes share a dispatch through their leases.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from newsletter.errors import CannotWriteError, NewsletterError
from newsletter.ledger.leases import HEARTBEAT_EVERY, Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LeaseLostError
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import OnFailpoint, no_failpoint

from .clock import REAL_TIME, Clock, Timer, utc_now
from .connection import Compose
from .coordinator import Coordinator
from .crew import Crew
from .group_commit import GroupCommit
from .policy import Policy
from .run_report import Progress, RunCounts, RunReport
from .stop import Stop, StopKind

__all__ = ["Progress", "RunReport", "run"]


def _unwatched(_progress: Progress) -> None:
    """Nobody wants to know how far it is."""


async def run(
    ledger: Ledger,
    dispatch: int,
    compose: Compose,
    policy: Policy,
    *,
    clock: Clock = utc_now,
    timer: Timer = REAL_TIME,
    progress: Callable[[Progress], None] = _unwatched,
    stop: asyncio.Event | None = None,
    drop: asyncio.Event | None = None,
    moments: OnFailpoint = no_failpoint,
) -> RunReport:
    """Run one dispatch in this process.

    `compose` makes the message of a claim and is pure; what it raises ends the run after what is in flight. `stop` ends
    it in the same way; `drop` does not wait for the relay's answers, so what had its dot written is in doubt, as it is
    when the task is cancelled.
    The relay, the ledger and the brakes do not raise: they are `RunReport.stopped`. RefusedError for a canary
    (`policy.first`) of what another process is sending already; once begun, it leaves the dispatch paused.
    """
    lease = ledger.lease(clock())
    book = GroupCommit(ledger, clock, moments)
    try:
        if policy.first is not None:
            await book.ask(partial(ledger.begin_canary, dispatch, lease, policy.first, clock()))
        tally = RunCounts(await book.ask(lambda: ledger.counts(dispatch)))
        shift = Coordinator(
            ledger, dispatch, policy,
            clock=clock, timer=timer, lease=lease, book=book, tally=tally, progress=progress,
        )  # fmt: skip
        signals = stop or asyncio.Event(), drop or asyncio.Event()
        await _work(shift, Crew(shift, compose, moments), lease, *signals)
        return await _report(ledger, dispatch, lease, shift)
    finally:
        await book.close()
        with suppress(CannotWriteError):
            # If the ledger is gone, its lock file is what tells the next process that this one is.
            lease.close(clock())


async def _work(shift: Coordinator, crew: Crew, lease: Lease, stop: asyncio.Event, drop: asyncio.Event) -> None:
    """Run the workers and their helpers until all is done; what went wrong with the ledger becomes the reason."""
    helpers = [asyncio.create_task(_beat(shift, lease)), asyncio.create_task(_obey(shift, crew, stop, drop))]
    try:
        await shift.begin()
        await crew.work()
        await shift.book.flush()
        await shift.end()
    except NewsletterError as error:
        await _explain(shift, error)
    finally:
        await shift.supply.close()
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)


async def _explain(shift: Coordinator, error: NewsletterError) -> None:
    if isinstance(error, LeaseLostError):
        await shift.halt(Stop(StopKind.LEASE, str(error.message)))
    elif isinstance(error, CannotWriteError):
        await shift.halt(Stop(StopKind.LEDGER, str(error)))
    else:
        raise error


async def _beat(shift: Coordinator, lease: Lease) -> None:
    """Say that this process lives; when it came too late, nothing of what it holds may be sent."""
    while True:
        await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())
        try:
            await shift.book.ask(lease.heartbeat)
        except NewsletterError as error:
            await _explain(shift, error)
            return


async def _obey(shift: Coordinator, crew: Crew, stop: asyncio.Event, drop: asyncio.Event) -> None:
    await stop.wait()
    asked = Stop(StopKind.ASKED, "stopped as asked; what was in flight is finished, the rest is put back")
    await shift.halt(asked)
    await drop.wait()
    if shift.stopped is asked:
        shift.stopped = Stop(StopKind.ASKED, "dropped as asked; what was in flight is in doubt, the rest is put back")
    crew.drop()


async def _report(ledger: Ledger, dispatch: int, lease: Lease, shift: Coordinator) -> RunReport:
    deferred, others, next_due = 0, 0, None
    with suppress(CannotWriteError):
        # A ledger that is gone has been said already; the run still tells what it did.
        deferred = (await shift.book.ask(lambda: ledger.counts(dispatch)))[State.DEFERRED]
        others = await shift.book.ask(lambda: ledger.held_by_others(dispatch, lease))
        next_due = await shift.book.ask(lambda: ledger.next_due(dispatch))
    return RunReport(
        outcomes=dict(shift.tally.outcomes),
        attempted=shift.brakes.attempted,
        suppressed=shift.brakes.suppressed,
        stopped=shift.stopped,
        deferred_left=deferred,
        held_by_others=others,
        next_due=next_due,
        resting=shift.pace.resting(shift.clock(), shift.timer.monotonic()),
        unrecorded=await shift.book.last_try(),
        taken_away=shift.book.taken_away,
        plain_because=shift.grouping.plain_because,
        out_of_step=shift.grouping.out_of_step,
    )
