"""The demo's SMTP server: takes every mail on loopback and keeps it as a file.

Touches: loopback, a folder. Knows: aiosmtpd.
Limits: no TLS, no login, no memory of its own; it answers 250 once the file is in its place.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from anyio.from_thread import start_blocking_portal

from newsletter.catalogue import phrase
from newsletter.errors import UnavailableError
from newsletter.settings.system_reason import system_reason

LARGEST_MESSAGE = 64 * 1024 * 1024
"""Bytes of a message; far beyond what any relay takes."""


class _Keep:
    """Writes each message as `<number>.eml`, whole: it is written beside and then renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        path = self._folder / f"{next(self._numbers):04d}.eml"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        await asyncio.to_thread(_write, path, content)
        return f"250 2.0.0 kept as {path.name}"


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.rename(path)


async def _start(folder: Path) -> asyncio.Server:
    keep = _Keep(folder)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(keep, data_size_limit=LARGEST_MESSAGE, loop=loop), "127.0.0.1", 0)


@contextmanager
def smtp_sink(folder: Path) -> Iterator[int]:
    """Serve in a thread while the block runs; yields the port, which the system chose."""
    with start_blocking_portal() as portal:
        try:
            server = portal.call(_start, folder)
        except OSError as error:
            raise UnavailableError(phrase("workflow.send.sink_cannot_start", error=system_reason(error))) from error
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            portal.call(server.close)
