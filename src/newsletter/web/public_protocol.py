"""HTTP for whoever there is: uvicorn's h11 protocol with limits of time, size and number. Touches: sockets.

uvicorn limits how long a kept connection may be silent, and nothing else: half a request holds its connection for as
long as its client likes. Here every connection has a deadline for what it waits for, and a place in the crowd. Whoever
serves strangers takes this one (server.py); the pages on loopback take uvicorn's own. Limits: HTTP/1.1; TLS is the
business of the web server in front.
"""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .crowd import Crowd, origin_of

_READ = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection and all of them may take. Seconds are counted from where the wait begins, not from a byte."""

    connections: int
    waiting_of_one: int = 64
    """Of one address; not of loopback, where a proxy stands for everybody."""
    header_seconds: float = 10.0
    body_seconds: float = 15.0
    """More than guard.BODY_SECONDS, so that the application says first that it was too slow."""
    answer_seconds: float = 30.0
    """Anew whenever some 50 KB of it were read: a large file over a slow line takes as long as it takes."""


class _Waits(Enum):
    """What a connection waits for: the first two are in the hands of the client."""

    HEADER = "header"
    BODY = "body"
    ANSWER = "answer"


class PublicProtocol(H11Protocol):
    """One connection; `with_limits` makes the class for one server."""

    limits: ClassVar[Limits]
    crowd: ClassVar[Crowd["PublicProtocol"]]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self._origin = origin_of(self.client[0] if self.client else "")
        self._waits: _Waits | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._has_ended = False
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        # What follows is a request of its own, also where it has come already (pipelining).
        self._waits = None
        super().on_response_complete()
        self._look()
        if self._has_ended and self._waits is not _Waits.ANSWER:
            self.transport.close()

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn's returns None, which is False
        """Stay for the answer where a client closes its side behind a whole request."""
        self._has_ended = True
        return self._waits is _Waits.ANSWER

    def connection_lost(self, exc: Exception | None) -> None:
        self._set_deadline(None)
        self.crowd.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._waits is _Waits.ANSWER:
            self.crowd.be_busy(self)
            self._set_deadline(self.limits.answer_seconds)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's has one sentence for all
        """Called by uvicorn while it handles h11's error, which knows better: 431 for a header that is too large."""
        error = sys.exc_info()[1]
        self._refuse(error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400)
        self.transport.close()
        if self.cycle is not None:
            # An application that is at it has nobody any more to answer, whom uvicorn tells it only later.
            self.cycle.disconnected = True

    def _look(self) -> None:
        """Set place and deadline by what the connection waits for now."""
        if self.transport.is_closing():
            return
        state = self.conn.their_state
        waits = {h11.IDLE: _Waits.HEADER, h11.SEND_BODY: _Waits.BODY}.get(state, _Waits.ANSWER)
        if waits is self._waits:
            return
        waited, self._waits = self._waits, waits
        limits = self.limits
        seconds = {
            _Waits.HEADER: limits.header_seconds,
            _Waits.BODY: limits.body_seconds,
            _Waits.ANSWER: limits.answer_seconds,
        }
        self._set_deadline(seconds[waits])
        if waits is _Waits.ANSWER and not self.flow.write_paused:
            self.crowd.be_busy(self)
        elif waited is not _Waits.HEADER:
            self._wait()

    def _wait(self) -> None:
        self.crowd.wait(self, self._origin)
        while (who := self.crowd.who_goes(self._origin)) is not None:
            who.make_room()

    def make_room(self) -> None:
        """Go, unless what has come and was not read yet makes the request whole."""
        # Of many who come at once, all are accepted before the first is read.
        if self.crowd.may_be_busy and (data := self._read_now()):
            self.data_received(data)
        if self._waits is not _Waits.ANSWER or self.flow.write_paused:
            self.cut_off(503)

    def _read_now(self) -> bytes:
        """What the system has of it; nothing on Windows, where a socket is no file."""
        with suppress(OSError):
            return os.read(self.transport.get_extra_info("socket").fileno(), _READ)
        return b""

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.cut_off, 408)

    def cut_off(self, status: int) -> None:
        """End it now, with a word where a request has begun and no answer has."""
        self.crowd.leave(self)
        if self._waits is _Waits.HEADER and (status != 408 or self.conn.trailing_data[0]):
            self._refuse(status)
        self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Answer without the application, where nothing has been answered yet; then the connection is of no use."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE) or self.transport.is_closing():
            return
        reason = HTTPStatus(status).phrase.encode()
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append((b"retry-after", b"10"))
        for event in (h11.Response(status_code=status, headers=headers, reason=reason), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))


def with_limits(limits: Limits) -> type[asyncio.Protocol]:
    """The protocol of one server: uvicorn knows it by its class alone, so the class is what its connections share."""
    crowd: Crowd[PublicProtocol] = Crowd(most=limits.connections, waiting_of_one=limits.waiting_of_one)
    return type("PublicProtocol", (PublicProtocol,), {"limits": limits, "crowd": crowd})
