"""Tell open pages that something has changed, over Server-Sent Events (HTML Living Standard, 9.2). Touches: nothing.

Limits: at most MAX_STREAMS pages at once; a page beyond that stands still until it is loaded again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.responses import PlainTextResponse, Response, StreamingResponse

MAX_STREAMS = 32
HEARTBEAT = 15.0
"""Seconds between comments on a quiet stream, so that a page that is gone is noticed."""


class Hub:
    """A bell that every open page hears. All methods run on the server's event loop."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self._closed = False

    @property
    def heard(self) -> bool:
        """Whether any page listens."""
        return bool(self._bells)

    def ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End all streams: the server stops."""
        self._closed = True
        self.ring()

    def response(self) -> Response:
        """An endless answer: one `changed` event for each ring; rings that come close together are one."""
        if len(self._bells) >= MAX_STREAMS:
            return PlainTextResponse("Too many open pages.\n", status_code=503)
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        with self._bell() as bell:
            yield "retry: 500\nevent: hello\ndata:\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(bell.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ":\n\n"
                    continue
                bell.clear()
                if not self._closed:
                    yield "event: changed\ndata:\n\n"

    @contextmanager
    def _bell(self) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)
