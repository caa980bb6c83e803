"""Bytes of a relay into whole replies (RFC 5321 4.2), strictly. Touches: nothing.

Limits: anything that is not a reply breaks the link for good. Staying would pair a reply with the wrong command, and a
wrong 250 is a letter that is lost in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.catalogue import Phrase, phrase
from newsletter.printable import one_line

MAX_LINE = 4096
"""Octets; RFC 5321 4.5.3.1.5 says 512, real receivers exceed it."""
MAX_REPLY = 65536
"""Octets of one reply with all its lines: bounds the memory a hostile relay can take."""

_QUOTED = 200
"""Characters of what a relay said that stand in the reason of a lost link."""

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?")


@dataclass(frozen=True, slots=True)
class RawReply:
    """A code and its text, lines joined by a line feed; not yet cleaned for people's eyes."""

    code: int
    text: str

    @property
    def octets(self) -> bytes:
        """As they could have come."""
        *more, last = self.text.split("\n")
        return "".join([*(f"{self.code}-{line}\r\n" for line in more), f"{self.code} {last}\r\n"]).encode()

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

    @property
    def is_inside(self) -> bool:
        """A reply has begun and is not complete."""
        return bool(self._buffer or self._lines)

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
