"""Carry message after message for as long as every reply is the one that was expected. Touches: an open connection.

    write:  body n · dot n · MAIL, RCPT, DATA n+1
    read:   250 n · 250 · 250 · 354 ─▶ (the ledger has agreed to n+1) ─▶ write: body n+1 · dot n+1 · …

No task, no future and no timer a message: what the event loop has read is compared with what should come, and the next
octets leave in the same call. Whoever started the stream waits once, for its end.

Limits: it decides about nothing. Any other reply, a reply in pieces, a link that is lost or full, a mark that is
refused, a body too large for one write: the stream ends, what it has not understood is left unread, and the way of
pipelined.py goes on from exactly there (`SMTPSession.dot_written`, `SMTPSession.begun`).
"""

import asyncio
import math
import re
from collections.abc import Callable
from typing import Protocol

from newsletter.message.message import Message

from .failpoints import Failpoint
from .reply import Reply, reply_of
from .reply_parser import MAX_LINE
from .transaction import AT_ONCE, DOT, SMTPSession

_TAKEN = b"250 "
_WORDS = rb"[^\r\n]{0,%d}\r\n" % (MAX_LINE - len(_TAKEN))
_ENVELOPE_TAKEN = re.compile(rb"(?:250 %b){2}354 %b" % (_WORDS, _WORDS))
_SO_FAR = re.compile(rb"(?:250 %b){0,2}" % _WORDS)
_ENVELOPE_REPLIES = 3


class Feed(Protocol):
    """Where the messages of a stream come from. Nothing here waits."""

    def accepted(self, reply: Reply) -> bool:
        """The relay has taken the message whose dot was written last; False: the stream ends before this reply."""

    def agreed(self, then: Callable[[], None]) -> bool | None:
        """Whether the dot of the message that is begun may be written; None: `then` is called when it is known."""

    def following(self) -> Message | None:
        """The message to begin behind that dot, the same until then; None where nothing may begin yet."""


class Stream:
    """One stretch of messages on one connection."""

    def __init__(self, session: SMTPSession, feed: Feed) -> None:
        """The envelope of the first message is written (`session.begun`), and nothing has been read since."""
        self._session = session
        self._protocol = session.protocol
        self._feed = feed
        self._held = b""
        """What has come and is not used up: the replies to an envelope, until the dot behind it is written."""
        self._is_open = False
        """They are all here: the relay waits for the body."""
        self._ended = False
        self._withheld = False
        self._error: BaseException | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> bool:
        """Until it ends; True where the last dot was withheld. Raises what the feed raises, and the link is dropped."""
        self._expect_envelope()
        self._protocol.listen(self)
        try:
            await self._over
        finally:
            self._end()
        if self._error is not None:
            raise self._error
        return self._withheld

    # What the protocol calls.

    def heard(self, data: bytes) -> None:
        self._held += data
        self._safely(self._hear)

    def interrupted(self) -> None:
        self._end()

    def _go_on(self) -> None:
        """It is known now whether the dot may be written."""
        if self._is_open and not self._ended:
            self._safely(self._go)

    def _safely(self, step: Callable[[], None]) -> None:
        """Nobody is above who could take an error: `run` raises it."""
        try:
            step()
        except BaseException as error:  # noqa: BLE001
            self._error = error
            self._end()
            self._session.hang_up()

    def _hear(self) -> None:
        session = self._session
        if session.dot_written and not self._accepted():
            self._end()
        elif _ENVELOPE_TAKEN.fullmatch(self._held):
            self._is_open = True
            self._protocol.expect(math.inf)  # it is our turn
            self._go()
        elif _SO_FAR.fullmatch(self._held):
            self._expect_envelope()
        else:
            self._end()

    def _accepted(self) -> bool:
        """Read the reply to the last dot, if it is the one that was hoped for; False where the stream ends with it."""
        session, held = self._session, self._held
        end = held.find(b"\r\n")
        if not held.startswith(_TAKEN) or not 0 < end <= MAX_LINE:
            return False
        session.on_failpoint(Failpoint.AFTER_REPLY)
        session.dot_written = session.begun is None  # of the transaction that is the last one now
        if not self._feed.accepted(reply_of("dot", 250, held[len(_TAKEN) : end].decode("utf-8", "replace"))):
            session.dot_written = True
            return False
        session.carried += 1
        self._protocol.owed -= 1
        self._held = held[end + 2 :]
        return session.begun is not None and self._feed.agreed(self._go_on) is not False

    def _go(self) -> None:
        """Body, dot and the next envelope, as soon as the mark is durable."""
        session, message = self._session, self._session.begun
        following = self._feed.following()
        agreed = self._feed.agreed(self._go_on)
        if agreed is None:
            return
        if not agreed or message is None or self._protocol.lost or sum(map(len, message.wire)) > AT_ONCE:
            self._end()
            return
        session.on_failpoint(Failpoint.AFTER_INTENT)
        session.on_failpoint(Failpoint.AFTER_BODY)
        envelope = session.envelope(following) if following is not None else ()
        session.stage, session.begun = "dot", following
        self._held, self._is_open = b"", False
        self._protocol.owed -= _ENVELOPE_REPLIES - 1  # these are read, and the last of them promises one more
        self._withheld = not session.write_with_dot((*message.wire, DOT, *envelope), len(envelope))
        self._protocol.expect(session.timeouts.dot)

    def _expect_envelope(self) -> None:
        wait = self._session.timeouts
        self._protocol.expect((wait.mail, wait.rcpt, wait.data)[self._held.count(b"\n")])

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        if not self._over.done():
            self._over.set_result(None)
        self._protocol.stop_listening(self._held)
