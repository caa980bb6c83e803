"""One connection's work: take a delivery, carry its message, hand in the answer. Touches: network, the ledger.

The intent is handed in before the message's turn comes and awaited before its dot, so that its commit costs no time of
its own; the outcome is handed in with the reply. So a connection never has more than two deliveries of which the ledger
cannot know the truth: the one in flight, or whose outcome is being committed, and the one begun behind its dot.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.catalogue import phrase
from newsletter.ledger.states import Claim
from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.failpoints import Failpoint
from newsletter.smtp.reply import no_reply

from .clock import unless
from .coordinator import Coordinator
from .decide import interrupted
from .retry import put_back
from .run_context import RunContext

Compose = Callable[[Claim], Message]

_HUNG_UP = no_reply("connect", phrase("dispatch.connection.hung_up"))


@dataclass(frozen=True, slots=True)
class _Job:
    """A delivery whose intent is handed in."""

    claim: Claim
    message: Message
    intent: "asyncio.Future[bool]"


def _is_untried(answer: TransactionResult) -> bool:
    """The link was gone before the dot."""
    return isinstance(answer, Lost) and not answer.in_doubt


class Connection:
    """Works until there is nothing left, the run ends, or the pool is crowded."""

    def __init__(self, run: RunContext, coordinator: Coordinator, compose: Compose) -> None:
        self._run = run
        self._coordinator = coordinator
        self._compose = compose
        self._client = SMTPClient(
            run.policy.server,
            run.policy.timeouts,
            run.on_failpoint,
            run.pipelining,
            lambda: not (run.lease.may_have_ended or run.siblings.orphaned),
        )
        self._refusals = run.refusals.session()
        self._next: _Job | None = None
        """Begun behind the dot of the one that is carried now."""
        self._again: Claim | None = None
        """Refused in this session, and the first in the next."""
        self._broken: Exception | None = None
        """Why the next one could not be made."""
        self._used_at = 0.0
        """Monotonic seconds; when the relay last answered."""

    async def work(self) -> None:
        """Raises what composing or the ledger raises; no claim is left here in any case."""
        try:
            await self._work()
        finally:
            self._refusals.left()
            if self._again is not None:
                self._coordinator.settle(put_back(self._again))
            self._put_back_next()

    async def quit(self) -> None:
        await self._client.quit()

    def close(self) -> None:
        self._client.close()

    def leave(self) -> None:
        """The run ends. A transaction without its dot is taken back by hanging up, and its answer may be far away."""
        if not self._client.dot_written:
            self._client.close()

    async def _work(self) -> None:
        run = self._run
        while not run.ending.is_set() and not run.pool.is_crowded:
            claim = self._again or await run.queue.take()
            if claim is None:
                return
            if not await self._ready():
                if claim is not self._again:
                    run.queue.give_back(claim)
                if run.budget.used_up:
                    return
                continue
            self._again = None
            job: _Job | None = self._job(claim)
            while job is not None:
                await self._carry(job)
                if self._broken is not None:
                    raise self._broken
                job = self._begun()

    async def _ready(self) -> bool:
        """Have a clean connection at the moment this message may start; False if the run ends before."""
        run = self._run
        while await self._connected():
            start = await run.budget.admit()
            # The relay may have hung up meanwhile, as it may on anybody who is idle.
            if start is None or not await self._connected():
                return False
            if not run.budget.is_over(start):
                return True
        return False

    async def _connected(self) -> bool:
        run = self._run
        while not await self._is_clean():
            if await run.timer.wait_unless(run.ending, run.throttle.held(run.timer.monotonic())):
                return False
            try:
                self._refusals.ended()
                if await unless(run.ending, self._client.connect()):
                    await self._coordinator.connected(None if self._client.is_open else _HUNG_UP)
            except ConnectError as error:
                await self._coordinator.connected(error.reply)
        return True

    async def _is_clean(self) -> bool:
        policy = self._run.policy
        idle = self._run.timer.monotonic() - self._used_at
        if self._client.carried >= self._most or (self._client.carried and idle > policy.idle):
            await self._client.quit()
        await self._client.tidy()
        return self._client.is_open

    @property
    def _most(self) -> int:
        """Messages over one connection: by the settings, and by what the relay was found to take."""
        wanted, taken = self._run.policy.messages_per_connection, self._run.refusals.session_limit
        return wanted if taken is None else min(wanted, taken)

    def _job(self, claim: Claim) -> _Job:
        message = self._compose(claim)
        self._run.on_failpoint(Failpoint.BEFORE_INTENT)
        return _Job(claim, message, self._run.commits.intend(claim))

    def _following(self) -> Message | None:
        """Begin the next one behind the dot that is about to be written, if it may start at this very moment."""
        last = self._client.carried + 1 >= self._most
        claim = None if last else self._start_now()
        if claim is None:
            return None
        try:
            self._next = self._job(claim)
        except Exception as error:  # noqa: BLE001 - raised when its turn comes: the one before it is not to blame
            self._run.queue.give_back(claim)
            self._broken = error
            return None
        return self._next.message

    def _start_now(self) -> Claim | None:
        """A delivery that may start at this very moment, its start counted; None where there is none, or not yet."""
        run = self._run
        if run.ending.is_set() or run.pool.is_crowded or not run.budget.is_free:
            return None
        claim = run.queue.take_now()
        if claim is not None:
            run.budget.start()
        return claim

    def _begun(self) -> _Job | None:
        """The next one, if its envelope is written and the run goes on; else it was never tried."""
        job, self._next = self._next, None
        if job is None or (self._client.has_begun(job.message) and not self._run.ending.is_set()):
            return job
        self._client.close()
        self._coordinator.settle(put_back(job.claim))
        return None

    async def _carry(self, job: _Job) -> None:
        """One message; the claim leaves with exactly one outcome, whatever happens."""
        run, coordinator = self._run, self._coordinator
        agreed = False

        async def agree() -> bool:
            nonlocal agreed
            agreed = await asyncio.shield(job.intent)
            run.on_failpoint(Failpoint.AFTER_INTENT)
            return agreed and not run.ending.is_set()

        try:
            answer = await self._client.send(job.message, agree, self._following)
        except BaseException:
            coordinator.settle(interrupted(job.claim) if self._client.dot_written else put_back(job.claim))
            raise
        self._used_at = run.timer.monotonic()
        if isinstance(answer, Withheld) and not agreed:
            await coordinator.withheld(job.claim)
        elif isinstance(answer, Withheld) or (run.ending.is_set() and _is_untried(answer)):
            # The run is ending, or the lease may have: its mark may be durable, but no dot followed.
            coordinator.settle(put_back(job.claim))
        elif not await coordinator.decided(answer, job.claim, self._refusals):
            self._again = job.claim
            if self._next is None:
                await self._client.quit()
            self._put_back_next()

    def _put_back_next(self) -> None:
        """The one that was begun is not tried: without its dot, hanging up takes it back."""
        if self._next is not None:
            self._client.close()
            self._coordinator.settle(put_back(self._next.claim))
            self._next = None
