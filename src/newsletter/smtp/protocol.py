"""The bytes of SMTP: strict replies in, commands and bodies out. Touches: an open transport, nothing else.

A `SMTPProtocol` takes over the transport after aiosmtplib has made the connection safe. Replies are kept in the order
they come, so a group of commands (RFC 2920) may go out in one write and be read one by one: mostly all its replies
come in one piece, and one waking of the reader serves them all.

Limits: anything that is not a reply, or a reply nobody asked for, breaks the link for good. Staying would pair a reply
with the wrong command, and a wrong 250 is a letter that is lost in silence.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.catalogue import Phrase, phrase
from newsletter.printable import one_line

MAX_LINE = 4096
"""Octets; RFC 5321 4.5.3.1.5 says 512, real receivers exceed it."""
MAX_REPLY = 65536
"""Octets of one reply with all its lines: bounds the memory a hostile relay can take."""

_CLOSING = 421
"""The one code a relay may say unasked (RFC 5321 3.8)."""
_GO_ON = 3
"""First digit of 354, which promises one more reply: to the end of data, or before it from who has seen enough."""

_QUOTED = 200
"""Characters of what a relay said that stand in the reason of a lost link."""

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?")


@dataclass(frozen=True, slots=True)
class RawReply:
    """A code and its text, lines joined by a line feed; not yet cleaned for people's eyes."""

    code: int
    text: str

    @property
    def quoted(self) -> str:
        """As a reason of a lost link quotes it: short, and one printable line."""
        return f"{self.code} {one_line(self.text[:_QUOTED])}".rstrip()


class LinkLostError(Exception):
    """The link is gone or out of step, or the relay did not answer in time; never leaves this stage."""

    def __init__(self, reason: Phrase, *, nonsense: bool = False, silence: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.nonsense = nonsense
        """The relay said what does not answer what it was asked."""
        self.silence = silence
        """It said nothing for too long."""


class ReplyParser:
    """Bytes as they arrive, in pieces of any size, into whole replies (RFC 5321 4.2)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._code = 0
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[RawReply]:
        """The replies that are complete now; after them raises LinkLostError for what is not a reply."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            if (reply := self._line(line)) is not None:
                yield reply
        if len(self._buffer) > MAX_LINE:
            raise LinkLostError(phrase("smtp.lost.endless_line"), nonsense=True)

    def _line(self, line: bytes) -> RawReply | None:
        match = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
        self._size += len(line)
        if match is None or self._size > MAX_REPLY:
            raise LinkLostError(phrase("smtp.lost.no_smtp_reply", line=repr(line[:80])), nonsense=True)
        code = int(match[1])
        if self._lines and code != self._code:
            raise LinkLostError(phrase("smtp.lost.code_changes", first=self._code, then=code), nonsense=True)
        self._code = code
        self._lines.append(match[3] or b"")
        if match[2] == b"-":
            return None
        text = b"\n".join(self._lines).decode("utf-8", "replace")
        self._lines, self._size = [], 0
        return RawReply(code, text)


class SMTPProtocol(asyncio.Protocol):
    """Commands and bodies to a relay, replies back, first come first served. One task reads and writes at a time."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parser = ReplyParser()
        self._replies: deque[RawReply] = deque()
        self._owed = 0
        """Replies that are asked for and have not come."""
        self._lost: LinkLostError | None = None
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._too_late: Callable[[float], Phrase] = _no_reply_for
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
    def has_reply(self) -> bool:
        """A reply has come that nobody has read."""
        return bool(self._replies)

    def write(self, data: bytes, replies: int) -> None:
        """Write commands that so many replies will answer; a body's is owed since 354. Raises LinkLostError.

        What is written may have left the machine when this returns.
        """
        if (lost := self.lost) is not None:
            raise lost
        self._owed += replies
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
            await self._wait(seconds, _no_reply_for)
        return self._replies.popleft()

    async def command(self, line: bytes, seconds: float) -> RawReply:
        """Write one command and wait for its reply. Raises LinkLostError."""
        self.write(line + b"\r\n", 1)
        return await self.answer(seconds)

    def abort(self) -> None:
        """Drop the connection now; bytes that are still buffered here are not sent."""
        self._break(phrase("smtp.lost.closed_by_us"))

    async def _wait(self, seconds: float, too_late: Callable[[float], Phrase]) -> None:
        """Until something happens on this link; too late, it breaks.

        An `asyncio.timeout` for each reply costs more than the reply: one timer a link is moved only where it would
        ring too late, and looks at the deadline when it rings.
        """
        self._waiter = self._loop.create_future()
        self._deadline, self._too_late, self._seconds = self._loop.time() + seconds, too_late, seconds
        if self._alarm is None or self._alarm_at > self._deadline:
            self._set_alarm()
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
        if self._waiter is None or self._waiter.done():
            return
        if self._loop.time() < self._deadline:
            self._set_alarm()
        else:
            self._break(self._too_late(self._seconds), silence=True)

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
        self._wake()

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        if self._lost is not None:
            return
        try:
            for reply in self._parser.feed(data):
                if not self._owed:
                    # Mostly "421 shutting down" on an idle connection: its words are the reason of the loss.
                    self._break(phrase("smtp.lost.unasked", said=reply.quoted), nonsense=reply.code != _CLOSING)
                    return
                self._owed += (reply.code // 100 == _GO_ON) - 1
                self._replies.append(reply)
        except LinkLostError as error:
            self._break(error.reason, nonsense=True)
        if self._replies:
            self._wake()

    def eof_received(self) -> bool:
        self._break(phrase("smtp.lost.closed_by_relay"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        broke = phrase("smtp.lost.broke", reason=str(exc)[:_QUOTED]) if exc else phrase("smtp.lost.closed_by_relay")
        self._break(broke)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._wake()


def _no_reply_for(seconds: float) -> Phrase:
    return phrase("smtp.lost.silent", seconds=f"{seconds:g}")


def _no_data_for(seconds: float) -> Phrase:
    return phrase("smtp.lost.takes_no_data", seconds=f"{seconds:g}")
