"""What follows from the relay's answers, for each delivery and for the run. Touches: the ledger.

The connections bring answers; the pure parts (decide, CircuitBreaker, Throttle, DomainLimits, Refusals) say what they
mean. Nearly every answer is that a message was accepted while nothing else is open: `accepted` is what `decided` does
then, with nothing to wait for.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from newsletter.catalogue import phrase
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.client import TransactionResult
from newsletter.smtp.reply import Reply

from .about import About, Conclusion
from .adjust_pace import adjust_pace, go_faster
from .circuit_breaker import Suppressible
from .coordinator import Coordinator
from .decide import Decision, decide
from .reply_class import ReplyClass
from .run_context import RunContext
from .session_refusals import SessionRefusals
from .siblings import Halted, Refused, SessionLimit
from .stop import Stop, StopKind, reply_at_stage


class Answers:
    """Owner of the outcomes of one run."""

    def __init__(self, run: RunContext, coordinator: Coordinator) -> None:
        self._run = run
        self._coordinator = coordinator

    def accepted(self, reply: Reply, claim: Claim, session: SessionRefusals) -> bool:
        """The relay has taken a message: 250 to its end of data.

        False, and nothing is done, where there is more to it than that: then it is for `decided`.
        """
        run = self._run
        if not (session.is_calm and run.refusals.is_calm and run.breaker.is_calm):
            return False
        session.took()
        self.settle(Outcome(claim, State.SENT, reply, ReplyClass.ACCEPTED))
        run.siblings.accepted(claim)
        run.limits.well(claim, accepted=True)
        run.breaker.accepted()
        go_faster(run)
        return True

    def tell(self) -> None:
        """How far it is."""
        run = self._run
        run.on_progress(run.counts.progress(run.pool.size(), slowed=run.throttle.throttled))

    async def end(self) -> None:
        """After the last message: suppress whom the circuit breaker still withholds, unless others may yet trip it."""
        run = self._run
        await self._untry(run.refusals.cost_of_limits())
        if self._coordinator.stopped is None:
            await self._amend(run.refusals.at_end(), State.DEFERRED, State.FAILED)
        if run.siblings.alone:
            await self._suppress_released(at_end=True)

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
        self._tell_siblings(decision, conclusion, is_open=is_open)
        trouble = adjust_pace(run, decision)
        await self._untry((*conclusion.untried, *run.refusals.cost_of_limits()))
        await self._amend(conclusion.believed, State.DEFERRED, State.FAILED)
        braked = None if is_open else run.breaker.see(decision)
        stop = decision.stop or _refuses_all(conclusion, decision) or braked or trouble
        if stop is not None:
            await self._coordinator.halt(stop, decision.reply_class)
        if stop is not None and stop.kind is StopKind.REFUSALS:
            await self._amend(run.refusals.doubted(decision.reply_class), State.FAILED, State.DEFERRED)
        await self._suppress_released(at_end=False)
        if decision.slow_down or decision.holds_domain or conclusion.about is About.SESSION:
            await self._coordinator.keep_pace()
        self.tell()
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
        await self._coordinator.check_status()

    async def halted_elsewhere(self, halted: Halted) -> None:
        """Another process of this run has ended it, and paused the dispatch where that is to be."""
        run, kind = self._run, halted.stop.kind
        self._coordinator.halted_elsewhere(halted.stop)
        if kind in {StopKind.REFUSALS, StopKind.BAD_ADDRESSES}:
            run.breaker.trip()
        if kind is StopKind.REFUSALS and halted.reply_class is not None:
            await self._amend(run.refusals.doubted(halted.reply_class), State.FAILED, State.DEFERRED)

    def _tell_siblings(self, decision: Decision, conclusion: Conclusion, *, is_open: bool) -> None:
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
    bad = ledger.suppress_bad(dispatch, [claim.key for claim in released.bad], now)
    return bad + ledger.suppress_full(dispatch, [claim.key for claim in released.full], issues, now)


def _refuses_all(conclusion: Conclusion, decision: Decision) -> Stop | None:
    reply = decision.outcome.reply
    if conclusion.about is not About.RELAY or reply is None:
        return None
    return Stop(StopKind.RELAY, phrase("dispatch.stop.refuses_all", reply=reply_at_stage(reply)))
