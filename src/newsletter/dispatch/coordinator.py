"""What all connections of a run share: who works, what was decided, and why it is over. Touches: the ledger.

A worker asks; the shift answers from the pure parts (Pacer, Reach, Brakes, decide) and writes through the Book.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from newsletter.catalogue import Verbatim
from newsletter.errors import RefusedError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import EVERYWHERE, Claim, DispatchStatus, Outcome, State, SuppressionReason
from newsletter.smtp.client import Answer
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply

from .circuit_breaker import CircuitBreaker, Ready
from .claim_queue import ClaimQueue
from .clock import Clock, Timer
from .decide import Decision, decide
from .group_commit import GroupCommit
from .learned_pace import LearnedPace
from .policy import Policy
from .reach import Reach
from .replies import ReplyClass
from .run_report import Progress, RunCounts
from .stop import Stop, StopKind
from .throttle import Throttle


def _nobody() -> None:
    """There is no crew yet."""


class Coordinator:
    """One run of one process."""

    def __init__(
        self,
        ledger: Ledger,
        dispatch: int,
        policy: Policy,
        *,
        clock: Clock,
        timer: Timer,
        lease: Lease,
        book: GroupCommit,
        tally: RunCounts,
        progress: Callable[[Progress], None],
    ) -> None:
        self.policy = policy
        self.timer = timer
        self.book = book
        self.tally = tally
        self.grouping = Pipelining(wanted=policy.pipelining)
        self.pacer = Throttle(policy.connections, policy.rate)
        self.brakes = CircuitBreaker()
        self.pace = LearnedPace(policy, self.pacer)
        self.ending = asyncio.Event()
        """No new message; what is in flight is finished."""
        self.supply = ClaimQueue(
            ledger, dispatch, lease, book, policy, clock=clock, timer=timer, lanes=self.pace.lanes, ending=self.ending
        )
        self.stopped: Stop | None = None
        self.at_work = 0
        book.hands = lambda: self.at_work
        self.hire: Callable[[], None] = _nobody
        """Called when there is room for another worker."""
        self._ledger = ledger
        self._dispatch = dispatch
        self._lease = lease
        self._digest = ""
        """Of the editions that are sent."""
        self.clock = clock
        self._reach = Reach(policy.connections, policy.rules)
        self._progress = progress

    @property
    def is_crowded(self) -> bool:
        """The relay wants fewer connections than are at work."""
        return self.at_work > self.pacer.open_connections

    @property
    def is_short_of_hands(self) -> bool:
        more = self.at_work < self.pacer.open_connections
        return more and not self.supply.dry and not self.ending.is_set()

    def start_now(self) -> Claim | None:
        """A delivery that may start at this very moment, its start counted; None where there is none, or not yet."""
        now = self.timer.monotonic()
        if self.ending.is_set() or self.is_crowded or not self.pacer.is_free(now):
            return None
        claim = self.supply.take_now()
        if claim is not None:
            self.pacer.reserve(now)
        return claim

    async def halt(self, stop: Stop) -> None:
        """End the run; the first reason is kept. A brake pauses the dispatch at once, for other processes, too."""
        first = self.stopped is None
        if first:
            self.stopped = stop
        self.ending.set()
        if first and stop.kind.pauses:
            with suppress(RefusedError):
                # Cancelled meanwhile, which is more than paused.
                await self.book.ask(lambda: self._ledger.pause(self._dispatch, Verbatim(stop.reason), self.clock()))

    async def connected(self, refused: Reply | None) -> None:
        """A worker tried to connect: None, or why it could not."""
        if refused is None:
            self._reach.reached()
            return
        self.pacer.slower(self.timer.monotonic())
        if (stop := self._reach.refused(refused)) is not None:
            await self.halt(stop)

    async def decided(self, answer: Answer, claim: Claim) -> None:
        """An answer came: write its outcome down, and draw the consequences for the run."""
        decision = decide(answer, claim, self.clock(), self.policy, any_accepted=self.tally.any_accepted)
        self.settle(decision.outcome)
        felt = self._feel(decision)
        stop = decision.stop or self.brakes.see(decision) or felt
        if stop is not None:
            await self.halt(stop)
        await self._let_go(at_end=False)
        if decision.slow_down:
            await self._remember()
        self._progress(self.tally.progress(self.at_work, slowed=self.pacer.throttled))

    def settle(self, outcome: Outcome) -> None:
        """Write one outcome down."""
        self.book.record(outcome)
        self.tally.count(outcome)
        if not outcome.attempted:
            self.supply.untried()
        self.supply.end(outcome.claim)

    async def withheld(self, claim: Claim) -> None:
        """The ledger did not let a message through: find out whether that ends the run."""
        self.supply.untried()
        self.supply.end(claim)
        await self.look()

    async def look(self) -> None:
        """End the run if the dispatch was paused or cancelled, is another's canary, or the lease is lost."""
        record = await self.book.ask(lambda: self._ledger.record(self._dispatch))
        if record.status is DispatchStatus.PAUSED:
            await self.halt(Stop(StopKind.PAUSED, f"paused: {record.reason}" if record.reason else "paused"))
        elif record.status is DispatchStatus.CANCELLED:
            await self.halt(Stop(StopKind.CANCELLED, "cancelled"))
        elif record.canary_lease not in (None, self._lease.id):
            await self.halt(Stop(StopKind.CANARY, f"another process is sending the first {record.canary_of} alone"))
        else:
            await self.book.ask(self._lease.heartbeat)
            if record.digest != self._digest:
                # Revised: what waits here has the old words, and each would cost a connection when its mark is refused.
                self._digest = record.digest
                self.supply.put_back(self.pace.lanes.release())

    async def end(self) -> None:
        """After the last message: let go what may be suppressed."""
        await self._let_go(at_end=True)
        await self._remember()
        if self.stopped is None:
            await self.look()

    def _feel(self, decision: Decision) -> Stop | None:
        """How the relay is doing, by this answer."""
        outcome = decision.outcome
        lost = decision.reply_class is ReplyClass.LOST
        if outcome.reply is not None and decision.slow_down and decision.receivers:
            # The relay itself is well: it has passed on a receiver's words.
            self._reach.well()
            self.supply.put_back(self.pace.lanes.slower(outcome.claim, outcome.reply, self.timer.monotonic()))
            return None
        if not lost:
            self.pace.lanes.well(outcome.claim, accepted=outcome.state is State.SENT)
        if outcome.reply is None or not (lost or decision.slow_down):
            self._reach.well()
            if outcome.state is State.SENT:
                self.pacer.faster()
                self.hire()
            return None
        if outcome.state is not State.PLANNED or decision.slow_down:
            # Else an idle connection was closed, which relays may do: no reason to go slower.
            self.pacer.slower(self.timer.monotonic())
        return self._reach.trouble(outcome.reply)

    async def begin(self) -> None:
        """Begin at the pace that was learned last."""
        now = self.clock()
        self._digest = (await self.book.ask(lambda: self._ledger.record(self._dispatch))).digest
        lessons = await self.book.ask(lambda: self._ledger.learned(self.pace.relay, now))
        self.pace.recall(lessons, now, self.timer.monotonic())

    async def _remember(self) -> None:
        """Keep the pace for the next run; at once, since this one may be killed."""
        now = self.clock()
        lessons = self.pace.lessons(now, self.timer.monotonic())
        if lessons != self.pace.kept:
            self.pace.kept = lessons
            await self.book.ask(lambda: self._ledger.learn(self.pace.relay, lessons, now))

    async def _let_go(self, *, at_end: bool) -> None:
        ready = self.brakes.let_go(at_end=at_end)
        if ready.bad or ready.full:
            now = self.clock()
            await self.book.flush()  # the ledger counts this issue among those for which a mailbox was full
            self.brakes.suppressed += await self.book.ask(lambda: self._suppress(ready, now))

    def _suppress(self, ready: Ready, now: datetime) -> int:
        for claim in ready.bad:
            self._ledger.suppress(EVERYWHERE, key=claim.key, reason=SuppressionReason.BAD_ADDRESS, now=now)
        full = [claim.key for claim in ready.full]
        return self._ledger.suppress_full(self._dispatch, full, self.policy.mailbox_full_issues, now)
