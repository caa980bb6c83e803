"""The demo's page on loopback: what arrived, each letter opened, and one click that really unsubscribes.

Touches: the demo's folder of .eml files, reading. Letters are shown as hostile: framed without scripts or origin. The
subscribers' pages answer under the same address, so that the links in the demo's letters work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from newsletter.errors import NewsletterError
from newsletter.web.guard import LOOPBACK_POLICY, LoopbackOnly, SecurityHeaders, not_here, own_origins
from newsletter.web.letter_frame.frame import SANDBOX, LetterFrame, letter_response, picture_path, picture_response
from newsletter.web.live import Hub
from newsletter.web.page_templates import PageTemplates, Publisher

from .mailbox import DemoMailbox, ReceivedMail

_VIEWS = ("letter", "text", "headers")
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
    inbox = _Inbox(DemoMailbox(folder), publisher, people)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(inbox.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    app = Starlette(
        routes=[
            Route("/", inbox.overview),
            Route("/events", inbox.events),
            Route("/assets/{name}", inbox.asset),
            Route("/message/{id}/letter", inbox.letter),
            Route("/message/{id}/picture/{cid}", inbox.picture),
            Route("/message/{id}/raw.eml", inbox.raw),
            Mount("/", pages),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(LoopbackOnly)],
        exception_handlers={NewsletterError: inbox.failed},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.on_stop = (inbox.hub.close,)
    return app


class _Inbox:
    """The inbox's answers."""

    def __init__(self, box: DemoMailbox, publisher: Publisher, people: Callable[[], Sequence[Person]]) -> None:
        self.hub = Hub()
        self._box = box
        self._people = people
        self._templates = PageTemplates("demo", publisher.language)
        self._publisher = publisher

    async def overview(self, request: Request) -> Response:
        context = await run_in_threadpool(self._look, request)
        status = 404 if context["problem"] == "demo.missing" else 200
        return self._templates.page("inbox.html.j2", context, policy=LOOPBACK_POLICY, status=status)

    async def letter(self, request: Request) -> Response:
        identity = request.path_params["id"]
        letter = await run_in_threadpool(self._open, identity)
        if letter is None or not letter.html:
            return not_here()
        addresses = {cid: f"/message/{picture_path(identity)}/picture/{picture_path(cid)}" for cid in letter.pictures}
        return letter_response(letter.html, LetterFrame(addresses), request.scope["server"][1])

    async def picture(self, request: Request) -> Response:
        letter = await run_in_threadpool(self._open, request.path_params["id"])
        found = letter.pictures.get(request.path_params["cid"]) if letter else None
        return (picture_response(*found) if found else None) or not_here()

    async def raw(self, request: Request) -> Response:
        path = await run_in_threadpool(self._box.file, request.path_params["id"])
        return FileResponse(path, media_type="message/rfc822", filename=path.name) if path else not_here()

    async def events(self, _request: Request) -> Response:
        return self.hub.response()

    async def asset(self, request: Request) -> Response:
        return self._templates.asset(request.path_params["name"])

    async def failed(self, _request: Request, error: Exception) -> Response:
        words = self._templates.said(cast(NewsletterError, error))
        return PlainTextResponse(f"{words}\n", status_code=503)

    async def watch(self) -> None:
        """Notify the page when a mail arrives or somebody leaves; looks only while a page is open."""
        seen: object = None
        while True:
            if self.hub.is_followed:
                with suppress(NewsletterError):
                    now = await run_in_threadpool(lambda: (self._box.stamp(), tuple(self._people())))
                    if now != seen:
                        self.hub.notify()
                    seen = now
            await asyncio.sleep(TICK)

    def _open(self, identity: str) -> ReceivedMail | None:
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
        letter, problem = None, "demo.missing" if asked and not chosen else ""
        if current:
            try:
                letter = self._box.open(current.id)
            except ValueError:
                problem = "demo.large"
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
            "view": view if view in _VIEWS else "letter",
            "views": _VIEWS,
            "one_click": _here(letter, request.scope["server"][1]),
            "folder": self._box.folder,
            "sandbox": SANDBOX,
        }


def _here(letter: ReceivedMail | None, port: int) -> str:
    """The path of a letter's one-click address, if it leads to the pages on this server; else empty."""
    for origin in own_origins(port):
        if letter and letter.one_click.startswith(f"{origin}/u/"):
            return letter.one_click.removeprefix(origin)
    return ""
