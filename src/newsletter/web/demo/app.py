"""The demo's page on loopback: what arrived, each letter opened, and one click that really unsubscribes.

Touches: the demo's folder of .eml files, reading. Letters are shown as hostile: framed without scripts or origin. The
subscribers' pages answer under the same address, so that the links in the demo's letters work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from newsletter.errors import NewsletterError
from newsletter.web.guard import DESK_POLICY, LoopbackOnly, SecurityHeaders, own_origins
from newsletter.web.letter_frame.frame import SANDBOX, Frame, letter_response, picture_path, picture_response
from newsletter.web.live import Hub
from newsletter.web.page_templates import PageTemplates, Publisher

from .mailbox import Letter, Letterbox

VIEWS = ("letter", "text", "headers")
TICK = 0.4
"""Seconds between two looks at the folder and at who has left, while a page is open."""


@dataclass(frozen=True, slots=True)
class Person:
    """One subscriber of the demo and where they stand."""

    address: str
    name: str
    state: Literal["waiting", "delivered", "failed", "unsubscribed"]


def inbox_app(
    folder: Path, *, pages: Starlette, publisher: Publisher, people: Callable[[], Sequence[Person]]
) -> Starlette:
    """The application. `pages` answers /u/<token> and /healthz; `people` may block and is asked again and again."""
    desk = _Desk(Letterbox(folder), publisher, people)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(desk.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def unavailable(_request: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", status_code=503)

    app = Starlette(
        routes=[
            Route("/", desk.overview),
            Route("/events", desk.events),
            Route("/assets/{name}", desk.asset),
            Route("/message/{id}/letter", desk.letter),
            Route("/message/{id}/picture/{cid}", desk.picture),
            Route("/message/{id}/raw.eml", desk.raw),
            Mount("/", pages),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(LoopbackOnly)],
        exception_handlers={NewsletterError: unavailable},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.on_stop = (desk.hub.close,)
    return app


class _Desk:
    """The inbox's answers."""

    def __init__(self, box: Letterbox, publisher: Publisher, people: Callable[[], Sequence[Person]]) -> None:
        self.hub = Hub()
        self._box = box
        self._people = people
        self._templates = PageTemplates("demo", publisher.language)
        self._publisher = publisher

    async def overview(self, request: Request) -> Response:
        context = await run_in_threadpool(self._look, request)
        status = 404 if context["problem"] == "inbox.missing" else 200
        return self._templates.page("inbox.html.j2", context, policy=DESK_POLICY, status=status)

    async def letter(self, request: Request) -> Response:
        identity = request.path_params["id"]
        letter = await run_in_threadpool(self._open, identity)
        if letter is None or not letter.html:
            return _missing()
        addresses = {cid: f"/message/{picture_path(identity)}/picture/{picture_path(cid)}" for cid in letter.pictures}
        return letter_response(letter.html, Frame(addresses), request.scope["server"][1])

    async def picture(self, request: Request) -> Response:
        letter = await run_in_threadpool(self._open, request.path_params["id"])
        found = letter.pictures.get(request.path_params["cid"]) if letter else None
        return (picture_response(*found) if found else None) or _missing()

    async def raw(self, request: Request) -> Response:
        path = await run_in_threadpool(self._box.file, request.path_params["id"])
        return FileResponse(path, media_type="message/rfc822", filename=path.name) if path else _missing()

    async def events(self, _request: Request) -> Response:
        return self.hub.response()

    async def asset(self, request: Request) -> Response:
        return self._templates.asset(request.path_params["name"])

    async def watch(self) -> None:
        """Ring when a mail arrives or somebody leaves; looks only while a page is open."""
        seen: object = None
        while True:
            if self.hub.heard:
                with suppress(NewsletterError):
                    now = await run_in_threadpool(lambda: (self._box.stamp(), tuple(self._people())))
                    if now != seen:
                        self.hub.ring()
                    seen = now
            await asyncio.sleep(TICK)

    def _open(self, identity: str) -> Letter | None:
        try:
            return self._box.open(identity)
        except ValueError:
            return None

    def _look(self, request: Request) -> dict[str, Any]:
        """Everything on the page: the list, the people, and the chosen letter, by default the newest."""
        arrivals = self._box.arrivals()
        asked = request.query_params.get("message")
        chosen = next((arrival for arrival in arrivals if arrival.id == asked), None)
        current = chosen or (arrivals[0] if arrivals and asked is None else None)
        letter, problem = None, "inbox.missing" if asked and not chosen else ""
        if current:
            try:
                letter = self._box.open(current.id)
            except ValueError:
                problem = "inbox.large"
        people = self._people()
        view = request.query_params.get("view", "letter")
        return {
            "publisher": self._publisher,
            "arrivals": arrivals,
            "total": len(self._box.stamp()),
            "people": people,
            "left": {person.address for person in people if person.state == "unsubscribed"},
            "asked": bool(chosen),
            "current": current,
            "letter": letter,
            "problem": problem,
            "view": view if view in VIEWS else "letter",
            "views": VIEWS,
            "one_click": _here(letter, request.scope["server"][1]),
            "folder": self._box.folder,
            "sandbox": SANDBOX,
        }


def _here(letter: Letter | None, port: int) -> str:
    """The path of a letter's one-click address, if it leads to the pages on this server; else empty."""
    for origin in own_origins(port):
        if letter and letter.one_click.startswith(f"{origin}/u/"):
            return letter.one_click.removeprefix(origin)
    return ""


def _missing() -> Response:
    return PlainTextResponse("Not here.\n", status_code=404)
