"""Carry finished messages over one connection, one recipient a transaction. Touches: network.

Whether its commands go one by one (stepwise.py) or several at once (pipelined.py) is settled anew for each message,
by what the relay offered and how it behaves; to the caller both are the same. As long as everything is as expected a
caller may have one message carried after the other (stream.py) without waiting for each.

Limits: a link lost after the dot is in doubt, and only `Lost.in_doubt` says so. Whatever interrupts a transaction, a
cancelled task included, closes the connection: nobody can tell what its next reply answers.
"""

import contextlib

from newsletter.catalogue import phrase
from newsletter.message.message import Message

from .connect import connect
from .failpoints import OnFailpoint, no_failpoint
from .pipelined import Following, Pipelining, begin, end_of_data, send_pipelined
from .reply_parser import LinkLostError
from .server import SMTPServer, Timeouts
from .stepwise import send_stepwise, tidy_up
from .stream import Feed, Stream
from .transaction import Agreed, Lost, MayWrite, SMTPSession, TransactionResult, Withheld

__all__ = ["Lost", "SMTPClient", "TransactionResult", "Withheld"]


def _always() -> bool:
    """No right to write that could end."""
    return True


def _nothing_follows() -> None:
    """The connection carries one message at a time."""


class SMTPClient:
    """One connection to the relay, opened when needed; closed, it can be opened again."""

    def __init__(
        self,
        server: SMTPServer,
        timeouts: Timeouts,
        on_failpoint: OnFailpoint = no_failpoint,
        pipelining: Pipelining | None = None,
        may_write: MayWrite = _always,
    ) -> None:
        """Without `pipelining`, command by command. `may_write` is looked at last before a dot."""
        self._may_write = may_write
        self.server = server
        self._timeouts = timeouts
        self._on_failpoint = on_failpoint
        self._pipelining = pipelining or Pipelining(wanted=False)
        self._session: SMTPSession | None = None

    @property
    def is_open(self) -> bool:
        return self._session is not None and self._session.protocol.lost is None

    @property
    def carried(self) -> int:
        """Messages this connection has had an answer for."""
        return self._session.carried if self._session is not None else 0

    @property
    def dot_written(self) -> bool:
        """Of the last transaction: the end of data may have left the machine."""
        return self._session is not None and self._session.dot_written

    def has_begun(self, message: Message) -> bool:
        """The envelope of this message is written; to send it is to read what the relay says to that."""
        return self._session is not None and self._session.begun is message

    async def connect(self) -> None:
        """Open a fresh connection. Raises ConnectError with the relay's words."""
        self.close()
        self._session = None
        opened = await connect(self.server, self._timeouts)
        self._session = SMTPSession(opened, self._timeouts, self._on_failpoint, self._may_write)

    async def tidy(self) -> None:
        """Have no transaction open, if that takes a step of its own. A relay that hangs or objects is left."""
        if self._session is not None and self.is_open and not self._is_pipelined(self._session):
            await tidy_up(self._session)

    async def send(
        self, message: Message, agreed: Agreed, following: Following = _nothing_follows
    ) -> TransactionResult | Withheld:
        """Carry one message. `agreed` makes its mark durable and says whether its dot may be written.

        What `following` gives may be begun behind this one's dot (`has_begun`); then it has to be sent next.
        """
        if (session := self._session) is None:
            return Lost("mail", phrase("smtp.lost.not_open"), in_doubt=False, idle=True)
        session.dot_written = False
        try:
            pipelined = self._is_pipelined(session)
            if pipelined or session.begun is not None:
                return await send_pipelined(
                    session, message, agreed, following if pipelined else _nothing_follows, self._pipelining
                )
            return await send_stepwise(session, message, agreed)
        except BaseException:
            self.close()
            raise

    async def stream(self, message: Message, feed: Feed) -> bool:
        """Carry this message, and those that `feed` gives after it, until anything is not as expected.

        Then `dot_written` says whether the reply to a dot is still to be read (`end_of_data`); a message that was begun
        goes on with `send`. Does nothing where commands go one by one. True where the last one was withheld.
        """
        session = self._session
        if session is None:
            return False
        session.dot_written = False
        if not self._is_pipelined(session) or session.wants_dot or session.is_open_there:
            return False
        try:
            if session.begun is not message:
                with contextlib.suppress(LinkLostError):  # `send` finds it lost
                    begin(session, message)
            if session.begun is not message or not session.protocol.is_steady:
                return False
            return await Stream(session, feed).run()
        except BaseException:
            self.close()
            raise

    async def end_of_data(self) -> TransactionResult:
        """What became of the message whose dot a stream has written."""
        if (session := self._session) is None:
            raise RuntimeError("no dot was written")
        try:
            return await end_of_data(session, self._pipelining)
        except BaseException:
            self.close()
            raise

    async def quit(self) -> None:
        """Say good-bye and close; a relay that does not answer, or that waits for something else, is left."""
        if self._session is not None and self.is_open and self._session.begun is None and not self._session.wants_dot:
            with contextlib.suppress(LinkLostError):
                await self._session.protocol.command(b"QUIT", self._timeouts.reset)
        self.close()

    def close(self) -> None:
        """Drop the connection, now."""
        if self._session is not None:
            self._session.hang_up()

    def _is_pipelined(self, session: SMTPSession) -> bool:
        return self._pipelining.fits(session.extensions)
