"""When a run begins and why it is over: the one place that ends it. Touches: the ledger."""

import os
import socket
from contextlib import suppress

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError
from newsletter.ledger.lease_end import by_run
from newsletter.ledger.records import LeaseLostError
from newsletter.ledger.states import DispatchStatus
from newsletter.smtp.reply import Reply

from .reply_class import ReplyClass
from .run_context import RunContext
from .siblings import Halted, NotConnected
from .stop import Stop, StopKind

_ASKED = Stop(StopKind.ASKED, phrase("dispatch.stop.asked"))
_USED_UP = Stop(StopKind.QUOTA, phrase("dispatch.stop.quota_of_before"))
_DROPPED = Stop(StopKind.ASKED, phrase("dispatch.stop.dropped"))


def _paused(reason: Said | None) -> Stop:
    because = phrase("dispatch.stop.paused_because", reason=reason) if reason else None
    return Stop(StopKind.PAUSED, because or phrase("dispatch.stop.paused"))


class Coordinator:
    """Owner of the end of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._stopped: Stop | None = None
        self._digest = ""
        """Of the editions that are sent."""

    @property
    def stopped(self) -> Stop | None:
        """Why the run ends before everything is done."""
        return self._stopped

    async def begin(self) -> None:
        """Begin at the pace that was learned last."""
        run, now = self._run, self._run.clock()
        self._digest = (await run.commits.ask(lambda: run.ledger.record(run.dispatch))).digest
        lessons = await run.commits.ask(lambda: run.ledger.learned(run.pace.relay, now))
        run.pace.recall(lessons, now, run.timer.monotonic())
        if run.pace.rests_until is not None:
            await self.halt(_USED_UP)

    async def end(self) -> None:
        """After the last message, and what followed from it (`Answers.end`)."""
        run = self._run
        await self.keep_pace()
        if self._stopped is None:
            await self.check_status()
        if self._stopped is None and (block := run.budget.used_up) is not None:
            await self.halt(Stop.used_up(block))

    async def halt(self, stop: Stop, reply_class: ReplyClass | None = None) -> None:
        """End the run; the first reason is kept. Where it pauses, it does at once, for other processes, too.

        `reply_class` is that of the refusal which tripped the circuit breaker.
        """
        run, first = self._run, self._stopped is None
        if first:
            self._stopped = stop
        run.ending.set()
        if first and stop.kind is not StopKind.LEASE:
            run.siblings.tell(Halted(stop, reply_class))
        if first and stop.rest:
            run.pace.rests_until = run.clock() + stop.rest
            await self.keep_pace()
        if first and stop.kind.pauses:
            await run.exchange.tell()  # who sees the pause can know why
            with suppress(RefusedError):
                # Cancelled meanwhile, which is more than paused.
                by = by_run(os.getpid(), socket.gethostname(), due=run.policy.due)
                await run.commits.ask(lambda: run.ledger.pause(run.dispatch, stop.reason, run.clock(), by=by))

    def halted_elsewhere(self, stop: Stop) -> None:
        """Another process of this run has ended it, and paused the dispatch where that is to be."""
        self._stopped = self._stopped or stop
        self._run.ending.set()

    async def halt_as_asked(self) -> None:
        await self.halt(_ASKED)

    def drop_as_asked(self) -> None:
        """Who asked to stop does not want to wait for it any longer."""
        if self._stopped == _ASKED:  # as told by another process, too
            self._stopped = _DROPPED
        self._run.commits.hurry()
        self._run.pool.drop()

    async def failed(self, error: NewsletterError) -> None:
        """End the run for what the ledger raised; anything else is raised again."""
        if isinstance(error, LeaseLostError):
            await self._lease_lost()
        elif isinstance(error, CannotWriteError):
            await self.halt(Stop(StopKind.LEDGER, phrase("dispatch.stop.ledger", error=error)))
        else:
            raise error

    async def _lease_lost(self) -> None:
        """Somebody took it; where the dispatch is paused, since another server has taken over, that tells more."""
        with suppress(NewsletterError):
            record = await self._run.commits.ask(lambda: self._run.ledger.record(self._run.dispatch))
            if record.status is DispatchStatus.PAUSED:
                await self.halt(_paused(record.reason))
        await self.halt(Stop(StopKind.LEASE, phrase("dispatch.stop.lease_lost")))

    async def connected(self, refused: Reply | None) -> None:
        """A connection was tried: None, or why it could not be made."""
        run = self._run
        if refused is None:
            run.breaker.connected()
            return
        run.siblings.tell(NotConnected(refused))
        run.throttle.slower(run.timer.monotonic())
        if (stop := run.breaker.not_connected(refused)) is not None:
            await self.halt(stop)

    async def check_status(self) -> None:
        """End the run if the dispatch was paused or cancelled, is another's canary, or the lease is lost."""
        run = self._run
        record = await run.commits.ask(lambda: run.ledger.record(run.dispatch))
        if record.status is DispatchStatus.PAUSED:
            await self.halt(_paused(record.reason))
        elif record.status is DispatchStatus.CANCELLED:
            await self.halt(Stop(StopKind.CANCELLED, phrase("dispatch.stop.cancelled")))
        elif record.canary_lease not in (None, run.lease.id):
            first = record.canary_of or 0
            await self.halt(Stop(StopKind.CANARY, phrase("dispatch.stop.canary_of_another", first=first)))
        else:
            await run.commits.ask(run.lease.heartbeat)
            if record.digest != self._digest:
                # Revised: what waits here has the old words, and each would cost a connection when its mark is refused.
                self._digest = record.digest
                run.queue.put_back(run.limits.release())

    async def keep_pace(self) -> None:
        """Keep the pace for the next run; at once, since this one may be killed."""
        run, now = self._run, self._run.clock()
        if (news := run.pace.news(now, run.timer.monotonic())) is not None:
            await run.commits.ask(lambda: run.ledger.learn(run.pace.relay, news, now))
