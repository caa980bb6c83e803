"""Somebody between a program and its PostgreSQL, who cuts the link in the moment of a COMMIT. Touches: sockets."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .smtp_receiver import ENDED, serving

_COMMIT = b"COMMIT\0"
_SOCKET = ".s.PGSQL.5432"


@dataclass
class CutLink:
    """Passes everything on, until told otherwise."""

    sockets: Path
    """The folder of the server's socket."""
    every: int = 0
    """So many commits, and the last of them gets no answer; 0: all get theirs. To be more than any question needs, else
    it would never be answered: a link that is opened anew begins with one."""
    cut: list[bool] = field(default_factory=list)
    """For each commit that got none: whether the server got it, one time and the other by turns."""
    port: int = 0
    _commits: int = 0

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self.sockets / _SOCKET)
        back = asyncio.create_task(_copy(from_server, writer))
        try:
            while data := await reader.read(1 << 16):
                if _COMMIT in data and self._is_next():
                    back.cancel()
                    await asyncio.gather(back, return_exceptions=True)
                    self.cut.append(len(self.cut) % 2 == 0)
                    if self.cut[-1]:
                        to_server.write(data)
                        await from_server.read(1)  # it is answered, so it is made
                    return
                to_server.write(data)
        finally:
            back.cancel()
            to_server.close()
            writer.close()

    def _is_next(self) -> bool:
        self._commits += 1
        return self.every > 0 and self._commits % self.every == 0


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
    except ENDED:
        pass
    writer.close()


@contextmanager
def cut_link(sockets: Path) -> Iterator[CutLink]:
    """On a port of its own, for as long as the block runs."""
    link = CutLink(sockets)
    with serving(link.pass_on) as link.port:
        yield link
