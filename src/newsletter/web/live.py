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


class _Follower:
    """One page, and what it has to be told."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self.rests = False


class Hub:
    """All pages that are open and followed. All methods run on the server's event loop."""

    def __init__(self) -> None:
        self._followers: dict[_Follower, None] = {}
        """The one that has waited longest first."""
        self._closed = False

    @property
    def is_followed(self) -> bool:
        """Whether any page listens."""
        return bool(self._followers)

    def notify(self) -> None:
        for follower in self._followers:
            follower.told.set()

    def close(self) -> None:
        """End all streams: the server stops."""
        self._closed = True
        self.notify()

    def response(self) -> Response:
        """An endless answer: one `changed` event for each notice; notices that come close together are one.

        `rest` is the last event of a page that others have taken the place of.
        """
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        with self._follower() as follower:
            yield "retry: 500\nevent: hello\ndata:\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(follower.told.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ":\n\n"
                    continue
                follower.told.clear()
                if follower.rests:
                    yield "event: rest\ndata:\n\n"
                    return
                if not self._closed:
                    yield "event: changed\ndata:\n\n"

    @contextmanager
    def _follower(self) -> Iterator[_Follower]:
        follower = _Follower()
        for other in list(self._followers)[: max(0, len(self._followers) + 1 - MAX_STREAMS)]:
            other.rests = True
            other.told.set()
            del self._followers[other]
        self._followers[follower] = None
        try:
            yield follower
        finally:
            self._followers.pop(follower, None)
