"""What stands before every page: security headers, and the check that a page on loopback is asked for by its own name.

Touches: nothing. A page on 127.0.0.1 can be reached by any site through a name that resolves to it (DNS rebinding); the
Host header tells them apart. Limits: whoever has an account on this machine can open the page.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMMON_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of whatever brings none of its own."""

DESK_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of the pages on loopback: their own files alone; a framed letter cannot lead its frame away."""


class SecurityHeaders:
    """Every answer carries the common headers, and a content security policy: its own or the strictest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**COMMON_HEADERS, "Content-Security-Policy": NOTHING}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class LoopbackOnly:
    """Answer 421 to a Host that is not this machine's own name with this server's port (RFC 9110, 15.5.20)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hosts = [host.casefold() for host in Headers(scope=scope).getlist("host")]
            if len(hosts) != 1 or hosts[0] not in own_names(scope["server"][1]):
                refusal = PlainTextResponse("This page answers on this machine only.\n", status_code=421)
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
