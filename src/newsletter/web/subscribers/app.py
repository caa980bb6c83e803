"""The subscribers' pages: `/u/<token>`, where one click ends a subscription, `/archive/`, and `/healthz`.

Touches: what it is given. The page knows no address: a token carries a keyed hash, which is all that is written down.
Looking changes nothing, since link scanners look at every link; only POST acts, and says "done" only when it is
(docs/design.md 4.7, RFC 8058).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from newsletter.audience.links import Token
from newsletter.errors import NewsletterError
from newsletter.web.guard import BoundedHeader, SecurityHeaders, read_body
from newsletter.web.page_templates import Publisher

from .archive import ArchiveSite
from .forms import field_of
from .languages import ASKED
from .pages import SubscriberPages
from .together import Together

MAX_TOKEN = 512
"""Characters; ours have about a hundred."""
LOOK_SECONDS = 0.5
"""So long a page waits to know whether somebody has left already. Without an answer it shows the button."""
ACT_SECONDS = 7.0
"""So long a click waits until it is durable; then it is told that it may not be."""
_NOBODY = Token(bytes(16), proof=True, list_id="")
"""Asked about to see whether the table can be read."""


class ReadToken(Protocol):
    """In microseconds, and never raises."""

    def __call__(self, token: str, /) -> Token | None: ...


class WhoLeft(Protocol):
    """Those of these who are suppressed. May block; raises a NewsletterError where the table cannot be read."""

    def __call__(self, tokens: Sequence[Token], /) -> Collection[Token]: ...


class LetGo(Protocol):
    """Returns once the suppressions are durable. May block; raises a NewsletterError where they cannot be written."""

    def __call__(self, tokens: Sequence[Token], /) -> object: ...


def pages_app(
    *,
    read_token: ReadToken,
    who_left: WhoLeft,
    let_go: LetGo,
    publisher: Publisher,
    archive: ArchiveSite | None = None,
) -> Starlette:
    """The application; what may block is called in a thread, clicks for all who wait at once.

    Routes: /u/<token>, /healthz and, with an `archive`, what is under /archive/.
    """
    pages = _Pages(
        read_token,
        looking=Together(who_left, seconds=LOOK_SECONDS),
        acting=Together(let_go, seconds=ACT_SECONDS),
        pages=SubscriberPages(publisher),
    )
    app = Starlette(
        routes=[
            Route("/u/{token}", pages.look, methods=["GET"]),
            Route("/u/{token}", pages.act, methods=["POST"]),
            Route("/healthz", pages.health, methods=["GET"]),
            *_archive_routes(archive),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(BoundedHeader)],
        exception_handlers={HTTPException: pages.refused, Exception: pages.unavailable},
    )
    # A redirect would turn the POST of a mail provider into nothing (RFC 8058, 3.1).
    app.router.redirect_slashes = False
    return app


def _archive_routes(archive: ArchiveSite | None) -> list[Route]:
    if archive is None:
        return []

    async def to_its_index(_request: Request) -> Response:
        return RedirectResponse("archive/", status_code=308)

    return [
        Route("/archive", to_its_index, methods=["GET"]),
        Route("/archive/{path:path}", archive.answer, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _Pages:
    """The answers."""

    read_token: ReadToken
    looking: Together[Token, Collection[Token]]
    acting: Together[Token, object]
    pages: SubscriberPages

    async def look(self, request: Request) -> Response:
        token = self._token(request)
        if token is None:
            return self._say(request, "bad", 404)
        if token.proof:
            return self._say(request, "proof")
        try:
            left = token in await self.looking.call_with(token)
        except (NewsletterError, TimeoutError):
            # Whoever wants to leave finds the button, however the ledger is.
            left = False
        return self._say(request, "already" if left else "leave")

    async def act(self, request: Request) -> Response:
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            return self._say(request, "slow", 408)
        # What it says does not matter: the token says it all.
        if body is None:
            return self._say(request, "large", 413)
        token = self._token(request)
        if token is None:
            return self._say(request, "bad", 404)
        if token.proof:
            return self._say(request, "proof")
        try:
            await self.acting.call_with(token)
        except (NewsletterError, TimeoutError):
            return self._say(request, "down", 503)
        return self._say(request, "done", shown_in=field_of(body, ASKED))

    async def health(self, _request: Request) -> Response:
        try:
            await self.looking.call_with(_NOBODY)
        except (NewsletterError, TimeoutError):
            return PlainTextResponse("The suppressions cannot be read.\n", status_code=503)
        return PlainTextResponse("ok")

    async def unavailable(self, request: Request, _error: Exception) -> Response:
        return self._say(request, "down", 503)

    async def refused(self, request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code, headers=error.headers)
        return self._say(request, "bad", 404)

    def _say(self, request: Request, what: str, status: int = 200, *, shown_in: str = "") -> Response:
        """`what` is a family of words (words/subscribers.toml): leave, done, already, proof, bad, down, large or slow.

        `shown_in` is the language of the page whose form was sent.
        """
        language = self.pages.language(request, known=shown_in)
        return self.pages.once("unsubscribe.html.j2", language, what, status=status)

    def _token(self, request: Request) -> Token | None:
        text: str = request.path_params["token"]
        return self.read_token(text) if len(text) <= MAX_TOKEN else None
