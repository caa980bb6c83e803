"""The studio on loopback: the letter as one reader gets it, live, and what there is to know about it.

Touches: what it is given, and the workspace's notifications. Nothing here changes a file or sends an issue; a proof
goes only where the settings allow it. A broken issue shows its problems with their places, beside the last letter that
was good. Limits: one person at one machine.

All addresses lie under `/<start token>/`, and those in the pages are relative, so the token stands in none of them:

    GET  ./?issue=&as=&language=&tags=a;b&view=&look=&images=&ui=   the page; all may be left out (query.py)
    GET  ./letter/<digest>?look=&images=                        the framed letter (framing.py)
    GET  ./panel/<name>?issue=&as=&language=&tags=              findings, sizes, audience or issues: a piece of HTML
    GET  ./message.eml?issue=&as=&language=&tags=               the message as it would be sent, as a file
    GET  ./readers?words=                                       JSON: [{"address", "name"}]
    GET  ./events                                               `hello`, then `changed` after each save
    GET  ./assets/<name>.css, .js                               what lies under pages/
    POST ./proof        issue, to, csrf; may have as, language, tags: sends one proof, answers JSON (proof_form.py)

`studio.html.j2` is given
    publisher      Publisher: whose newsletter it is
    asked          View: the issue as it is now, with `problems` where it is broken
    letter         View or None: what is shown; `asked` itself, or the last good letter of that issue
    problems       list of (words, excerpt, hint) of `asked.problems`, ready to be shown
    reader         text of the reader's field
    query          Query: `query.view`, `query.look`, `query.images`, `query.asked.language`, `query.asked.tags`, and
                   `query.link(view="text", look=None)`, the address of this page with that changed; `as` is `as_`
    views, looks, image_choices, panels    names to choose from, in order
    frame          address of the framed letter for this look and images; empty without a letter
    sandbox        value of the frame's attribute `sandbox`
    panel_query    what follows `panel/<name>` and `message.eml`: `?issue=…`
    proof_to       addresses that a proof may go to; empty: the page names the setting `[preview] proof_to`
    csrf           the token for the proof's form
`panel_<name>.html.j2` is given `publisher`, `query`, and under its own name what view.py calls Findings, list of Size,
AudienceNumbers or Issues. The helper in the frame, `frame.js`, is put into the letter with a nonce.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.errors import NewsletterError, UsageError
from newsletter.web.background import aside
from newsletter.web.guard import DESK_POLICY, LoopbackOnly, SecurityHeaders, StartToken, new_token
from newsletter.web.letter_frame.frame import HELPED, Frame, letter_response, picture_path, picture_response
from newsletter.web.live import Hub
from newsletter.web.page_templates import PageTemplates

from .model import Letters, View
from .proof_form import ProofForm
from .query import IMAGES, LOOKS, MAX_WORD, VIEWS, Query
from .watch import watch

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9-]+")
_SHOWN = 64
"""Letters that a frame may still be asking for."""
ADVICE = """\
이 화면은 `newsletter preview`가 터미널에 적어 준 주소 전체로 열립니다. 다시 시작하면 주소가 바뀝니다.
This page opens with the whole address that `newsletter preview` printed in its terminal; each start has its own."""
"""In both languages: who asks without the token is told nothing of the workspace, not even its language."""


def studio_app(letters: Letters, watched: Path, token: str) -> Starlette:
    """The application under `/<token>/`; pages reload when a file under `watched` is saved."""
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
            Route("/panel/{name}", studio.panel),
            Route("/message.eml", studio.message),
            Route("/proof", studio.proofs.answer, methods=["POST"]),
            Route("/assets/{name}", studio.asset),
            Route("/letter/{digest}", studio.letter),
            Route("/letter/{digest}/picture/{cid}", studio.picture),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(LoopbackOnly),
            Middleware(StartToken, token=token, advice=ADVICE),
        ],
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
        self._csrf = new_token()
        self.proofs = ProofForm(letters, self._csrf, lambda: self._language)
        self._language = "ko"
        """The newsletter's, as last seen."""
        self._slow = asyncio.Semaphore(2)
        """Panels that are made at once; the letter never waits for them."""
        self._templates = {language: PageTemplates("studio", language) for language in ("ko", "en")}
        self._shown: OrderedDict[str, View] = OrderedDict()
        """Letters by digest, so that a page and the frame in it always show the same one."""
        self._last_good: OrderedDict[str, View] = OrderedDict()
        self._panels: Mapping[str, Callable[[Query], object]] = {
            "findings": lambda query: letters.findings(query.asked),
            "sizes": lambda query: letters.sizes(query.asked),
            "audience": lambda query: letters.audience(query.asked),
            "issues": lambda query: letters.issues(query.asked),
        }

    async def overview(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        view, proof_to = await run_in_threadpool(self._look, query)
        shown = self._remember(view)
        frame = f"letter/{shown.digest}?look={query.look}&images={query.images}" if shown else ""
        context: dict[str, Any] = {
            "publisher": view.publisher,
            "asked": view,
            "letter": shown,
            "reader": _field(view, shown, query.asked.reader),
            "problems": [(str(replace(one, excerpt="", hint="")), one.excerpt, one.hint) for one in view.problems],
            "query": query,
            "views": VIEWS,
            "looks": LOOKS,
            "image_choices": IMAGES,
            "panels": tuple(self._panels),
            "frame": frame,
            "sandbox": HELPED,
            "panel_query": query.link(view=None, look=None, images=None),
            "proof_to": proof_to,
            "csrf": self._csrf,
        }
        return self._spoken(query, view).page("studio.html.j2", context, policy=DESK_POLICY)

    async def letter(self, request: Request) -> Response:
        view = self._shown.get(request.path_params["digest"])
        if view is None:
            return _missing()
        query = Query.of(request.query_params)
        root = request.scope["root_path"]
        frame = Frame(
            pictures={cid: f"{root}/letter/{view.digest}/picture/{picture_path(cid)}" for cid in view.pictures},
            look=query.look,
            images=query.images == "on",
            # Opened in a tab of its own it gets no helper, and so no script at all.
            helper=self._templates["en"].script("frame.js") if _is_framed(request) else "",
        )
        return letter_response(view.html, frame, request.scope["server"][1])

    async def picture(self, request: Request) -> Response:
        view = self._shown.get(request.path_params["digest"])
        found = view.pictures.get(request.path_params["cid"]) if view else None
        return (picture_response(*found) if found else None) or _missing()

    async def panel(self, request: Request) -> Response:
        name = request.path_params["name"]
        make = self._panels.get(name)
        if make is None:
            return _missing()
        query = Query.of(request.query_params)
        view, _ = await run_in_threadpool(self._look, query)
        # With a very large audience it takes a minute; whoever ends the studio does not wait for that.
        async with self._slow:
            made = await aside(partial(make, query))
        context = {"publisher": view.publisher, "query": query, name: made}
        return self._spoken(query, view).page(f"panel_{name}.html.j2", context, policy=DESK_POLICY)

    async def message(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        slug, data = await run_in_threadpool(self._letters.message, query.asked)
        name = _NOT_IN_A_NAME.sub("-", slug)
        headers = {"Content-Disposition": f'attachment; filename="{name}.eml"'}
        return Response(data, media_type="message/rfc822", headers=headers)

    async def readers(self, request: Request) -> Response:
        """Whom a search finds, for the list under the field."""
        words = request.query_params.get("words", "")[:MAX_WORD]
        found = await run_in_threadpool(self._letters.find_readers, words)
        return JSONResponse([{"address": one.address, "name": one.name} for one in found])

    async def events(self, _request: Request) -> Response:
        return self.hub.response()

    async def asset(self, request: Request) -> Response:
        return self._templates["ko"].asset(request.path_params["name"])

    def _look(self, query: Query) -> tuple[View, tuple[str, ...]]:
        view = self._letters.load(query.asked)
        self._language = view.publisher.language
        return view, tuple(self._letters.proof_to())

    def _remember(self, view: View) -> View | None:
        """The letter to show: this one, or the last good one of the same issue."""
        good = self._last_good.get(view.slug) if view.problems else view
        if good is not None:
            _keep(self._last_good, good.slug, good)
            _keep(self._shown, good.digest, good)
        return good

    def _spoken(self, query: Query, view: View) -> PageTemplates:
        return self._templates.get(query.spoken or view.publisher.language, self._templates["en"])


def _is_framed(request: Request) -> bool:
    return request.headers.get("sec-fetch-dest", "iframe") == "iframe"


def _field(view: View, shown: View | None, asked: str | None) -> str:
    """What stands in the reader's field: who the letter is for, or, while it is broken, who it shall be for."""
    if not view.problems:
        return view.reader
    if asked is not None:
        return asked
    return shown.reader if shown else ""


def _keep(kept: OrderedDict[str, View], key: str, view: View) -> None:
    kept[key] = view
    kept.move_to_end(key)
    while len(kept) > _SHOWN:
        kept.popitem(last=False)


def _missing() -> Response:
    return PlainTextResponse("Not here.\n", status_code=404)
