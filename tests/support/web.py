"""A web application on a real port of this machine, for as long as a `with` block runs."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from newsletter.web.server import background, listen


@contextmanager
def site(app: Starlette) -> Iterator[httpx.Client]:
    """Serve the application on a free port and yield a client of it that follows no redirect."""
    with (
        background(app, listen("127.0.0.1", 0)) as url,
        httpx.Client(base_url=url, follow_redirects=False, trust_env=False) as client,
    ):
        yield client


@contextmanager
def foreign_site() -> Iterator[tuple[str, list[str]]]:
    """Somebody else's server: its address, and what was asked of it so far."""
    asked: list[str] = []

    async def remember(request: Request) -> PlainTextResponse:
        asked.append(f"{request.method} {request.url.path}")
        return PlainTextResponse("seen")

    app = Starlette(routes=[Route("/{path:path}", remember, methods=["GET", "POST"])])
    with background(app, listen("127.0.0.1", 0)) as url:
        yield url, asked


def connected(port: int, sent: bytes = b"", *, host: str = "127.0.0.1", seconds: float = 20) -> socket.socket:
    """A connection that has sent this; its calls fail after so many seconds."""
    client = socket.create_connection((host, port), timeout=seconds)
    if sent:
        client.sendall(sent)
    return client


def answered(client: socket.socket) -> bytes:
    """All that comes until the server closes."""
    parts = []
    # A server that closes while octets are on their way to it resets the connection: what came before, came.
    with suppress(ConnectionResetError):
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)
