"""Run one web application on a port: in the foreground until Ctrl-C, or in the background of a `with` block.

Touches: network. The port is bound before the application is built, so that a page can know its own address and a taken
port is an UnavailableError (69) at once. No request is ever logged: an address may carry a reader's token.
"""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from errno import EADDRNOTAVAIL
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from newsletter.catalogue import Said, phrase
from newsletter.errors import UnavailableError
from newsletter.settings.system_reason import system_reason

from .guard import MAX_HEADER
from .public_protocol import Limits, with_limits

GRACE = 5
"""Seconds that an answer under way has to finish once the server is told to stop."""

MOST_CONNECTIONS = 1024
BACKLOG = 128
"""Connections that the system holds ready, and that are taken at once."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound port, not yet served. `run_server` and `background` close it."""

    socket: socket.socket
    host: str
    port: int

    @property
    def url(self) -> str:
        """`http://127.0.0.1:8025`, without a trailing slash; an IPv6 host stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def listen(host: str, port: int) -> Listener:
    """Bind a port; 0 takes a free one. Raise UnavailableError (69) where it is taken, forbidden or nowhere."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, proto)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(
            phrase("web.server.cannot_listen", host=host, why=_why_no_host(error)),
            hint=phrase("web.server.choose_host"),
        ) from error
    try:
        # Without it a restart within a minute finds its own old connections (TIME_WAIT) on the port.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise UnavailableError(
            phrase("web.server.cannot_listen_on_port", host=host, port=port, why=system_reason(error)),
            hint=phrase("web.server.choose_host" if error.errno == EADDRNOTAVAIL else "web.server.choose_port"),
        ) from error
    return Listener(bound, host, bound.getsockname()[1])


def _is_fault(record: logging.LogRecord) -> bool:
    """False for an answer that was cut off because the server was told to end at once."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def _why_no_host(error: OSError | UnicodeError) -> Said:
    return system_reason(error) if isinstance(error, OSError) else phrase("settings.system.no_such_host")


class _Server(uvicorn.Server):
    """A server whose signals are ours, and which ends live streams first: they would never end by themselves."""

    def __init__(self, app: Starlette, limits: Limits | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11" if limits is None else with_limits(limits),
                backlog=BACKLOG,
                ws="none",
                lifespan="on",
                log_config=None,
                log_level=logging.ERROR,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
                h11_max_incomplete_event_size=MAX_HEADER,
            )
        )
        logging.getLogger("uvicorn.error").addFilter(_is_fault)
        self._app = app
        self.on_started: Callable[[], None] = lambda: None

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override] # uvicorn's is a generator
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in getattr(self._app.state, "on_stop", ()):
            stop()
        await super().shutdown(sockets=sockets)
        if self.force_exit:
            # uvicorn leaves it out then, and the application would be told of its end by an exception.
            await self.lifespan.shutdown()

    def cut_off(self) -> None:
        """End without the answers under way."""
        self.force_exit = True
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()


def run_server(
    app: Starlette, listener: Listener, *, limits: Limits | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGINT or SIGTERM, then finish the answers under way and return. `ready` is called once it answers.

    Main thread only; `limits` where strangers are served. A second signal does not wait for the answers under way.
    """
    server = _Server(app, limits)
    server.on_started = ready

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if server.should_exit:
            server.cut_off()
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(server.serve(sockets=[listener.socket]))
    finally:
        listener.socket.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def public_limits() -> Limits:
    """Those of a server that strangers reach: half of the files that this process may open, 1,024 at most."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return Limits(MOST_CONNECTIONS)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        return Limits(MOST_CONNECTIONS)
    # Beside the connections there are the ledger's files, and those that are taken before anybody is asked to leave.
    return Limits(max(1, min(MOST_CONNECTIONS, (files - BACKLOG) // 2)))


@contextmanager
def background(app: Starlette, listener: Listener, *, limits: Limits | None = None) -> Iterator[str]:
    """Serve in a thread for as long as the block runs; yields the address once it answers."""
    server = _Server(app, limits)
    started = threading.Event()
    server.on_started = started.set
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.serve(sockets=[listener.socket]))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - raised again in the thread that waits
            failures.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="newsletter-web", daemon=True)
    thread.start()
    started.wait()
    try:
        if failures:
            raise UnavailableError(phrase("web.server.cannot_start", why=str(failures[0]))) from failures[0]
        yield listener.url
    finally:
        server.should_exit = True
        thread.join()
        listener.socket.close()
