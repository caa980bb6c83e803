"""The bytes of SMTP: strict replies in, commands and bodies out. Touches: an open transport, nothing else.

A `Wire` takes over the transport after aiosmtplib has made the connection safe. It answers commands in the order they
were written (a queue of futures), so grouping commands (RFC 2920) needs no other protocol.

Limits: anything that is not a reply, or a reply nobody asked for, breaks the link for good. Staying would pair a reply
with the wrong command, and a wrong 250 is a letter that is lost in silence.
"""

import asyncio
import re
from collections import deque
from dataclasses import dataclass

MAX_LINE = 4096
"""Octets; RFC 5321 4.5.3.1.5 says 512, real receivers exceed it."""
MAX_REPLY = 65536
"""Octets of one reply with all its lines: bounds the memory a hostile relay can take."""

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?")
_BARE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class WireReply:
    """A code and its text, lines joined by a line feed; not yet cleaned for people's eyes."""

    code: int
    text: str


class LinkLostError(Exception):
    """The link is gone or out of step, or the relay did not answer in time; never leaves this stage."""


def on_the_wire(data: bytes) -> bytes:
    """A message as DATA wants it, without the final dot: CRLF only, ending in one, dots stuffed (RFC 5321 4.5.2).

    A bare CR or LF would let a receiver see an end of data that we did not write (SMTP smuggling). Counting costs 10 µs
    for 60 KB where a regular expression costs 400, and messages come with CRLF already.
    """
    pairs = data.count(b"\r\n")
    if pairs != data.count(b"\n") or pairs != data.count(b"\r"):
        data = _BARE.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\r\n.", b"\r\n..")


class ReplyParser:
    """Bytes as they arrive, in pieces of any size, into whole replies (RFC 5321 4.2)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._code = 0
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[WireReply]:
        """The replies that are complete now. Raises LinkLostError for what is not a reply."""
        self._buffer += data
        replies = []
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            if (reply := self._line(line)) is not None:
                replies.append(reply)
        if len(self._buffer) > MAX_LINE:
            raise LinkLostError("the relay sent a line without an end")
        return replies

    def _line(self, line: bytes) -> WireReply | None:
        match = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
        self._size += len(line)
        if match is None or self._size > MAX_REPLY:
            raise LinkLostError(f"not a reply of SMTP: {line[:80]!r}")
        code = int(match[1])
        if self._lines and code != self._code:
            raise LinkLostError(f"a reply that begins with {self._code} goes on with {code}")
        self._code = code
        self._lines.append(match[3] or b"")
        if match[2] == b"-":
            return None
        text = b"\n".join(self._lines).decode("utf-8", "replace")
        self._lines, self._size = [], 0
        return WireReply(code, text)


class Wire(asyncio.Protocol):
    """Commands and bodies to a relay, replies back, first come first served."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._parser = ReplyParser()
        self._expected: deque[asyncio.Future[WireReply]] = deque()
        self._lost: LinkLostError | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    @property
    def lost(self) -> LinkLostError | None:
        """Why the link is of no use any more; None while it is."""
        if self._lost is None and self._transport.is_closing():
            self._break("the relay closed the connection")
        return self._lost

    def expect(self) -> "asyncio.Future[WireReply]":
        """A place in the queue for the reply to what is written next. Raises LinkLostError."""
        if (lost := self.lost) is not None:
            raise lost
        future: asyncio.Future[WireReply] = asyncio.get_running_loop().create_future()
        self._expected.append(future)
        return future

    def write(self, data: bytes) -> None:
        """Raises LinkLostError. What is written may have left the machine when this returns."""
        if (lost := self.lost) is not None:
            raise lost
        self._transport.write(data)

    async def drain(self, seconds: float) -> None:
        """Wait until the relay has taken what was written, or the buffers have room. Raises LinkLostError."""
        try:
            async with asyncio.timeout(seconds):
                await self._writable.wait()
        except TimeoutError:
            self._break(f"the relay took no data for {seconds:g} seconds")
        if (lost := self._lost) is not None:
            raise lost

    async def answer(self, future: "asyncio.Future[WireReply]", seconds: float) -> WireReply:
        """The reply to that place in the queue. Raises LinkLostError; after that nothing can be written any more."""
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            self._break(f"no reply from the relay for {seconds:g} seconds")
            raise LinkLostError(f"no reply from the relay for {seconds:g} seconds") from None

    async def command(self, line: bytes, seconds: float) -> WireReply:
        """Write one command and wait for its reply. Raises LinkLostError."""
        future = self.expect()
        self.write(line + b"\r\n")
        return await self.answer(future, seconds)

    def abort(self) -> None:
        """Drop the connection now; bytes that are still buffered here are not sent."""
        self._break("closed by us")

    def _break(self, reason: str) -> None:
        if self._lost is None:
            self._lost = LinkLostError(reason)
        self._transport.abort()
        self._writable.set()
        while self._expected:
            future = self._expected.popleft()
            if not future.done():
                future.set_exception(self._lost)
                # Marked as seen: a future of an abandoned group may have no reader any more.
                future.exception()

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        try:
            replies = self._parser.feed(data)
        except LinkLostError as error:
            self._break(str(error))
            return
        for reply in replies:
            if not self._expected or self._expected[0].done():
                # Mostly "421 shutting down" on an idle connection: its words are the reason of the loss.
                self._break(f"unasked, the relay said {reply.code} {reply.text[:200]}")
                return
            self._expected.popleft().set_result(reply)

    def eof_received(self) -> bool:
        self._break("the relay closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._break(f"the connection broke: {exc}" if exc else "the relay closed the connection")

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()
