"""The subscribers' pages: `/u/<token>`, where one click ends a subscription, and `/healthz`.

Touches: what it is given. The page knows no address: a token carries a keyed hash, which is all that is written down.
Looking changes nothing, since link scanners look at every link; only POST acts, and says "done" only when it is
(docs/design.md 4.7, RFC 8058).
"""

from dataclasses import dataclass
from typing import Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.audience.links import Token
from newsletter.errors import NewsletterError
from newsletter.ledger.states import SuppressionReason
from newsletter.web.guard import SecurityHeaders, read_body
from newsletter.web.page_templates import PageTemplates, Publisher, source_hash

MAX_TOKEN = 512
"""Characters; ours have about a hundred."""


class ReadToken(Protocol):
    def __call__(self, token: str, /) -> Token | None: ...


class IsHashSuppressed(Protocol):
    """May block; raises a NewsletterError where the table cannot be read."""

    def __call__(self, address_hash: bytes, /) -> bool: ...


class Suppress(Protocol):
    """Returns once the suppression is durable. May block; raises a NewsletterError where it cannot be written."""

    def __call__(self, address_hash: bytes, reason: str, /) -> object: ...


def pages_app(
    *, read_token: ReadToken, is_suppressed: IsHashSuppressed, suppress: Suppress, publisher: Publisher
) -> Starlette:
    """The application; every callable is called in a worker thread. Routes: /u/<token> and /healthz."""
    pages = _Pages(read_token, is_suppressed, suppress, _Answers(publisher))
    app = Starlette(
        routes=[
            Route("/u/{token}", pages.look, methods=["GET"]),
            Route("/u/{token}", pages.act, methods=["POST"]),
            Route("/healthz", pages.health, methods=["GET"]),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            NewsletterError: pages.unavailable,
            HTTPException: pages.refused,
            Exception: pages.unavailable,
        },
    )
    # A redirect would turn the POST of a mail provider into nothing (RFC 8058, 3.1).
    app.router.redirect_slashes = False
    return app


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

    def say(self, what: str, status: int = 200) -> Response:
        """`what` is a family of words (words/subscribers.toml): leave, done, already, proof, bad, down or large."""
        context = {"what": what, "publisher": self._publisher}
        page = self._templates.page("unsubscribe.html.j2", context, policy=self._policy, status=status)
        if status == 503:
            page.headers["Retry-After"] = "60"
        return page


@dataclass(frozen=True, slots=True)
class _Pages:
    """The answers."""

    read_token: ReadToken
    is_suppressed: IsHashSuppressed
    suppress: Suppress
    answers: _Answers

    async def look(self, request: Request) -> Response:
        token = await self._token(request)
        if token is None:
            return self.answers.say("bad", 404)
        if token.proof:
            return self.answers.say("proof")
        left = await run_in_threadpool(self.is_suppressed, token.address_hash)
        return self.answers.say("already" if left else "leave")

    async def act(self, request: Request) -> Response:
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            return self.answers.say("slow", 408)
        # What it says does not matter: the token says it all.
        if body is None:
            return self.answers.say("large", 413)
        token = await self._token(request)
        if token is None:
            return self.answers.say("bad", 404)
        if token.proof:
            return self.answers.say("proof")
        await run_in_threadpool(self.suppress, token.address_hash, SuppressionReason.UNSUBSCRIBED)
        return self.answers.say("done")

    async def health(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self.is_suppressed, bytes(16))
        except NewsletterError:
            return PlainTextResponse("The suppressions cannot be read.\n", status_code=503)
        return PlainTextResponse("ok")

    async def unavailable(self, _request: Request, _error: Exception) -> Response:
        return self.answers.say("down", 503)

    async def refused(self, _request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code, headers=error.headers)
        return self.answers.say("bad", 404)

    async def _token(self, request: Request) -> Token | None:
        text: str = request.path_params["token"]
        return await run_in_threadpool(self.read_token, text) if len(text) <= MAX_TOKEN else None
