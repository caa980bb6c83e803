"""A relay far away: it answers only when nothing more has come for a while, and counts how often. Touches: loopback.

Each answer, of however many replies, is one round trip that a sender has waited for.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STILL = 0.02
"""Seconds without a further octet after which the sender must be waiting."""


class _Far(asyncio.Protocol):
    def __init__(self, count: list[int]) -> None:
        self._count = count
        self._in_data = False
        self._buffer = b""
        self._said = b"220 far.example.com ESMTP\r\n"
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._speak()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n")) >= 0:
            line, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
            self._said += self._reply(line)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_STILL, self._speak)

    def _reply(self, line: bytes) -> bytes:
        if self._in_data:
            self._in_data = line != b"."
            return b"" if self._in_data else b"250 2.0.0 queued\r\n"
        if line.startswith(b"EHLO"):
            return b"250-far.example.com\r\n250 PIPELINING\r\n"
        self._in_data = line == b"DATA"
        return b"354 go on\r\n" if self._in_data else b"250 2.0.0 ok\r\n"

    def _speak(self) -> None:
        if self._said:
            self._count[0] += 1
            self._transport.write(self._said)
            self._said = b""


class Flights:
    """Where the relay is, and the round trips so far, greeting, EHLO and QUIT among them."""

    def __init__(self) -> None:
        self.port = 0
        self._count = [0]

    @property
    def round_trips(self) -> int:
        return self._count[0]


@contextmanager
def far_away() -> Iterator[Flights]:
    flights = Flights()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Far(flights._count), "127.0.0.1", 0))
    flights.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield flights
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
