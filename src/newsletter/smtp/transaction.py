"""One connection's transactions: what they say, how they can end, what is left open. Touches: an open connection.

    MAIL ─▶ RCPT ─▶ DATA ─▶ body ─▶ (the ledger agrees) ─▶ dot ─▶ reply
                                                           └ the dangerous moment: from here on only a reply decides

Two ways to carry a message stand on this: stepwise.py, a command at a time, and pipelined.py, several in one write.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsletter.catalogue import Phrase, phrase
from newsletter.message.message import Message

from .connect import OpenConnection
from .failpoints import Failpoint, OnFailpoint
from .reply import Reply, reply_of
from .reply_parser import LinkLostError, RawReply
from .server import Timeouts

DOT = b".\r\n"
AT_ONCE = 128 * 1024
"""Octets. A larger body is drained before its dot, so that a relay which stops taking it leaves no doubt."""
RSET = b"RSET\r\n"
DSN = "DSN"
_REFUSED_PARAMETERS = (501, 504, 555)
"""RFC 5321 4.1.1.11 has 555; the other two are as usual."""
_XTEXT = re.compile(r"[!-*,-<>-~]{1,100}", re.ASCII)
"""What stands for itself in xtext, as long as an ENVID may be (RFC 3461 4, 4.4)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The link was lost in the middle of a transaction."""

    stage: str
    reason: Phrase
    in_doubt: bool
    """The end of data may have been written: the relay may have the message."""
    idle: bool = False
    """Nothing of it says anything about this message: the connection had carried others and was gone when this one
    began, as relays do (RFC 5321 3.8, 4.5.3.2.7), or it fell out of step."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The dot was not written, and nothing was delivered: the ledger, or whoever was asked, did not agree."""


TransactionResult = Reply | Lost
"""How a transaction ended: a reply of 2xx to the dot is a delivery, any other reply a refusal by its stage."""

MayWrite = Callable[[], bool]
"""Looked at last before a dot."""

Agreed = Callable[[], Awaitable[bool]]
"""Makes the mark of a message durable, and says whether its dot may be written."""


class SMTPSession:
    """An open connection and where its conversation stands."""

    def __init__(
        self, connection: OpenConnection, timeouts: Timeouts, on_failpoint: OnFailpoint, may_write: MayWrite
    ) -> None:
        self._may_write = may_write
        self.protocol = connection.protocol
        self.extensions = connection.extensions
        self.timeouts = timeouts
        self.on_failpoint = on_failpoint
        self.carried = 0
        """Messages it has had an answer for."""
        self.stage = ""
        """Of the last transaction: what was to be answered next."""
        self.dot_written = False
        """Of the last transaction: the end of data may have left the machine."""
        self.is_open_there = False
        """After a refused RCPT or DATA the relay still has a transaction open (RFC 5321 4.1.1.5): RSET is due."""
        self.wants_dot = False
        """The relay waits for a body though it took no recipient (RFC 2920 3.1): a lone dot is due."""
        self.begun: Message | None = None
        """The message whose MAIL, RCPT and DATA are written and not yet answered."""

    def hang_up(self) -> None:
        """Drop the connection; what was begun on it is taken back by that (RFC 5321 4.1.1.4)."""
        self.begun = None
        self.protocol.abort()

    def envelope(self, message: Message) -> tuple[bytes, bytes, bytes]:
        """MAIL, RCPT and DATA, each with its line end."""
        mail = f"MAIL FROM:<{message.envelope.mail_from}>"
        if "SIZE" in self.extensions:
            mail += f" SIZE={sum(map(len, message.wire))}"
        if message.eight_bit and "8BITMIME" in self.extensions:
            mail += " BODY=8BITMIME"
        if DSN in self.extensions:
            mail += _report_wanted(message)
        return f"{mail}\r\n".encode("ascii"), f"RCPT TO:<{message.envelope.rcpt_to}>\r\n".encode("ascii"), b"DATA\r\n"

    def forgoes_dsn(self, code: int) -> bool:
        """Whether it may have been the parameters of DSN that the relay offers and refuses: then it gets none again."""
        if self.stage != "mail" or DSN not in self.extensions or code not in _REFUSED_PARAMETERS:
            return False
        self.extensions -= {DSN}
        return True

    def answered(self, stage: str, said: RawReply) -> Reply:
        """This reply ends the transaction."""
        self.carried += 1
        if said.code == 421:
            # 421 means "closing the channel", to whatever command (RFC 5321 3.8).
            self.hang_up()
        return reply_of(stage, said.code, said.text)

    def write_with_dot(self, pieces: tuple[bytes, ...], replies: int) -> bool:
        """THE DANGEROUS MOMENT: only the dot delivers, so the flag stands before the first octet can leave.

        False, and nothing is written, where the right to write may have ended since the ledger agreed: the process may
        have been stopped in between.
        """
        if (lost := self.protocol.lost) is not None:
            raise lost
        if not self._may_write():
            self.hang_up()
            return False
        self.dot_written = True
        self.protocol.write(b"".join(pieces), replies)
        self.on_failpoint(Failpoint.AFTER_DOT)
        return True

    def lost(self, error: LinkLostError) -> Lost:
        """The link was lost here."""
        self.hang_up()
        return Lost(self.stage, error.reason, self.dot_written, idle=self.stage == "mail" and self.carried > 0)

    async def reply_to_dot(self) -> Reply:
        """What became of the message. Raises LinkLostError."""
        said = await self.protocol.answer(self.timeouts.dot)
        if said.code // 100 == 3:
            raise LinkLostError(phrase("smtp.lost.answers_the_dot_with", said=said.quoted), nonsense=True)
        self.on_failpoint(Failpoint.AFTER_REPLY)
        return self.answered("dot", said)

    async def early_reply(self) -> Reply:
        """What came before our dot, without which nothing is delivered. Raises LinkLostError if it says otherwise."""
        said = await self.protocol.answer(self.timeouts.data)
        self.hang_up()
        if said.code // 100 in (2, 3):
            raise LinkLostError(phrase("smtp.lost.answers_before_the_dot", said=said.quoted), nonsense=True)
        return reply_of("data", said.code, said.text)


def _report_wanted(message: Message) -> str:
    """A report on what becomes of it names the delivery by its Message-ID, whatever the relay makes of that field, and
    brings back the header alone (RFC 3461 4.3, 4.4).

    No ORCPT: a relay puts the address of RCPT there by itself (4.2), and the ENVID is more exact. No NOTIFY: without it
    failures are reported, and delays as the relay thinks right (4.1).
    """
    envelope_id = message.message_id[1:-1]
    return f" RET=HDRS ENVID={envelope_id}" if _XTEXT.fullmatch(envelope_id) else " RET=HDRS"
