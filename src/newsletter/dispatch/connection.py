"""One connection's work: take a delivery, carry its message, hand in the answer. Touches: network, the ledger.

Messages go as a stream for as long as everything is as expected (`SMTPClient.stream`): this coroutine waits once for
the whole stretch. What is not as expected ends it, and is dealt with here, one message at a time. Both take from
`InFlight` what follows, and in both the intent is handed in before the message's turn comes and awaited before its dot,
so that its commit costs no time of its own.
"""

from newsletter.catalogue import phrase
from newsletter.ledger.states import Claim
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult, Withheld
from newsletter.smtp.connect import ConnectError
from newsletter.smtp.failpoints import Failpoint
from newsletter.smtp.reply import no_reply

from .answers import Answers
from .clock import unless
from .coordinator import Coordinator
from .in_flight import Flight, InFlight
from .retry import put_back
from .run_context import RunContext
from .session_refusals import SessionRefusals

_HUNG_UP = no_reply("connect", phrase("dispatch.connection.hung_up"))


def _is_untried(answer: TransactionResult) -> bool:
    """The link was gone before the dot."""
    return isinstance(answer, Lost) and not answer.in_doubt


class Connection:
    """Works until there is nothing left, the run ends, or the pool is crowded."""

    def __init__(self, run: RunContext, coordinator: Coordinator, answers: Answers) -> None:
        self._run = run
        self._coordinator = coordinator
        self._answers = answers
        self._client = SMTPClient(
            run.policy.server,
            run.policy.timeouts,
            run.on_failpoint,
            run.pipelining,
            lambda: not (run.lease.may_have_ended or run.siblings.orphaned),
        )
        self._refusals = SessionRefusals(run.refusals)
        self._in_flight = InFlight(run, answers, self._client, self._refusals)
        self._again: Claim | None = None
        """Refused in this session, and the first in the next."""
        self._used_at = 0.0
        """Monotonic seconds; when the relay last answered."""

    async def work(self) -> None:
        """Raises what composing or the ledger raises; no claim is left here in any case."""
        try:
            await self._work()
        finally:
            self._refusals.left()
            if self._again is not None:
                self._answers.settle(put_back(self._again))
            self._in_flight.drop()

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
            self._in_flight.begin(claim)
            await self._carry_on()

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
        if self._client.carried >= self._in_flight.most or (self._client.carried and idle > policy.idle):
            await self._client.quit()
        await self._client.tidy()
        return self._client.is_open

    async def _carry_on(self) -> None:
        """What is in flight, until nothing is that was begun."""
        in_flight, client = self._in_flight, self._client
        while (flight := in_flight.first) is not None:
            try:
                withheld = await client.stream(flight.message, in_flight)
                if (flight := in_flight.first) is not None:
                    answer, agreed = (Withheld(), True) if withheld else await self._carry(flight)
            except BaseException:
                in_flight.drop(dot_written=client.dot_written)
                raise
            self._used_at = self._run.timer.monotonic()
            if flight is not None:
                in_flight.done()
                await self._decide(flight.claim, answer, agreed=agreed)
            if in_flight.broken is not None:
                raise in_flight.broken
            await self._leave_unbegun()

    async def _carry(self, flight: Flight) -> tuple[TransactionResult | Withheld, bool]:
        """One message, or only the reply to it where its dot is written; and whether the ledger had agreed to it."""
        run, agreed = self._run, False

        async def agree() -> bool:
            nonlocal agreed
            agreed = await flight.intent.agreed()
            run.on_failpoint(Failpoint.AFTER_INTENT)
            return agreed and not run.ending.is_set()

        if self._client.dot_written:
            return await self._client.end_of_data(), True
        return await self._client.send(flight.message, agree, self._in_flight.following), agreed

    async def _decide(self, claim: Claim, answer: TransactionResult | Withheld, *, agreed: bool) -> None:
        """The claim leaves with exactly one outcome, or is asked about once more."""
        run, answers = self._run, self._answers
        if isinstance(answer, Withheld) and not agreed:
            await answers.withheld(claim)
        elif isinstance(answer, Withheld) or (run.ending.is_set() and _is_untried(answer)):
            # The run is ending, or the lease may have: its mark may be durable, but no dot followed.
            answers.settle(put_back(claim))
        elif not await answers.decided(answer, claim, self._refusals):
            self._again = claim

    async def _leave_unbegun(self) -> None:
        """The next one goes on if its envelope is written and the run goes on; else it is not tried.

        Without its dot, hanging up takes back what is written of it.
        """
        flight = self._in_flight.first
        is_begun = flight is not None and self._client.has_begun(flight.message)
        if self._again is None and (flight is None or (is_begun and not self._run.ending.is_set())):
            return
        if is_begun:
            self._client.close()
        elif self._again is not None:
            await self._client.quit()
        self._in_flight.drop()
