"""Tell open pages that something has changed, over Server-Sent Events (HTML Living Standard, 9.2). Touches: nothing.

A browser opens at most six connections to one server, and a stream holds one for as long as its page is open; the
seventh page would wait for ever. So only the MAX_STREAMS pages that asked last are followed; the others are told to
rest, and ask again when somebody turns to them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.responses import Response, StreamingResponse

MAX_STREAMS = 4
"""Two connections are left for what the pages load."""
HEARTBEAT = 15.0
"""Seconds between comments on a quiet stream, so that a page that is gone is noticed."""


class _Bell:
    """What one page hears."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.rests = False


class Hub:
    """A bell that every followed page hears. All methods run on the server's event loop."""

    def __init__(self) -> None:
        self._bells: dict[_Bell, None] = {}
        """The one that has waited longest first."""
        self._closed = False

    @property
    def heard(self) -> bool:
        """Whether any page listens."""
        return bool(self._bells)

    def ring(self) -> None:
        for bell in self._bells:
            bell.rung.set()

    def close(self) -> None:
        """End all streams: the server stops."""
        self._closed = True
        self.ring()

    def response(self) -> Response:
        """An endless answer: one `changed` event for each ring; rings that come close together are one.

        `rest` is the last event of a page that others have taken the place of.
        """
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        with self._bell() as bell:
            yield "retry: 500\nevent: hello\ndata:\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(bell.rung.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ":\n\n"
                    continue
                bell.rung.clear()
                if bell.rests:
                    yield "event: rest\ndata:\n\n"
                    return
                if not self._closed:
                    yield "event: changed\ndata:\n\n"

    @contextmanager
    def _bell(self) -> Iterator[_Bell]:
        bell = _Bell()
        for other in list(self._bells)[: max(0, len(self._bells) + 1 - MAX_STREAMS)]:
            other.rests = True
            other.rung.set()
            del self._bells[other]
        self._bells[bell] = None
        try:
            yield bell
        finally:
            self._bells.pop(bell, None)
