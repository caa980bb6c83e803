"""One connection's work: take a delivery, carry its message, hand in the answer. Touches: network, the ledger.

The intent is handed in before the message's turn comes and awaited before its dot, so that its commit costs no time of
its own; the outcome is handed in with the reply. So a connection never has more than two deliveries of which the ledger
cannot know the truth: the one in flight, or whose outcome is being committed, and the one begun behind its dot.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.ledger.states import Claim, Outcome, State
from newsletter.message.message import Message
from newsletter.smtp.client import Answer, Lost, SMTPClient, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.failpoints import Failpoint, OnFailpoint
from newsletter.smtp.reply import Reply

from .clock import unless
from .coordinator import Coordinator
from .decide import put_back
from .replies import ReplyClass

Compose = Callable[[Claim], Message]

_HUNG_UP = Reply("connect", 0, "", "the relay closes each connection as soon as it is made")


@dataclass(frozen=True, slots=True)
class _Job:
    """A delivery whose intent is handed in."""

    claim: Claim
    message: Message
    intent: "asyncio.Future[bool]"


def _is_untried(answer: Answer) -> bool:
    """The link was gone before the dot."""
    return isinstance(answer, Lost) and not answer.in_doubt


class Connection:
    """Works until there is nothing left, the shift ends, or there are too many of its kind."""

    def __init__(self, shift: Coordinator, compose: Compose, moments: OnFailpoint) -> None:
        self._shift = shift
        self._compose = compose
        self._moments = moments
        self._relay = SMTPClient(shift.policy.address, shift.policy.timeouts, moments, shift.grouping)
        self._next: _Job | None = None
        """Begun behind the dot of the one that is carried now."""
        self._broken: Exception | None = None
        """Why the next one could not be made."""
        self._used_at = 0.0
        """Monotonic seconds; when the relay last answered."""

    async def work(self) -> None:
        """Raises what composing or the ledger raises; the connection is closed in any case."""
        try:
            try:
                await self._work()
            finally:
                if self._next is not None:
                    self._shift.settle(put_back(self._next.claim))
                # Before the good-bye, which may take its time: the others count the hands that are left.
                self._shift.at_work -= 1
            await self._relay.quit()
        finally:
            self._relay.close()

    def leave(self) -> None:
        """The shift ends. A transaction without its dot is taken back by hanging up, and its answer may be far away."""
        if not self._relay.dot_written:
            self._relay.close()

    async def _work(self) -> None:
        shift = self._shift
        while not shift.ending.is_set() and not shift.is_crowded:
            claim = await shift.supply.take()
            if claim is None:
                return
            if not await self._ready():
                shift.supply.give_back(claim)
                continue
            job: _Job | None = self._job(claim)
            while job is not None:
                await self._carry(job)
                if self._broken is not None:
                    raise self._broken
                job = self._begun()

    async def _ready(self) -> bool:
        """Have a clean connection at the moment this message may start; False if the run ends before."""
        shift = self._shift
        if not await self._connected():
            return False
        if await shift.timer.wait_unless(shift.ending, shift.pacer.reserve(shift.timer.monotonic())):
            return False
        # The relay may have hung up meanwhile, as it may on anybody who is idle.
        return await self._connected()

    async def _connected(self) -> bool:
        shift = self._shift
        while not await self._is_clean():
            if await shift.timer.wait_unless(shift.ending, shift.pacer.held(shift.timer.monotonic())):
                return False
            try:
                if await unless(shift.ending, self._relay.connect()):
                    await shift.connected(None if self._relay.is_open else _HUNG_UP)
            except ConnectError as error:
                await shift.connected(error.reply)
        return True

    async def _is_clean(self) -> bool:
        policy = self._shift.policy
        idle = self._shift.timer.monotonic() - self._used_at
        if self._relay.carried >= policy.messages_per_connection or (self._relay.carried and idle > policy.idle):
            await self._relay.quit()
        await self._relay.tidy()
        return self._relay.is_open

    def _job(self, claim: Claim) -> _Job:
        message = self._compose(claim)
        self._moments(Failpoint.BEFORE_INTENT)
        return _Job(claim, message, self._shift.book.intend(claim))

    def _following(self) -> Message | None:
        """Begin the next one behind the dot that is about to be written, if it may start at this very moment."""
        last = self._relay.carried + 1 >= self._shift.policy.messages_per_connection
        claim = None if last else self._shift.start_now()
        if claim is None:
            return None
        try:
            self._next = self._job(claim)
        except Exception as error:  # noqa: BLE001 - raised when its turn comes: the one before it is not to blame
            self._shift.supply.give_back(claim)
            self._broken = error
            return None
        return self._next.message

    def _begun(self) -> _Job | None:
        """The next one, if its envelope is written and the run goes on; else it was never tried."""
        job, self._next = self._next, None
        if job is None or (self._relay.has_begun(job.message) and not self._shift.ending.is_set()):
            return job
        self._relay.close()
        self._shift.settle(put_back(job.claim))
        return None

    async def _carry(self, job: _Job) -> None:
        """One message; the claim leaves with exactly one outcome, whatever happens."""
        shift = self._shift
        agreed = False

        async def agree() -> bool:
            nonlocal agreed
            agreed = await asyncio.shield(job.intent)
            self._moments(Failpoint.AFTER_INTENT)
            return agreed and not shift.ending.is_set()

        try:
            answer = await self._relay.send(job.message, agree, self._following)
        except BaseException:
            shift.settle(self._interrupted(job.claim))
            raise
        self._used_at = shift.timer.monotonic()
        if isinstance(answer, Withheld) and not agreed:
            await shift.withheld(job.claim)
        elif isinstance(answer, Withheld) or (shift.ending.is_set() and _is_untried(answer)):
            # The run is ending: its mark may be durable, but no dot followed.
            shift.settle(put_back(job.claim))
        else:
            await shift.decided(answer, job.claim)

    def _interrupted(self, claim: Claim) -> Outcome:
        if not self._relay.dot_written:
            return put_back(claim)
        reply = Reply("dot", 0, "", "interrupted by us before the relay answered")
        return Outcome(claim, State.IN_DOUBT, reply, ReplyClass.LOST)
