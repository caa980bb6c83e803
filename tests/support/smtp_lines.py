"""Receivers that differ in what they take for the end of a line, as real ones do: the ground of SMTP smuggling.

`strict` knows CRLF and keeps what stands bare; `bare LF` ends a line at each LF; `bare CR` at each CR, LF or CRLF. Each
keeps every command and every message as it understood them. Touches: loopback.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from .smtp_receiver import serving

ENDS = {"strict": rb"\r\n", "bare LF": rb"\r?\n", "bare CR": rb"\r\n|\r(?!\n)|\n"}


@dataclass
class Lines:
    """What one receiver saw of the connection it had last."""

    end: re.Pattern[bytes]
    port: int = 0
    pipelining: bool = True
    commands: list[bytes] = field(default_factory=list)
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and lines, each ended by CRLF, without the dots that were put before dots."""
    raw: bytes = b""
    over: threading.Event = field(default_factory=threading.Event)
    """The connection has ended."""
    _rest: bytes = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.over.clear()
        try:
            await self._session(reader, writer)
        finally:
            self.over.set()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.commands, self.messages, self.raw, self._rest = [], [], b"", b""
        writer.write(b"220 lines.example.com ESMTP\r\n")
        lines: list[bytes] | None = None
        recipient = ""
        while chunk := await reader.read(65536):
            self.raw += chunk
            for line in self._split(chunk):
                if lines is None:
                    self.commands.append(line)
                    if line.startswith(b"RCPT TO:<"):
                        recipient = line[len(b"RCPT TO:<") :].partition(b">")[0].decode("ascii")
                    lines = [] if line == b"DATA" else None
                    writer.write(self._reply(line))
                elif line == b".":
                    self.messages.append((recipient, b"".join(line + b"\r\n" for line in lines)))
                    lines = None
                    writer.write(b"250 2.0.0 kept\r\n")
                else:
                    lines.append(line.removeprefix(b"."))

    def _split(self, chunk: bytes) -> list[bytes]:
        """Whole lines; what may still go on is kept, a CR at the end among it."""
        data = self._rest + chunk
        cut = len(data) - 1 if data.endswith(b"\r") else len(data)
        *lines, rest = self.end.split(data[:cut])
        self._rest = rest + data[cut:]
        return lines

    def _reply(self, line: bytes) -> bytes:
        if line.startswith(b"EHLO"):
            return b"250-lines.example.com\r\n250-PIPELINING\r\n250 SIZE\r\n" if self.pipelining else b"250 hello\r\n"
        return {b"DATA": b"354 go on\r\n", b"QUIT": b"221 2.0.0 bye\r\n"}.get(line, b"250 2.0.0 ok\r\n")


@contextmanager
def receivers() -> Iterator[dict[tuple[str, bool], Lines]]:
    """One of each kind, with and without pipelining, for as long as the block runs."""
    kinds = {
        (name, offers): Lines(re.compile(end), pipelining=offers)
        for name, end in ENDS.items()
        for offers in (True, False)
    }
    with ExitStack() as stack:
        for kind in kinds.values():
            kind.port = stack.enter_context(serving(kind.serve))
        yield kinds
