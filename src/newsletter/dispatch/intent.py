"""The mark of one message that is about to go: handed in, and answered by the commit that makes it durable.

Touches: nothing. A commit answers many of them; whoever waits for one is called, and a future is made only where that
is a task.
"""

import asyncio
from collections.abc import Callable

from newsletter.ledger.states import Claim


def _nobody() -> None:
    """Nobody waits for it yet."""


class Intent:
    """Of one claim."""

    __slots__ = ("_answer", "_failure", "_then", "claim")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self._answer: bool | None = None
        self._failure: Exception | None = None
        self._then: Callable[[], None] = _nobody

    def known(self, then: Callable[[], None]) -> bool | None:
        """True: the mark is durable. False: it is not, and will not be. None: `then` is called when that is known."""
        if self._answer is None:
            self._then = then
        return self._answer

    async def agreed(self) -> bool:
        """True: the mark is durable, and the dot may be written. False: the delivery is not ours any more, and no
        outcome is wanted. Raises what the ledger raised.
        """
        if self._answer is None:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._then = lambda: None if waiting.done() else waiting.set_result(None)
            await waiting
        if self._failure is not None:
            raise self._failure
        return bool(self._answer)

    def answer(self, yes: bool) -> None:
        """The commit has been made."""
        self._answer = yes
        self._then()

    def fail(self, error: Exception) -> None:
        """Nobody gets a mark any more."""
        self._failure = error
        self.answer(False)
