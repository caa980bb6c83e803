"""A line with a delay: everything passes on after so many milliseconds, in each direction. Touches: loopback.

With 10 ms each way a command and its reply take 20 ms, as to a relay in another city. Octets keep their order; the line
itself has no limit of speed.
"""

import asyncio
from collections import deque
from contextlib import suppress


class _Side(asyncio.Protocol):
    """One end: what comes in here leaves at the other end later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._under_way: deque[bytes] = deque()
        self.other: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()
        self.here: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.here = transport

    def data_received(self, data: bytes) -> None:
        # The loop's timers of one moment run in any order; the queue keeps that of the octets.
        self._under_way.append(data)
        asyncio.get_running_loop().call_later(self._seconds, self._pass_on)

    def connection_lost(self, _exc: Exception | None) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._hang_up)

    def _pass_on(self) -> None:
        data = self._under_way.popleft()
        if self.other.done():
            self.other.result().write(data)

    def _hang_up(self) -> None:
        if self.other.done():
            self.other.result().close()


async def delayed(to_port: int, one_way: float) -> asyncio.Server:
    """A server on a free port whose connections lead to `to_port`; `one_way` in seconds."""
    loop = asyncio.get_running_loop()

    class Entrance(_Side):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            assert self.here is not None
            self.here.pause_reading()
            self._joining = loop.create_task(self._join())

        async def _join(self) -> None:
            assert self.here is not None
            with suppress(OSError):
                _, exit_side = await loop.create_connection(lambda: _Side(one_way), "127.0.0.1", to_port)
                exit_side.other.set_result(self.here)
                assert exit_side.here is not None
                self.other.set_result(exit_side.here)
                self.here.resume_reading()

    return await loop.create_server(lambda: Entrance(one_way), "127.0.0.1", 0)


async def main(to_port: int, one_way: float) -> None:
    """Print the port and serve until killed."""
    server = await delayed(to_port, one_way)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import sys

    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000))
