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
from newsletter.web.page_templates import PageTemplates, Publisher, source_hash

from .archive import ArchiveSite
from .together import Together

MAX_TOKEN = 512
"""Characters; ours have about a hundred."""
LOOK_SECONDS = 0.5
"""So long a page waits to know whether somebody has left already. Without an answer it shows the button."""
ACT_SECONDS = 7.0
"""So long a click waits until it is durable; then it is told that it may not be."""
RETRY_AFTER = 60
"""Seconds."""
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
        answers=_Answers(publisher),
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


class _Answers:
    """The few pages there are; all are made of one template and one inline style, so that nothing else is asked for."""

    def __init__(self, publisher: Publisher) -> None:
        self._templates = PageTemplates("subscribers", publisher.language)
        self._publisher = publisher
        style = source_hash(self._templates.text("page.css.j2"))
        # The form has no action: it posts to its own address, whatever path a web server in front has put before it.
        self._policy = (
            f"default-src 'none'; style-src {style}; img-src data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        self._made: dict[str, Response] = {}

    def say(self, what: str, status: int = 200) -> Response:
        """`what` is a family of words (words/subscribers.toml): leave, done, already, proof, bad, down, large or slow.

        A page says nothing of who asked, so each is made once.
        """
        if what not in self._made:
            context = {"what": what, "publisher": self._publisher}
            page = self._templates.page("unsubscribe.html.j2", context, policy=self._policy, status=status)
            if status == 503:
                page.headers["Retry-After"] = str(RETRY_AFTER)
            if status == 408:  # the rest of the body may come, and must not be taken for a request
                page.headers["Connection"] = "close"
            self._made[what] = page
        return self._made[what]


@dataclass(frozen=True, slots=True)
class _Pages:
    """The answers."""

    read_token: ReadToken
    looking: Together[Token, Collection[Token]]
    acting: Together[Token, object]
    answers: _Answers

    async def look(self, request: Request) -> Response:
        token = self._token(request)
        if token is None:
            return self.answers.say("bad", 404)
        if token.proof:
            return self.answers.say("proof")
        try:
            left = token in await self.looking.call_with(token)
        except (NewsletterError, TimeoutError):
            # Whoever wants to leave finds the button, however the ledger is.
            left = False
        return self.answers.say("already" if left else "leave")

    async def act(self, request: Request) -> Response:
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            return self.answers.say("slow", 408)
        # What it says does not matter: the token says it all.
        if body is None:
            return self.answers.say("large", 413)
        token = self._token(request)
        if token is None:
            return self.answers.say("bad", 404)
        if token.proof:
            return self.answers.say("proof")
        try:
            await self.acting.call_with(token)
        except (NewsletterError, TimeoutError):
            return self.answers.say("down", 503)
        return self.answers.say("done")

    async def health(self, _request: Request) -> Response:
        try:
            await self.looking.call_with(_NOBODY)
        except (NewsletterError, TimeoutError):
            return PlainTextResponse("The suppressions cannot be read.\n", status_code=503)
        return PlainTextResponse("ok")

    async def unavailable(self, _request: Request, _error: Exception) -> Response:
        return self.answers.say("down", 503)

    async def refused(self, _request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code, headers=error.headers)
        return self.answers.say("bad", 404)

    def _token(self, request: Request) -> Token | None:
        text: str = request.path_params["token"]
        return self.read_token(text) if len(text) <= MAX_TOKEN else None
