"""The studio on loopback: the letter, its text twin and its headers as one reader gets them, live.

Touches: what it is given, and the workspace's notifications. Nothing here can change or send anything. A broken issue
shows its problems with their places, beside the last letter that was good. Limits: one person at one machine.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.errors import NewsletterError, UsageError

from .framing import SANDBOX, framed, letter_response, picture_path, picture_response
from .guard import DESK_POLICY, LoopbackOnly, SecurityHeaders
from .live import Hub
from .paper import Paper
from .view import Letters, View
from .watch import watch

VIEWS = ("letter", "text", "headers")
_SHOWN = 8
"""Letters that a frame may still be asking for."""
MAX_QUERY = 200


def studio_app(letters: Letters, watched: Path) -> Starlette:
    """The application; pages reload when a file under `watched` is saved."""
    studio = _Studio(letters)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(watched, studio.hub.ring))
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def missing(_request: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", status_code=404 if isinstance(error, UsageError) else 503)

    app = Starlette(
        routes=[
            Route("/", studio.overview),
            Route("/events", studio.events),
            Route("/readers", studio.readers),
            Route("/assets/desk.css", studio.style),
            Route("/assets/desk.js", studio.script),
            Route("/letter/{digest}", studio.letter),
            Route("/letter/{digest}/picture/{cid}", studio.picture),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(LoopbackOnly)],
        exception_handlers={NewsletterError: missing},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.on_stop = (studio.hub.close,)
    return app


class _Studio:
    """The studio's answers."""

    def __init__(self, letters: Letters) -> None:
        self.hub = Hub()
        self._letters = letters
        self._papers = {language: Paper(language) for language in ("ko", "en")}
        self._shown: OrderedDict[str, View] = OrderedDict()
        """Letters by digest, so that a page and the frame in it always show the same one."""
        self._last_good: dict[str, View] = {}

    async def overview(self, request: Request) -> Response:
        asked = request.query_params
        reader = asked.get("as")
        view = await run_in_threadpool(
            self._letters.load, asked.get("issue") or None, None if reader is None else reader[:MAX_QUERY]
        )
        shown = self._remember(view)
        chosen = asked.get("view", "letter")
        context: dict[str, Any] = {
            "publisher": view.publisher,
            "asked": view,
            "letter": shown,
            "reader": _field(view, shown, reader),
            "problems": [(str(replace(one, excerpt="", hint="")), one.excerpt, one.hint) for one in view.problems],
            "view": chosen if chosen in VIEWS else "letter",
            "views": VIEWS,
            "sandbox": SANDBOX,
        }
        return self._paper(view).page("studio.html.j2", context, policy=DESK_POLICY)

    async def letter(self, request: Request) -> Response:
        view = self._shown.get(request.path_params["digest"])
        if view is None:
            return _missing()
        addresses = {cid: f"/letter/{view.digest}/picture/{picture_path(cid)}" for cid in view.pictures}
        return letter_response(framed(view.html, addresses), request.scope["server"][1])

    async def picture(self, request: Request) -> Response:
        view = self._shown.get(request.path_params["digest"])
        found = view.pictures.get(request.path_params["cid"]) if view else None
        return (picture_response(*found) if found else None) or _missing()

    async def readers(self, request: Request) -> Response:
        """Whom a search finds, for the list under the field."""
        words = request.query_params.get("words", "")[:MAX_QUERY]
        found = await run_in_threadpool(self._letters.find_readers, words)
        return JSONResponse([{"address": one.address, "name": one.name} for one in found])

    async def events(self, _request: Request) -> Response:
        return self.hub.response()

    async def style(self, _request: Request) -> Response:
        return self._papers["ko"].asset("desk.css")

    async def script(self, _request: Request) -> Response:
        return self._papers["ko"].asset("desk.js")

    def _remember(self, view: View) -> View | None:
        """The letter to show: this one, or the last good one of the same issue."""
        good = self._last_good.get(view.slug) if view.problems else view
        if good is not None:
            self._last_good[good.slug] = good
            self._shown[good.digest] = good
            self._shown.move_to_end(good.digest)
            while len(self._shown) > _SHOWN:
                self._shown.popitem(last=False)
        return good

    def _paper(self, view: View) -> Paper:
        return self._papers.get(view.publisher.language, self._papers["en"])


def _field(view: View, shown: View | None, asked: str | None) -> str:
    """What stands in the reader's field: who the letter is for, or, while it is broken, who it shall be for."""
    if not view.problems:
        return view.reader
    if asked is not None:
        return asked
    return shown.reader if shown else ""


def _missing() -> Response:
    return PlainTextResponse("Not here.\n", status_code=404)
