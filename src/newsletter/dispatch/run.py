"""Send what is due of one dispatch, until nothing is. Touches: network, the ledger.

Every delivery claimed here leaves with exactly one outcome, or goes back untouched with the lease. What a run is made
of, and how it hangs together, is in run_context.py.
Limits: one event loop, and one thread for what has to be waited for of the ledger; several processes share a dispatch
through their leases.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, NewsletterError
from newsletter.ledger.at_work import ENDED_DONE
from newsletter.ledger.database_errors import UnreachableError
from newsletter.ledger.lease_watch import HEARTBEAT_EVERY
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import OnFailpoint, no_failpoint

from .answers import Answers
from .circuit_breaker import Suppressible
from .clock import REAL_TIME, Clock, Timer
from .connection import Connection
from .coordinator import Coordinator
from .hearing import hear_siblings
from .letters import Compose
from .membership import Membership
from .policy import Policy
from .run_context import RunContext
from .run_report import Progress, RunReport
from .siblings import Siblings

_AT_LEAST = 10.0
"""Seconds that a heartbeat may take, also where the machine slept and its lease is nearly over."""
_AFTER_STANDING_STILL = 2.0
"""Seconds more: if it was this process that was stopped, its patience is over at once and nobody has been asked."""

__all__ = ["Progress", "RunReport", "run_deliveries"]


_LOOK_AGAIN = 2.0
"""Seconds, while only another machine holds something: a question of some milliseconds each."""


def _unwatched(_progress: Progress) -> None:
    """Nobody wants to know how far it is."""


async def run_deliveries(
    ledger: Ledger,
    dispatch: int,
    compose: Compose,
    policy: Policy,
    *,
    clock: Clock | None = None,
    timer: Timer = REAL_TIME,
    progress: Callable[[Progress], None] = _unwatched,
    stop: asyncio.Event | None = None,
    drop: asyncio.Event | None = None,
    on_failpoint: OnFailpoint = no_failpoint,
    siblings: Siblings | None = None,
) -> RunReport:
    """Run one dispatch in this process, which shares with all that send as the same account what the relay takes.

    `clock` is the ledger's, unless somebody plays time.

    `compose` makes the message of a claim, some time before its turn, and is pure; what it raises ends the run after
    what is in flight. `stop` ends it in the same way; `drop` does not wait for the relay's answers, so what had its dot
    written is in doubt, as it is when the task is cancelled.
    The relay, the ledger and the circuit breaker do not raise: they are `RunReport.stopped`. RefusedError for a canary
    (`policy.first`) of what another process is sending already; once begun, it leaves the dispatch paused.
    """
    clock = clock or ledger.now_as_known
    run = RunContext.of(
        ledger,
        dispatch,
        policy,
        compose,
        clock=clock,
        timer=timer,
        on_failpoint=on_failpoint,
        on_progress=progress,
        siblings=siblings or Siblings(),
    )
    coordinator = Coordinator(run)
    keeping = asyncio.create_task(_keep_lease(run, coordinator))
    try:
        if policy.first is not None:
            await run.commits.ask(partial(ledger.begin_canary, dispatch, run.lease, policy.first, clock()))
        run.counts.begin(await run.commits.ask(lambda: ledger.begin_work(dispatch, run.lease, policy.terms)))
        await _work(run, coordinator, stop or asyncio.Event(), drop or asyncio.Event())
        return await _report(run, coordinator)
    finally:
        await _end(run, keeping)


async def _end(run: RunContext, keeping: asyncio.Task[None]) -> None:
    """Give back what is still held, and let nothing of the run go on."""
    try:
        await run.commits.flush()
        await run.commits.ask(partial(run.lease.close, run.clock()))
    except CannotWriteError:
        # If the ledger is gone, its lock file is what tells the next process that this one is.
        run.lease.leave()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await run.commits.close()


async def _work(run: RunContext, coordinator: Coordinator, stop: asyncio.Event, drop: asyncio.Event) -> None:
    """Until all is done or the run ends; what went wrong with the ledger becomes the reason."""
    answers, membership = Answers(run, coordinator), Membership(run, coordinator)
    background = [
        asyncio.create_task(_stop_when_asked(coordinator, stop, drop)),
        asyncio.create_task(hear_siblings(run, coordinator, answers, stop, drop)),
    ]
    try:
        await coordinator.begin()
        await membership.begin()
        background.append(asyncio.create_task(membership.keep()))
        if await run.budget.fill():
            await run.pool.work(lambda: Connection(run, coordinator, answers))
            while await _may_find_more(run):
                await run.pool.work(lambda: Connection(run, coordinator, answers))
        await run.commits.flush()
        await run.exchange.exchange()
        await run.siblings.heard.join()
        await answers.end()
        await coordinator.end()
    except NewsletterError as error:
        await coordinator.failed(error)
    finally:
        await run.queue.close()
        with suppress(NewsletterError):
            await run.budget.close()
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)


async def _may_find_more(run: RunContext) -> bool:
    """After a while: whether there may be something to do again.

    What a process of another machine holds is free if that machine is gone, and nobody but this one may be there to go
    on with it. What nobody holds is in a domain that is another process's: this one has put it back, perhaps when that
    one had looked for the last time.
    """
    if run.ending.is_set() or run.policy.first is not None or run.budget.used_up is not None:
        return False
    await run.commits.flush()
    elsewhere = await run.commits.ask(lambda: run.ledger.held_elsewhere(run.dispatch, run.lease))
    if not elsewhere and not await _has_free(run):
        return False
    return not await run.timer.wait_unless(run.ending, _LOOK_AGAIN)


async def _has_free(run: RunContext) -> bool:
    resting = sorted(domain.name for domain in run.limits.resting(run.timer.monotonic()))
    find = partial(run.ledger.has_free, retry_now=run.policy.retry_now, without=resting)
    return await run.commits.ask(lambda: find(run.dispatch, run.lease, run.clock()))


async def _keep_lease(run: RunContext, coordinator: Coordinator) -> None:
    """Say that this process lives, and look whether others do; when it came too late, nothing that it holds is sent.

    A server that stands still keeps its links: nobody hears anything, and this is who loses patience.
    """
    while True:
        await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())
        beating = asyncio.ensure_future(run.commits.ask(run.lease.heartbeat))
        try:
            for patience in (max(run.lease.seconds_left, _AT_LEAST), _AFTER_STANDING_STILL):
                if (await asyncio.wait({beating}, timeout=patience))[0]:
                    break
            else:
                run.commits.leave(UnreachableError(phrase("dispatch.stop.ledger_hangs")))
            await beating
            await run.commits.ask(lambda: run.ledger.take_back(run.clock(), run.lease))
            await run.commits.ask(run.ledger.now)  # for `run.clock`, which waits for nobody
        except NewsletterError as error:
            await coordinator.failed(error)
            return


async def _stop_when_asked(coordinator: Coordinator, stop: asyncio.Event, drop: asyncio.Event) -> None:
    await stop.wait()
    await coordinator.halt_as_asked()
    await drop.wait()
    coordinator.drop_as_asked()


async def _report(run: RunContext, coordinator: Coordinator) -> RunReport:
    ledger, commits = run.ledger, run.commits
    deferred, others, next_due = 0, 0, None
    with suppress(CannotWriteError):
        # A ledger that is gone has been said already; the run still tells what it did.
        deferred = (await commits.ask(lambda: ledger.counts(run.dispatch)))[State.DEFERRED]
        others = await commits.ask(lambda: ledger.held_by_others(run.dispatch, run.lease))
        next_due = await commits.ask(lambda: ledger.next_due(run.dispatch))
        because = coordinator.stopped.kind.name.lower() if coordinator.stopped else ENDED_DONE
        await commits.ask(lambda: ledger.end_work(run.lease, because, run.budget.rested))
    return RunReport(
        outcomes=dict(run.counts.outcomes),
        attempted=run.breaker.attempted - run.breaker.attempted_elsewhere,
        suppressed=run.counts.suppressed,
        stopped=coordinator.stopped,
        deferred_left=deferred,
        held_by_others=others,
        next_due=next_due,
        resting=run.pace.resting(run.clock(), run.timer.monotonic()),
        rests_until=run.budget.free_at(run.clock()) or run.pace.rests_until,
        unrecorded=await commits.last_try(),
        taken_away=commits.taken_away,
        session_limit=run.refusals.session_limit if run.refusals.learned_now else None,
        stepwise_because=run.pipelining.stepwise_because,
        out_of_step=run.pipelining.out_of_step,
        withheld=Suppressible() if run.siblings.alone else run.breaker.release(at_end=True),
    )
