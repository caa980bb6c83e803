"""One connection's work: take a delivery, carry its message, hand in the answer. Touches: network, the ledger.

The intent is handed in before MAIL and awaited before the dot, so that its commit costs no time of its own; the
outcome is handed in with the reply. So a connection never has more than one delivery of which the ledger cannot know
the truth: the one in flight, or the one whose outcome is being committed.
"""

import asyncio
from collections.abc import Callable

from newsletter.ledger.states import Claim, Outcome, Reply, State
from newsletter.message.message import Message

from .decide import put_back
from .dial import DialError
from .moments import Moment, Moments
from .relay import Relay, Withheld
from .replies import ReplyClass
from .shift import Shift
from .timer import unless

Compose = Callable[[Claim], Message]

_HUNG_UP = Reply("connect", 0, "", "the relay closes each connection as soon as it is made")


class Worker:
    """Works until there is nothing left, the shift ends, or there are too many of its kind."""

    def __init__(self, shift: Shift, compose: Compose, moments: Moments) -> None:
        self._shift = shift
        self._compose = compose
        self._moments = moments
        self._relay = Relay(shift.policy.address, shift.policy.timeouts, moments)

    async def work(self) -> None:
        """Raises what composing or the ledger raises; the connection is closed in any case."""
        try:
            try:
                await self._work()
            finally:
                # Before the good-bye, which may take its time: the others count the hands that are left.
                self._shift.at_work -= 1
            await self._relay.quit()
        finally:
            self._relay.close()

    async def _work(self) -> None:
        shift = self._shift
        while not shift.ending.is_set() and not shift.is_crowded:
            claim = await shift.supply.take()
            if claim is None:
                return
            if await self._ready():
                await self._carry(claim)
            else:
                shift.supply.give_back(claim)

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
            except DialError as error:
                await shift.connected(error.reply)
        return True

    async def _is_clean(self) -> bool:
        await self._relay.tidy()
        return self._relay.is_open

    async def _carry(self, claim: Claim) -> None:
        """One message; the claim leaves with exactly one outcome, whatever happens."""
        shift = self._shift
        message = self._compose(claim)
        self._moments(Moment.BEFORE_INTENT)
        intent = shift.book.intend(claim)

        async def agreed() -> bool:
            yes = await asyncio.shield(intent)
            self._moments(Moment.AFTER_INTENT)
            return yes

        try:
            answer = await self._relay.send(message, agreed)
        except BaseException:
            shift.settle(self._interrupted(claim))
            raise
        if isinstance(answer, Withheld):
            await shift.withheld()
        else:
            await shift.decided(answer, claim)

    def _interrupted(self, claim: Claim) -> Outcome:
        if not self._relay.dot_written:
            return put_back(claim)
        reply = Reply("dot", 0, "", "interrupted by us before the relay answered")
        return Outcome(claim, State.IN_DOUBT, reply, ReplyClass.LOST)
