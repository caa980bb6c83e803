"""What is decided in a run: the outcome of each answer, its consequences, and why the run is over. Touches: the ledger.

The connections bring answers; the pure parts (decide, CircuitBreaker, Throttle, DomainLimits) say what they mean.
"""

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError
from newsletter.ledger.lease_end import by_run
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LeaseLostError
from newsletter.ledger.states import EVERYWHERE, Claim, DispatchStatus, Outcome, State, SuppressionReason
from newsletter.smtp.client import TransactionResult
from newsletter.smtp.reply import Reply

from .about import About, Conclusion
from .adjust_pace import adjust_pace
from .circuit_breaker import Suppressible
from .decide import Decision, decide
from .refusals import SessionRefusals
from .reply_class import ReplyClass
from .run_context import RunContext
from .siblings import Halted, NotConnected, Refused, SessionLimit
from .stop import Stop, StopKind, reply_at_stage

_ASKED = Stop(StopKind.ASKED, phrase("dispatch.stop.asked"))
_USED_UP = Stop(StopKind.QUOTA, phrase("dispatch.stop.quota_of_before"))
_DROPPED = Stop(StopKind.ASKED, phrase("dispatch.stop.dropped"))


class Coordinator:
    """Owner of the decisions of one run."""

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
        """After the last message: suppress whom the circuit breaker still withholds, unless others may yet trip it."""
        run = self._run
        await self._untry(run.refusals.cost_of_limits())
        if self._stopped is None:
            await self._amend(run.refusals.at_end(), State.DEFERRED, State.FAILED)
        if run.siblings.alone:
            await self._suppress_released(at_end=True)
        await self._keep_pace()
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
            await self._keep_pace()
        if first and stop.kind.pauses:
            with suppress(RefusedError):
                # Cancelled meanwhile, which is more than paused.
                by = by_run(os.getpid(), socket.gethostname(), due=run.policy.due)
                await run.commits.ask(lambda: run.ledger.pause(run.dispatch, stop.reason, run.clock(), by=by))

    async def halted_elsewhere(self, halted: Halted) -> None:
        """Another process of this run has ended it, and paused the dispatch where that is to be."""
        run, kind = self._run, halted.stop.kind
        self._stopped = self._stopped or halted.stop
        run.ending.set()
        if kind in {StopKind.REFUSALS, StopKind.BAD_ADDRESSES}:
            run.breaker.trip()
        if kind is StopKind.REFUSALS and halted.reply_class is not None:
            await self._amend(run.refusals.doubted(halted.reply_class), State.FAILED, State.DEFERRED)

    async def halt_as_asked(self) -> None:
        await self.halt(_ASKED)

    def drop_as_asked(self) -> None:
        """Who asked to stop does not want to wait for it any longer."""
        if self._stopped is _ASKED:
            self._stopped = _DROPPED
        self._run.pool.drop()

    async def failed(self, error: NewsletterError) -> None:
        """End the run for what the ledger raised; anything else is raised again."""
        if isinstance(error, LeaseLostError):
            await self.halt(Stop(StopKind.LEASE, phrase("dispatch.stop.lease_lost")))
        elif isinstance(error, CannotWriteError):
            await self.halt(Stop(StopKind.LEDGER, phrase("dispatch.stop.ledger", error=error)))
        else:
            raise error

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

    async def decided(self, answer: TransactionResult, claim: Claim, session: SessionRefusals) -> bool:
        """An answer came: write its outcome down, and draw the consequences for the run.

        False where it is to be asked for once more on a fresh connection: the claim is still this process's.
        """
        run = self._run
        any_accepted = run.counts.any_accepted
        decision = decide(answer, claim, run.clock(), run.policy, any_accepted=any_accepted)
        conclusion = session.see(decision, any_accepted=any_accepted)
        if conclusion.about is About.UNKNOWN:
            run.commits.record(Outcome(claim, State.CLAIMED, attempted=False))
            await run.commits.flush()  # its next intent must not meet this in one commit
            return False
        self.settle(decision.outcome)
        if conclusion.about is About.DOMAIN:
            conclusion = await self._ask_elsewhere(decision, session)
        is_open = conclusion.about is About.DOMAIN
        self._tell(decision, conclusion, is_open=is_open)
        trouble = adjust_pace(run, decision)
        await self._untry((*conclusion.untried, *run.refusals.cost_of_limits()))
        await self._amend(conclusion.believed, State.DEFERRED, State.FAILED)
        braked = None if is_open else run.breaker.see(decision)
        stop = decision.stop or _refuses_all(conclusion, decision) or braked or trouble
        if stop is not None:
            await self.halt(stop, decision.reply_class)
        if stop is not None and stop.kind is StopKind.REFUSALS:
            await self._amend(run.refusals.doubted(decision.reply_class), State.FAILED, State.DEFERRED)
        await self._suppress_released(at_end=False)
        if decision.slow_down or decision.holds_domain or conclusion.about is About.SESSION:
            await self._keep_pace()
        run.on_progress(run.counts.progress(run.pool.size(), slowed=run.throttle.throttled))
        return True

    def settle(self, outcome: Outcome) -> None:
        """Write one outcome down."""
        run = self._run
        run.commits.record(outcome)
        run.counts.count(outcome)
        if outcome.state is State.PLANNED:
            run.queue.untried()
        run.queue.end(outcome.claim)

    async def withheld(self, claim: Claim) -> None:
        """The ledger did not let a message through: find out whether that ends the run."""
        self._run.queue.untried()
        self._run.queue.end(claim)
        await self.check_status()

    async def check_status(self) -> None:
        """End the run if the dispatch was paused or cancelled, is another's canary, or the lease is lost."""
        run = self._run
        record = await run.commits.ask(lambda: run.ledger.record(run.dispatch))
        if record.status is DispatchStatus.PAUSED:
            because = phrase("dispatch.stop.paused_because", reason=record.reason) if record.reason else None
            await self.halt(Stop(StopKind.PAUSED, because or phrase("dispatch.stop.paused")))
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

    def _tell(self, decision: Decision, conclusion: Conclusion, *, is_open: bool) -> None:
        """The other processes of this run."""
        run = self._run
        if decision.outcome.state is State.SENT:
            run.siblings.accepted(decision.outcome.claim)
        else:
            run.siblings.tell(Refused(decision, is_open))
        if conclusion.about is About.SESSION and run.refusals.session_limit is not None:
            run.siblings.tell(SessionLimit(run.refusals.session_limit))

    async def _ask_elsewhere(self, decision: Decision, session: SessionRefusals) -> Conclusion:
        """Leave this domain alone until others were asked; where nobody else waits, there is nothing more to find out.

        It is let go as soon as anybody is accepted.
        """
        run, claim, domains = self._run, decision.outcome.claim, self._run.refusals.domains(decision.refusal)
        reply, now = decision.outcome.reply, run.clock()
        if reply is None:
            return Conclusion()
        if await run.commits.ask(lambda: run.ledger.has_others(run.dispatch, domains, due_by=now)):
            seconds = run.policy.retry.total_seconds()
            run.queue.put_back(run.limits.leave_alone(claim, reply, run.timer.monotonic(), seconds))
            return Conclusion(About.DOMAIN)
        if await run.commits.ask(lambda: run.ledger.has_others(run.dispatch, domains)):
            return session.is_domain()
        return session.is_relay(decision)

    async def _untry(self, outcomes: Sequence[Outcome]) -> None:
        """These tries were refused for nothing that is about their readers: as if they had not been made."""
        run = self._run
        if not outcomes:
            return
        await run.commits.flush()
        await run.commits.ask(partial(run.ledger.untry, outcomes, run.clock()))
        for outcome in outcomes:
            run.counts.correct(outcome.state, State.PLANNED)
            run.queue.untried()

    async def _amend(self, claims: Sequence[Claim], was: State, becomes: State) -> None:
        """Refusals that were deferred are believed, or the other way round."""
        run = self._run
        if not claims:
            return
        amend = run.ledger.believe if becomes is State.FAILED else run.ledger.doubt_refusals
        await run.commits.flush()  # they may not have been written yet
        await run.commits.ask(partial(amend, claims, run.clock()))
        for _ in claims:
            run.counts.correct(was, becomes)

    async def _keep_pace(self) -> None:
        """Keep the pace for the next run; at once, since this one may be killed."""
        run, now = self._run, self._run.clock()
        if (news := run.pace.news(now, run.timer.monotonic())) is not None:
            await run.commits.ask(lambda: run.ledger.learn(run.pace.relay, news, now))

    async def _suppress_released(self, *, at_end: bool) -> None:
        run = self._run
        released = run.breaker.release(at_end=at_end)
        if released.bad or released.full:
            now, issues = run.clock(), run.policy.mailbox_full_issues
            await run.commits.flush()  # the ledger counts this issue among those for which a mailbox was full
            suppress = partial(suppress_released, run.ledger, run.dispatch, released, issues, now)
            run.counts.count_suppressed(await run.commits.ask(suppress))


def suppress_released(ledger: Ledger, dispatch: int, released: Suppressible, issues: int, now: datetime) -> int:
    """How many addresses that were: the bad ones, and those whose mailbox was full for so many issues in a row."""
    for claim in released.bad:
        ledger.suppress(EVERYWHERE, key=claim.key, reason=SuppressionReason.BAD_ADDRESS, now=now)
    return len(released.bad) + ledger.suppress_full(dispatch, [claim.key for claim in released.full], issues, now)


def _refuses_all(conclusion: Conclusion, decision: Decision) -> Stop | None:
    reply = decision.outcome.reply
    if conclusion.about is not About.RELAY or reply is None:
        return None
    return Stop(StopKind.RELAY, phrase("dispatch.stop.refuses_all", reply=reply_at_stage(reply)))
