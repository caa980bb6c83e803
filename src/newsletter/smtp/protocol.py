"""The bytes of SMTP: strict replies in, commands and bodies out. Touches: an open transport, nothing else.

A `SMTPProtocol` takes over the transport after aiosmtplib has made the connection safe. Replies are kept in the order
they come, so a group of commands (RFC 2920) may go out in one write and be read one by one: mostly all its replies
come in one piece, and one waking of the reader serves them all.

Limits: anything that is not a reply (reply_parser.py), or a reply nobody asked for, breaks the link for good.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from typing import Protocol

from newsletter.catalogue import Phrase, phrase

from .reply_parser import LinkLostError, RawReply, ReplyParser

_CLOSING = 421
"""The one code a relay may say unasked (RFC 5321 3.8)."""
_GO_ON = 3
"""First digit of 354, which promises one more reply: to the end of data, or before it from who has seen enough."""

_QUOTED = 200
"""Characters of what the system said that stand in the reason of a lost link."""


def no_reply_for(seconds: float) -> Phrase:
    return phrase("smtp.lost.silent", seconds=f"{seconds:g}")


def _no_data_for(seconds: float) -> Phrase:
    return phrase("smtp.lost.takes_no_data", seconds=f"{seconds:g}")


class ReplyListener(Protocol):
    """Reads in place of `answer`, as data arrive; gives back what it does not understand (`stop_listening`)."""

    def heard(self, data: bytes) -> None:
        """These octets have come. It never raises."""

    def interrupted(self) -> None:
        """The link is lost, or the relay does not take octets as fast as they are written."""


class SMTPProtocol(asyncio.Protocol):
    """Commands and bodies to a relay, replies back, first come first served. One task reads and writes at a time."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parser = ReplyParser()
        self._replies: deque[RawReply] = deque()
        self.owed = 0
        """Replies that are asked for and have not come."""
        self._listener: ReplyListener | None = None
        self._lost: LinkLostError | None = None
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._too_late: Callable[[float], Phrase] = no_reply_for
        """What is said when the deadline has passed."""
        self._seconds = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0

    @property
    def lost(self) -> LinkLostError | None:
        """Why the link is of no use any more; None while it is."""
        if self._lost is None and self._transport.is_closing():
            self._break(phrase("smtp.lost.closed_by_relay"))
        return self._lost

    @property
    def is_steady(self) -> bool:
        """It stands, it takes octets, and no reply has come in part."""
        return not (self.lost or self._paused or self._parser.is_inside)

    @property
    def has_reply(self) -> bool:
        """A reply has come that nobody has read."""
        return bool(self._replies)

    def write(self, data: bytes, replies: int) -> None:
        """Write commands that so many replies will answer; a body's is owed since 354. Raises LinkLostError.

        What is written may have left the machine when this returns.
        """
        if (lost := self.lost) is not None:
            raise lost
        self.owed += replies
        self._transport.write(data)

    async def drain(self, seconds: float) -> None:
        """Wait until the relay has taken what was written, or the buffers have room. Raises LinkLostError."""
        while self._paused and self._lost is None:
            await self._wait(seconds, _no_data_for)
        if self._lost is not None:
            raise self._lost

    async def answer(self, seconds: float) -> RawReply:
        """The next reply. Raises LinkLostError when it cannot come any more; after that nothing can be written."""
        while not self._replies:
            if (lost := self.lost) is not None:
                raise lost
            await self._wait(seconds)
        return self._replies.popleft()

    async def command(self, line: bytes, seconds: float) -> RawReply:
        """Write one command and wait for its reply. Raises LinkLostError."""
        self.write(line + b"\r\n", 1)
        return await self.answer(seconds)

    def listen(self, listener: ReplyListener) -> None:
        """From now on it reads what arrives, beginning with what nobody has read; only where the link `is_steady`."""
        self._listener = listener
        unread, self._replies = self._replies, deque()
        if unread:
            self.owed += sum(1 - (reply.code // 100 == _GO_ON) for reply in unread)
            listener.heard(b"".join(reply.octets for reply in unread))

    def stop_listening(self, unread: bytes) -> None:
        """`answer` reads again, beginning with what the listener leaves."""
        self._listener = None
        self._deadline = math.inf
        self._read(unread)

    def expect(self, seconds: float, too_late: Callable[[float], Phrase] = no_reply_for) -> None:
        """Something has to happen within so many seconds (infinite: it may take its time), else the link breaks.

        A timer for each reply costs more than the reply: one timer a link is moved only where it would ring too late,
        and looks at the deadline when it rings.
        """
        self._deadline, self._too_late, self._seconds = self._loop.time() + seconds, too_late, seconds
        if self._deadline < (math.inf if self._alarm is None else self._alarm_at):
            self._set_alarm()

    def abort(self) -> None:
        """Drop the connection now; bytes that are still buffered here are not sent."""
        self._break(phrase("smtp.lost.closed_by_us"))

    async def _wait(self, seconds: float, too_late: Callable[[float], Phrase] = no_reply_for) -> None:
        """Until something happens on this link; too late, it breaks."""
        self._waiter = self._loop.create_future()
        self.expect(seconds, too_late)
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = self._deadline
        self._alarm = self._loop.call_at(self._alarm_at, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._listener is None and (self._waiter is None or self._waiter.done()):
            return
        if self._loop.time() >= self._deadline:
            self._break(self._too_late(self._seconds), silence=True)
        elif self._deadline < math.inf:
            self._set_alarm()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _break(self, reason: Phrase, *, nonsense: bool = False, silence: bool = False) -> None:
        if self._lost is None:
            self._lost = LinkLostError(reason, nonsense=nonsense, silence=silence)
        self._transport.abort()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._interrupt()

    def _interrupt(self) -> None:
        if self._listener is not None:
            self._listener.interrupted()
        self._wake()

    def _read(self, data: bytes) -> None:
        try:
            for reply in self._parser.feed(data):
                if not self.owed:
                    # Mostly "421 shutting down" on an idle connection: its words are the reason of the loss.
                    self._break(phrase("smtp.lost.unasked", said=reply.quoted), nonsense=reply.code != _CLOSING)
                    return
                self.owed += (reply.code // 100 == _GO_ON) - 1
                self._replies.append(reply)
        except LinkLostError as error:
            self._break(error.reason, nonsense=True)
        if self._replies:
            self._wake()

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        if self._lost is not None:
            return
        if self._listener is not None:
            self._listener.heard(data)
        else:
            self._read(data)

    def eof_received(self) -> bool:
        self._break(phrase("smtp.lost.closed_by_relay"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        broke = phrase("smtp.lost.broke", reason=str(exc)[:_QUOTED]) if exc else phrase("smtp.lost.closed_by_relay")
        self._break(broke)

    def pause_writing(self) -> None:
        self._paused = True
        self._interrupt()

    def resume_writing(self) -> None:
        self._paused = False
        self._wake()
