"""The messages of claims, composed many at a time as soon as they are claimed. Touches: nothing.

Making one between two others that are being written costs more than half as much again, since everything it needs has
left the processor's caches meanwhile. Limits: as many are kept as are claimed and not begun; a message is pieces, and
all but the personal ones it shares with the others.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from newsletter.ledger.states import Claim
from newsletter.message.message import Message

Compose = Callable[[Claim], Message]

_AT_ONCE = 50
"""So that no reply waits for longer than some two milliseconds, or fifteen where each is signed."""


class Letters:
    """Messages by claim."""

    def __init__(self, compose: Compose) -> None:
        """`compose` is pure."""
        self._compose = compose
        self._made: dict[tuple[int, int], Message | Exception] = {}
        """Or why it could not be made."""

    async def make(self, claims: Sequence[Claim]) -> None:
        """Have these ready. What composing raises is raised when its turn comes: the others are not to blame."""
        for number, claim in enumerate(claims, 1):
            try:
                self._made[_words(claim)] = self._compose(claim)
            except Exception as error:  # noqa: BLE001 - raised by `of`
                self._made[_words(claim)] = error
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)

    def of(self, claim: Claim) -> Message:
        """The message of a claim that is about to go. Raises what composing raises."""
        made = self._made.pop(_words(claim), None)
        if isinstance(made, Exception):
            raise made
        return self._compose(claim) if made is None else made

    def forget(self, claims: Iterable[Claim]) -> None:
        """These go back to the ledger; who gets them next may get other words."""
        for claim in claims:
            self._made.pop(_words(claim), None)


def _words(claim: Claim) -> tuple[int, int]:
    """A delivery gets other words only with another edition."""
    return claim.delivery, claim.edition
