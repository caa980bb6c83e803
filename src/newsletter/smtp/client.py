"""Carry finished messages over one connection, one recipient a transaction. Touches: network.

Whether a message goes in plain commands (plain.py) or in groups (grouped.py) is settled anew for each, by what the
relay offered and how it behaves; to the caller both are the same.

Limits: a link lost after the dot is in doubt, and only `Lost.in_doubt` says so. Whatever interrupts a transaction, a
cancelled task included, closes the connection: nobody can tell what its next reply answers.
"""

import contextlib

from newsletter.message.message import Message

from .connect import connect
from .failpoints import OnFailpoint, no_failpoint
from .pipelined import Following, Pipelining, send_pipelined
from .protocol import LinkLostError
from .server import SMTPServer
from .stepwise import send_stepwise, tidy_up
from .timeouts import Timeouts
from .transaction import Agreed, Answer, Lost, SMTPSession, Withheld

__all__ = ["Answer", "Lost", "SMTPClient", "Withheld"]


def _nothing_follows() -> None:
    """The connection carries one message at a time."""


class SMTPClient:
    """One connection to the relay, opened when needed; closed, it can be opened again."""

    def __init__(
        self,
        address: SMTPServer,
        timeouts: Timeouts,
        moments: OnFailpoint = no_failpoint,
        grouping: Pipelining | None = None,
    ) -> None:
        """Without `grouping`, in plain commands."""
        self.address = address
        self._timeouts = timeouts
        self._moments = moments
        self._grouping = grouping or Pipelining(wanted=False)
        self._at: SMTPSession | None = None

    @property
    def is_open(self) -> bool:
        return self._at is not None and self._at.wire.lost is None

    @property
    def carried(self) -> int:
        """Messages this connection has had an answer for."""
        return self._at.carried if self._at is not None else 0

    @property
    def dot_written(self) -> bool:
        """Of the last transaction: the end of data may have left the machine."""
        return self._at is not None and self._at.dot_written

    def has_begun(self, message: Message) -> bool:
        """The envelope of this message is written; to send it is to read what the relay says to that."""
        return self._at is not None and self._at.begun is message

    async def connect(self) -> None:
        """Open a fresh connection. Raises DialError with the relay's words."""
        self.close()
        self._at = None
        self._at = SMTPSession(await connect(self.address, self._timeouts), self._timeouts, self._moments)

    async def tidy(self) -> None:
        """Have no transaction open, if that takes a step of its own. A relay that hangs or objects is left."""
        if self._at is not None and self.is_open and not self._groups(self._at):
            await tidy_up(self._at)

    async def send(
        self, message: Message, agreed: Agreed, following: Following = _nothing_follows
    ) -> Answer | Withheld:
        """Carry one message. `agreed` makes its mark durable and says whether its dot may be written.

        What `following` gives may be begun behind this one's dot (`has_begun`); then it has to be sent next.
        """
        if (at := self._at) is None:
            return Lost("mail", "the connection is closed", in_doubt=False, idle=True)
        at.dot_written = False
        try:
            groups = self._groups(at)
            if groups or at.begun is not None:
                return await send_pipelined(
                    at, message, agreed, following if groups else _nothing_follows, self._grouping
                )
            return await send_stepwise(at, message, agreed)
        except BaseException:
            self.close()
            raise

    async def quit(self) -> None:
        """Say good-bye and close; a relay that does not answer, or that waits for something else, is left."""
        if self._at is not None and self.is_open and self._at.begun is None and not self._at.wants_dot:
            with contextlib.suppress(LinkLostError):
                await self._at.wire.command(b"QUIT", self._timeouts.reset)
        self.close()

    def close(self) -> None:
        """Drop the connection, now."""
        if self._at is not None:
            self._at.hang_up()

    def _groups(self, at: SMTPSession) -> bool:
        return self._grouping.fits(at.extensions)
