"""The subscribers' pages as one application: what is under `/u/<token>`, `/subscribe`, `/archive/`, and
`/healthz`.

Touches: what it is given. The pages know no address: a token carries a keyed hash, which is all that is written down.
"""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from newsletter.audience.links import Token
from newsletter.errors import NewsletterError
from newsletter.web.guard import BoundedHeader, SecurityHeaders
from newsletter.web.page_templates import Publisher

from .archive import ArchiveSite
from .holders import Holders
from .leaving import LeavingPages
from .link import LinkPages, SaidInsteadError
from .pages import SubscriberPages
from .preferences import Offered, PreferencePages
from .sign_up import sign_up_routes
from .sign_up_calls import SignUpSite

_NOBODY = Token(bytes(16), proof=True, list_id="")
"""Asked about to see whether the table can be read."""


def pages_app(
    people: Holders,
    *,
    publisher: Publisher,
    offered: Offered | None = None,
    archive: ArchiveSite | None = None,
    sign_up: SignUpSite | None = None,
) -> Starlette:
    """The application; what may block is called in a thread, for all who wait at once.

    Routes: /u/<token> and what is below it, /healthz; with `sign_up`, /subscribe and /confirm/<token>; with an
    `archive`, what is under /archive/.
    """
    pages = SubscriberPages(publisher)
    links = LinkPages(people, pages)
    around = _Around(links)
    app = Starlette(
        routes=[
            *LeavingPages(links, people).routes(),
            *PreferencePages(links, people, offered or Offered()).routes(),
            Route("/healthz", around.health, methods=["GET"]),
            *sign_up_routes(sign_up, pages),
            *_archive_routes(archive, links),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(BoundedHeader)],
        exception_handlers={
            HTTPException: around.refused,
            SaidInsteadError: around.said_instead,
            Exception: around.unavailable,
        },
    )
    # A redirect would turn the POST of a mail provider into nothing (RFC 8058, 3.1).
    app.router.redirect_slashes = False
    return app


def _archive_routes(archive: ArchiveSite | None, links: LinkPages) -> list[Route]:
    if archive is None:
        return []

    async def to_its_index(_request: Request) -> Response:
        return RedirectResponse("archive/", status_code=308)

    async def answer(request: Request) -> Response:
        return await archive.answer(request, lambda request: links.say(request, "no_archive", 404))

    return [
        Route("/archive", to_its_index, methods=["GET"]),
        Route("/archive/{path:path}", answer, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _Around:
    """What is answered where no page is meant."""

    links: LinkPages

    async def health(self, _request: Request) -> Response:
        try:
            await self.links.looking.call_with(_NOBODY)
        except (NewsletterError, TimeoutError):
            return PlainTextResponse("The suppressions cannot be read.\n", status_code=503)
        return PlainTextResponse("ok")

    async def unavailable(self, request: Request, _error: Exception) -> Response:
        return self.links.say(request, "unsaved", 503)

    async def said_instead(self, _request: Request, error: Exception) -> Response:
        if not isinstance(error, SaidInsteadError):
            raise error
        return error.answer

    async def refused(self, request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code, headers=error.headers)
        return self.links.say(request, "bad", 404)
