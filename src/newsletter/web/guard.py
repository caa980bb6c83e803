"""What stands before every page: security headers, and the check that a page on loopback is asked for by its own name.

Touches: nothing. A page on 127.0.0.1 can be reached by any site through a name that resolves to it (DNS rebinding); the
Host header tells them apart. Whoever else has an account on this machine can reach the port; the studio therefore lives
under a start token that only its own terminal shows.
"""

import asyncio
import secrets
from collections.abc import Mapping
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.catalogue import LANGUAGES, Said, phrase

COMMON_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICTEST_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of whatever brings none of its own."""

_ON_ALL = [
    (name.lower().encode(), value.encode())
    for name, value in {**COMMON_HEADERS, "Content-Security-Policy": STRICTEST_POLICY}.items()
]
"""As ASGI has headers: names in lower case."""

LOOPBACK_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of the pages on loopback: their own files alone; a framed letter cannot lead its frame away."""


MAX_HEADER = 16_384
"""Bytes of request line and headers; a token and a browser's headers stay far below."""
MAX_BODY = 16_384
"""Bytes of a POST that are read before it is refused: an RFC 8058 body has 26, as multipart a few hundred, and so has
the studio's form. The desk's are larger."""
BODY_SECONDS = 10.0


class SecurityHeaders:
    """Every answer carries the common headers, and a content security policy: its own or the strictest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message.get("headers", [])}
                message["headers"] = [*message.get("headers", []), *(one for one in _ON_ALL if one[0] not in given)]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BoundedHeader:
    """Answer 431 to a request line and headers that are too large: the parser bounds only those that are not whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            size = len(scope["raw_path"]) + len(scope["query_string"])
            size += sum(len(name) + len(value) + len(": \r\n") for name, value in scope["headers"])
            if size > MAX_HEADER:
                await plain(phrase("web.guard.large_header"), 431)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class LoopbackOnly:
    """Answer 421 to a Host that is not this machine's own name with this server's port (RFC 9110, 15.5.20)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hosts = [host.casefold() for host in Headers(scope=scope).getlist("host")]
            if len(hosts) != 1 or hosts[0] not in own_names(scope["server"][1]):
                refusal = plain(phrase("web.guard.this_machine_only"), 421)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def own_names(port: int) -> frozenset[str]:
    """The Host headers of a server on loopback: `127.0.0.1:8025`, `localhost:8025`, `[::1]:8025`."""
    names = ("127.0.0.1", "localhost", "[::1]")
    # A browser leaves out the port that http means anyway (RFC 9110, 4.2.3).
    return frozenset([*(f"{name}:{port}" for name in names), *(names if port == 80 else ())])


def own_origins(port: int) -> frozenset[str]:
    """The Origin headers of pages that this server has sent."""
    return frozenset(f"http://{name}" for name in own_names(port))


def new_token() -> str:
    """192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def same(given: str, wanted: str) -> bool:
    """Whether a secret is the right one, in a time that does not tell how much of it is."""
    # JSON may hold half a character, which has no encoding and is no secret of ours.
    return secrets.compare_digest(given.encode(errors="surrogatepass"), wanted.encode())


class StartToken:
    """Let through only what asks under `/<token>/`; the routes behind it see the rest of the path."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        first, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not same(first, self._token):
            await plain(phrase("web.guard.start_token"), 403)(scope, receive, send)
        elif not slash:
            await RedirectResponse(f"/{quote(self._token)}/", status_code=308)(scope, receive, send)
        else:
            await self._app({**scope, "root_path": f"/{self._token}"}, receive, send)


def own_post(headers: Mapping[str, str], port: int) -> bool:
    """Whether a POST comes from a page of this server: its Origin says so, and nothing contradicts it."""
    # Browsers send an Origin with every POST (Fetch 3.2); a sandboxed letter's is "null".
    if headers.get("origin", "").casefold() not in own_origins(port):
        return False
    return headers.get("sec-fetch-site", "same-origin") == "same-origin"


async def read_body(request: Request, largest: int = MAX_BODY) -> bytes | None:
    """A body in bounded time and size; None where it is too large. TimeoutError, or ClientDisconnect."""
    # A client that waits for "100 Continue" before it sends so much is spared the sending.
    if int(request.headers.get("content-length", "0")) > largest:
        return None
    body = b""
    async with asyncio.timeout(BODY_SECONDS):
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                return None
    return body


def plain(words: Said, status: int) -> Response:
    """A line of text in each language: who is refused here is told nothing of the newsletter, not even its language."""
    return PlainTextResponse("".join(f"{words.in_language(one)}\n" for one in LANGUAGES), status_code=status)


def not_here() -> Response:
    return plain(phrase("web.guard.not_here"), 404)
