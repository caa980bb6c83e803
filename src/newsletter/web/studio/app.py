"""The studio on loopback: the letter as one reader gets it, live, and what there is to know about it.

Touches: what it is given, and the workspace's notifications. Nothing here sends an issue: a proof goes only where the
settings allow it, a comment into the file of the issue's comments, an approval beside the issue, what is written at the
desk into the issue's own file. A broken issue shows its problems with their places, beside the last letter
that was good. Limits: one person at one machine.

All addresses lie under `/<start token>/`, and those in the pages are relative, so the token stands in none of them:

    GET  ./?issue=&as=&language=&tags=a;b&view=&look=&images=&ui=&write=   the page; all may be left out (query.py)
    GET  ./letter/<digest>?look=&images=                        the framed letter (letter_frame/frame.py)
    GET  ./panel/<name>?issue=&as=&language=&tags=              one of panels/registry.py: a piece of HTML
    GET  ./message.eml?issue=&as=&language=&tags=               the message as it would be sent, as a file
    GET  ./standalone.html?issue=&as=&language=&tags=           the letter as one file to show a draft
    GET  ./readers?words=                                       JSON: [{"address", "name"}]
    GET  ./events                                               `hello`, then `changed` after each save
    GET  ./assets/<name>.css, .js, .png                         what lies in pages/, here or beside
    GET  ./difference?issue=&ui=    what changed since the approval, or the last commit (difference_answer.py)
    GET  ./approve?issue=&ui=       what an approval would cover, and a button (approval_page.py)
    POST ./approve      issue, version, csrf, by; may have although_like, ui: writes the approval, answers text
    POST ./review       issue, csrf, and about, words: keeps a comment; or remove, its id (review_form.py)
    *    ./desk/…                                               JSON: the desk (desk/answers.py)
    POST ./proof        issue, to, csrf; may have as, language, tags, ui: sends one proof, answers text (proof_form.py)

`studio.html.j2` is given
    publisher      Publisher: whose newsletter it is
    asked          View: the issue as it is now, with `problems` where it is broken
    letter         View or None: what is shown; `asked` itself, or the last good letter of that issue
    problems       list of (words, excerpt, hint) of `asked.problems`, in the language of the page
    reader         text of the reader's field
    query          Query: `query.view`, `query.look`, `query.images`, `query.asked.language`, `query.asked.tags`, and
                   `query.link(view="text", look=None)`, the address of this page with that changed; `as` is `as_`
    views, colour_schemes, image_choices, panels    names to choose from, in order
    frame          address of the framed letter for this look and images; empty without a letter
    sandbox        value of the frame's attribute `sandbox`
    panel_query    what follows `panel/<name>`, `message.eml` and `standalone.html`: `?issue=…`
    proof_to       addresses that a proof may go to; empty: the page names the setting `[preview] proof_to`
    csrf           the token for the proof's form
    version        of the issue's file, as the desk knows it; empty where the desk is not open
`panel_<name>.html.j2` is given `publisher`, `query`, `csrf`, and under its own name what its panel made (panels/). The
helpers in the frame, `frame.js` and `frame_words.js`, are put into the letter with a nonce.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.catalogue import LANGUAGES, SILENCE, spoken_language
from newsletter.desk.saving.stored_issue import version_of
from newsletter.errors import NewsletterError, Problem, UsageError
from newsletter.issue.scan import LARGEST
from newsletter.web.background import run_detached
from newsletter.web.guard import LOOPBACK_POLICY, LoopbackOnly, SecurityHeaders, StartToken, new_token, not_here
from newsletter.web.letter_frame.frame import HELPED, LetterFrame, letter_response, picture_path, picture_response
from newsletter.web.live import Hub
from newsletter.web.page_templates import PageTemplates
from newsletter.web.standalone.page import standalone_page

from .approval_page import ApprovalPage
from .cache import Recent
from .desk.answers import DeskAnswers
from .desk.beginnings import BeginningAnswers
from .desk.pasted import PastedAnswers
from .desk.picture_look import PictureLook
from .difference_answer import DifferencePage
from .model import View
from .panels.registry import PANELS, Panel
from .proof_form import ProofForm
from .query import COLOUR_SCHEMES, IMAGES, MAX_WORD, VIEWS, Query
from .review_form import ReviewForm
from .watch import watch
from .workspace_letters import Snapshot, WorkspaceLetters

_HELPERS = ("frame.js", "frame_words.js")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9-]+")
_SHOWN = 64
"""Letters that a frame may still be asking for."""


def studio_app(letters: WorkspaceLetters, watched: Path, token: str, panels: Sequence[Panel] = PANELS) -> Starlette:
    """The application under `/<token>/`; pages reload when a file under `watched` is saved."""
    studio = _Studio(letters, panels)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(watched, studio.hub.notify))
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    app = Starlette(
        routes=[
            Route("/", studio.overview),
            Route("/events", studio.events),
            Route("/readers", studio.readers),
            Route("/panel/{name}", studio.panel),
            Route("/message.eml", studio.message),
            Route("/standalone.html", studio.standalone),
            Route("/proof", studio.proofs.answer, methods=["POST"]),
            Route("/review", studio.reviews.answer, methods=["POST"]),
            Route("/difference", studio.differences.show),
            Route("/approve", studio.approvals.show),
            Route("/approve", studio.approvals.answer, methods=["POST"]),
            *studio.desk.routes(),
            *studio.pasted.routes(),
            *studio.looks.routes(),
            *studio.beginnings.routes(),
            Route("/assets/{name}", studio.asset),
            Route("/letter/{digest}", studio.letter),
            Route("/letter/{digest}/picture/{cid}", studio.picture),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(LoopbackOnly),
            Middleware(StartToken, token=token),
        ],
        exception_handlers={NewsletterError: studio.failed},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.on_stop = (studio.hub.close,)
    return app


class _Studio:
    """The studio's answers."""

    def __init__(self, letters: WorkspaceLetters, panels: Sequence[Panel]) -> None:
        self.hub = Hub()
        self._letters = letters
        self._csrf = new_token()
        self.proofs = ProofForm(letters, self._csrf)
        self.reviews = ReviewForm(letters, self._csrf, self.hub.notify)
        self.desk = DeskAnswers(letters, self._csrf, self.hub.notify)
        self.pasted = PastedAnswers(letters, self._csrf, self.hub.notify)
        self.looks = PictureLook(letters)
        self.beginnings = BeginningAnswers(letters, self._csrf, self.hub.notify)
        self._panels = {panel.name: panel.make for panel in panels}
        self._slow = asyncio.Semaphore(2)
        """Panels that are made at once; the letter never waits for them."""
        self._templates = {language: PageTemplates("studio", language) for language in LANGUAGES}
        self.approvals = ApprovalPage(letters, self._csrf, self.hub.notify, self._templates)
        self.differences = DifferencePage(letters, self._templates)
        self._shown: Recent[str, View] = Recent(_SHOWN)
        """Letters by digest, so that a page and the frame in it always show the same one."""
        self._last_good: Recent[str, View] = Recent(_SHOWN)
        """By slug, for while that issue is broken."""

    async def overview(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        view = await run_in_threadpool(now.load, query.asked)
        templates = self._spoken(query, now)
        shown = self._remember(view)
        frame = f"letter/{shown.digest}?look={query.look}&images={query.images}" if shown else ""
        context: dict[str, Any] = {
            "publisher": now.publisher,
            "asked": view,
            "letter": shown,
            "reader": _field(view, shown, query.asked.reader),
            "problems": [_told(problem, templates) for problem in view.problems],
            "query": query,
            "views": VIEWS,
            "colour_schemes": COLOUR_SCHEMES,
            "image_choices": IMAGES,
            "panels": tuple(self._panels),
            "frame": frame,
            "sandbox": HELPED,
            "panel_query": query.link(view=None, look=None, images=None),
            "proof_to": now.proof_to,
            "csrf": self._csrf,
            "version": await run_in_threadpool(_file_version, now.path(query.asked)) if query.write else "",
        }
        return templates.page("studio.html.j2", context, policy=LOOPBACK_POLICY)

    async def letter(self, request: Request) -> Response:
        view = self._shown.find(request.path_params["digest"])
        if view is None:
            return not_here()
        query = Query.of(request.query_params)
        root = request.scope["root_path"]
        frame = LetterFrame(
            pictures={cid: f"{root}/letter/{view.digest}/picture/{picture_path(cid)}" for cid in view.pictures},
            look=query.look,
            images=query.images == "on",
            # Opened in a tab of its own it gets no helper, and so no script at all.
            helper="".join(map(self._templates["en"].script, _HELPERS)) if _is_framed(request) else "",
        )
        return letter_response(view.html, frame, request.scope["server"][1])

    async def picture(self, request: Request) -> Response:
        view = self._shown.find(request.path_params["digest"])
        found = view.pictures.get(request.path_params["cid"]) if view else None
        return (picture_response(*found) if found else None) or not_here()

    async def panel(self, request: Request) -> Response:
        name = request.path_params["name"]
        make = self._panels.get(name)
        if make is None:
            return not_here()
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        # With a very large audience it takes a minute; whoever ends the studio does not wait for that.
        async with self._slow:
            made = await run_detached(partial(make, now, query.asked))
        context = {"publisher": now.publisher, "query": query, "csrf": self._csrf, name: made}
        return self._spoken(query, now).page(f"panel_{name}.html.j2", context, policy=LOOPBACK_POLICY)

    async def message(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        slug, data = await run_in_threadpool(now.message, query.asked)
        return _file(f"{_NOT_IN_A_NAME.sub('-', slug)}.eml", data, "message/rfc822")

    async def standalone(self, request: Request) -> Response:
        """The variant that is looked at, with nobody's data."""
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        letter = await run_in_threadpool(lambda: now.open(query.asked).standalone())
        page = await run_in_threadpool(standalone_page, letter)
        return _file(letter.name, page.encode(), "text/html")

    async def readers(self, request: Request) -> Response:
        """Whom a search finds, for the list under the field."""
        words = request.query_params.get("words", "")[:MAX_WORD]
        now = await run_in_threadpool(self._letters.now)
        found = await run_in_threadpool(now.find_readers, words)
        return JSONResponse([{"address": one.address, "name": one.name} for one in found])

    async def events(self, _request: Request) -> Response:
        return self.hub.response()

    async def asset(self, request: Request) -> Response:
        return self._templates["ko"].asset(request.path_params["name"])

    async def failed(self, request: Request, error: Exception) -> Response:
        """No such issue, or nothing to be had of it now, in words that the page shows."""
        now = await run_in_threadpool(self._letters.now)
        words = self._spoken(Query.of(request.query_params), now).said(cast(NewsletterError, error))
        return PlainTextResponse(f"{words}\n", status_code=404 if isinstance(error, UsageError) else 503)

    def _remember(self, view: View) -> View | None:
        """The letter to show: this one, or the last good one of the same issue."""
        good = self._last_good.find(view.slug) if view.problems else view
        if good is not None:
            self._last_good.keep(good.slug, good)
            self._shown.keep(good.digest, good)
        return good

    def _spoken(self, query: Query, now: Snapshot) -> PageTemplates:
        return self._templates[query.spoken or spoken_language(now.publisher.language)]


def _file(name: str, data: bytes, media_type: str) -> Response:
    """Kept by the browser as a file, never opened as a page of this server."""
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _told(problem: Problem, templates: PageTemplates) -> tuple[str, str, str]:
    """What is wrong and where, the line itself, the next step."""
    words = templates.said(replace(problem, excerpt="", hint=SILENCE))
    return words, problem.excerpt, templates.said(problem.hint)


def _file_version(path: Path) -> str:
    """Empty where there is none, or none that can be an issue."""
    try:
        return version_of(path.read_bytes()) if path.stat().st_size <= LARGEST else ""
    except OSError:
        return ""


def _is_framed(request: Request) -> bool:
    return request.headers.get("sec-fetch-dest", "iframe") == "iframe"


def _field(view: View, shown: View | None, asked: str | None) -> str:
    """What stands in the reader's field: who the letter is for, or, while it is broken, who it shall be for."""
    if not view.problems:
        return view.reader
    if asked is not None:
        return asked
    return shown.reader if shown else ""
