"""Carry finished messages over one connection, one recipient a transaction. Touches: network.

    MAIL ─▶ RCPT ─▶ DATA ─▶ body ─▶ (the ledger agrees) ─▶ dot ─▶ reply
                                                           └ the dangerous moment: from here on only a reply decides

Limits: plain commands, in step. A link lost after the dot is in doubt, and only `Lost.in_doubt` says so. Whatever
interrupts a transaction, a cancelled task included, closes the connection: nobody can tell what its next reply answers.
"""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsletter.ledger.states import Reply
from newsletter.message.message import Message

from .address import RelayAddress
from .dial import Line, dial
from .moments import Moment, Moments, nothing
from .replies import reply_of
from .timeouts import Timeouts
from .wire import LinkLostError, WireReply


@dataclass(frozen=True, slots=True)
class Lost:
    """The link was lost in the middle of a transaction."""

    stage: str
    reason: str
    in_doubt: bool
    """The end of data may have been written: the relay may have the message."""
    idle: bool = False
    """The connection had carried others and was gone when this one began, as relays do (RFC 5321 3.8, 4.5.3.2.7)."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The ledger did not agree, so the dot was not written and nothing was delivered."""


Answer = Reply | Lost
"""How a transaction ended: a reply of 2xx to the dot is a delivery, any other reply a refusal by its stage."""


class Relay:
    """One connection to the relay, opened when needed; closed, it can be opened again."""

    def __init__(self, address: RelayAddress, timeouts: Timeouts, moments: Moments = nothing) -> None:
        self.address = address
        self.carried = 0
        """Messages this connection has had an answer for."""
        self.dot_written = False
        """Of the last transaction: the end of data may have left the machine."""
        self._timeouts = timeouts
        self._moments = moments
        self._line: Line | None = None
        self._tidy = True

    @property
    def is_open(self) -> bool:
        return self._line is not None and self._line.wire.lost is None

    async def connect(self) -> None:
        """Open a fresh connection. Raises DialError with the relay's words."""
        self.close()
        self._line = await dial(self.address, self._timeouts)
        self.carried, self._tidy = 0, True

    async def tidy(self) -> None:
        """Take back what is left of a refused transaction (RSET); if the relay hangs or objects, the link is closed.

        Its own step before the next message, because an answer that is known must never wait behind it.
        """
        if self._tidy or self._line is None:
            return
        try:
            reply = await self._line.wire.command(b"RSET", self._timeouts.reset)
        except LinkLostError:
            self.close()
            return
        except BaseException:
            self.close()
            raise
        self._tidy = reply.code // 100 == 2
        if not self._tidy:
            self.close()

    async def send(self, message: Message, before_dot: Callable[[], Awaitable[bool]]) -> Answer | Withheld:
        """Carry one message. `before_dot` makes its mark durable and says whether the dot may be written."""
        self.dot_written = False
        try:
            return await self._transaction(message, before_dot)
        except BaseException:
            self.close()
            raise

    async def quit(self) -> None:
        """Say good-bye and close; a relay that does not answer is left."""
        if self._line is not None and self._line.wire.lost is None:
            with contextlib.suppress(LinkLostError):
                await self._line.wire.command(b"QUIT", self._timeouts.reset)
        self.close()

    def close(self) -> None:
        """Drop the connection, now."""
        if self._line is not None:
            self._line.wire.abort()
            self._line = None

    async def _transaction(self, message: Message, before_dot: Callable[[], Awaitable[bool]]) -> Answer | Withheld:
        if (line := self._line) is None:
            return Lost("mail", "the connection is closed", in_doubt=False, idle=True)
        stage = "mail"
        try:
            body = b"".join(message.wire)
            for stage, command, seconds, wanted in self._envelope(message, len(body), line.extensions):
                said = await line.wire.command(command, seconds)
                if said.code // 100 != wanted:
                    return self._refused(stage, said)
            stage = "dot"
            return await self._data(line, body, before_dot)
        except LinkLostError as lost:
            idle = stage == "mail" and self.carried > 0
            self.close()
            return Lost(stage, str(lost), in_doubt=self.dot_written, idle=idle)

    def _envelope(self, message: Message, size: int, offered: frozenset[str]) -> list[tuple[str, bytes, float, int]]:
        """The three commands before the body: stage, line, seconds to wait, first digit wanted."""
        mail = f"MAIL FROM:<{message.envelope.mail_from}>"
        if "SIZE" in offered:
            mail += f" SIZE={size}"
        if "8BITMIME" in offered and message.eight_bit:
            mail += " BODY=8BITMIME"
        wait = self._timeouts
        return [
            ("mail", mail.encode("ascii"), wait.mail, 2),
            ("rcpt", f"RCPT TO:<{message.envelope.rcpt_to}>".encode("ascii"), wait.rcpt, 2),
            ("data", b"DATA", wait.data, 3),
        ]

    async def _data(self, line: Line, body: bytes, before_dot: Callable[[], Awaitable[bool]]) -> Answer | Withheld:
        """The body, the ledger's word, the dot and its reply."""
        future = line.wire.expect()
        line.wire.write(body)
        await line.wire.drain(self._timeouts.block)
        self._moments(Moment.AFTER_BODY)
        agreed = await before_dot()
        if future.done():
            return self._early(future.result())
        if not agreed:
            # Inside DATA there is no way back but to hang up (RFC 5321 4.1.1.4).
            self.close()
            return Withheld()
        self._write_dot(line)
        said = await line.wire.answer(future, self._timeouts.dot)
        if said.code // 100 == 3:
            raise LinkLostError(f"to the end of data the relay said {said.code} {said.text[:200]}")
        self._moments(Moment.AFTER_REPLY)
        return self._answered("dot", said)

    def _write_dot(self, line: Line) -> None:
        """THE DANGEROUS MOMENT: only the dot delivers, so the flag stands before the first octet can leave."""
        if (lost := line.wire.lost) is not None:
            raise lost
        self.dot_written = True
        line.wire.write(b".\r\n")
        self._moments(Moment.AFTER_DOT)

    def _early(self, said: WireReply) -> Answer:
        """A reply before the end of data: without our dot nothing is delivered, whatever it says."""
        if said.code // 100 in (2, 3):
            raise LinkLostError(f"before the end of data the relay said {said.code} {said.text[:200]}")
        self.close()
        return reply_of("data", said.code, said.text)

    def _refused(self, stage: str, said: WireReply) -> Answer:
        if said.code // 100 not in (4, 5):
            raise LinkLostError(f"to {stage.upper()} the relay said {said.code} {said.text[:200]}")
        # After a refused RCPT or DATA the transaction is still open there (RFC 5321 4.1.1.5).
        self._tidy = stage == "mail"
        return self._answered(stage, said)

    def _answered(self, stage: str, said: WireReply) -> Reply:
        self.carried += 1
        if said.code == 421:
            # 421 means "closing the channel", to whatever command (RFC 5321 3.8).
            self.close()
        return reply_of(stage, said.code, said.text)
