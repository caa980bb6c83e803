"""The addresses under `desk/` for what is pasted and dropped: HTML, tables, pictures, documents; and the next issue.

Touches: for a picture `issues/assets/`, for a document or the next issue `issues/` too; nothing is written over, and
nothing is fetched. Limits: 20 MB.
"""

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.catalogue import phrase, spoken_language
from newsletter.edition.pasted.cleaned import cleaned
from newsletter.edition.picture_files import MAX_BYTES, PictureError, picture_words
from newsletter.errors import InputError, Problem, UsageError
from newsletter.issue.find import SLUG
from newsletter.issue.pasted_data import pasted_chart, pasted_table
from newsletter.settings.workspace import Workspace
from newsletter.web.guard import own_post, read_body, same
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from newsletter.workflow.new_from_file import new_from_document
from newsletter.workflow.new_from_issue import new_from_issue
from newsletter.workflow.steps.begun import BegunIssue
from newsletter.workflow.steps.place_pictures import PlacedPictures
from newsletter.workflow.steps.read_document import document_of

from .change_json import MalformedError, Posted
from .json_answer import answered, json_response, refused
from .posts import RefusedPostError, malformed, posted

PICTURE_HEADER = "x-newsletter-csrf"
"""Where a picture's POST, whose body is the picture, brings the page's token."""
_LARGEST_PASTE = 22_000_000
"""Bytes of HTML with its pictures inside, and what JSON adds to it."""


_LONGEST_NAME = 120
"""Characters of a file's name."""

_Take = Callable[[Workspace, str, str, bytes, str], object]


class PastedAnswers:
    """`notify` makes every open page look again."""

    def __init__(self, letters: WorkspaceLetters, csrf: str, notify: Callable[[], None]) -> None:
        self._letters, self._csrf, self._notify = letters, csrf, notify

    def routes(self) -> list[Route]:
        return [
            Route("/desk/clean", partial(self._made, _clean), methods=["POST"]),
            Route("/desk/table", partial(self._made, _table), methods=["POST"]),
            Route("/desk/chart", partial(self._made, _chart), methods=["POST"]),
            Route("/desk/picture", partial(self._dropped, _placed), methods=["POST"]),
            Route("/desk/document", partial(self._dropped, _begun_with_document), methods=["POST"]),
            Route("/desk/next", self.following, methods=["POST"]),
        ]

    async def _made(self, make: Callable[[Posted, str], object], request: Request) -> Response:
        language = await self._language(request)
        try:
            sent = await posted(request, self._csrf, _LARGEST_PASTE)
            return json_response(await run_in_threadpool(answered, lambda: make(sent, language), language))
        except RefusedPostError as refusal:
            return json_response(refused(refusal, language))
        except MalformedError:
            return json_response(refused(malformed(), language))

    async def following(self, request: Request) -> Response:
        """The next issue, from one of the workspace."""
        workspace = (await run_in_threadpool(self._letters.now)).workspace
        answer = await self._made(partial(_next, workspace), request)
        self._notify()
        return answer

    async def _dropped(self, take: _Take, request: Request) -> Response:
        language = await self._language(request)
        try:
            data = await self._bytes(request)
        except RefusedPostError as refusal:
            return json_response(refused(refusal, language))
        workspace = (await run_in_threadpool(self._letters.now)).workspace
        issue, name = request.query_params.get("issue", ""), request.query_params.get("name", "")
        made = partial(take, workspace, issue, PurePath(name).name[:_LONGEST_NAME], data, language)
        answer = await run_in_threadpool(answered, made, language)
        self._notify()
        return json_response(answer)

    async def _bytes(self, request: Request) -> bytes:
        is_ours = own_post(request.headers, request.scope["server"][1])
        if not is_ours or not same(request.headers.get(PICTURE_HEADER, ""), self._csrf):
            raise RefusedPostError(403, phrase("web.proof.foreign"))
        try:
            data = await read_body(request, MAX_BYTES)
        except (TimeoutError, ClientDisconnect, ValueError):
            raise malformed() from None
        if data is None:
            raise RefusedPostError(413, phrase("web.desk.file_too_large"))
        return data

    async def _language(self, request: Request) -> str:
        now = await run_in_threadpool(self._letters.now)
        return spoken_language(request.query_params.get("ui") or now.publisher.language)


def _clean(sent: Posted, language: str) -> object:
    made = cleaned(sent.text("html"), keep_breaks=sent.word("line_breaks", "join") == "keep")
    return {"markdown": made.markdown, "told": [one.in_language(language) for one in made.told]}


def _table(sent: Posted, language: str) -> object:
    del language
    made = pasted_table(sent.text("text"))
    return {"columns": made.columns, "rows": made.rows}


def _chart(sent: Posted, language: str) -> object:
    del language
    made = pasted_chart(pasted_table(sent.text("text")))
    return {"items": [{"label": label, "value": value} for label, value in made.items], "unit": made.unit}


def _begun_with_document(workspace: Workspace, slug: str, name: str, data: bytes, language: str) -> object:
    return _begun_json(new_from_document(workspace, slug, document_of(data, name), name), language)


def _next(workspace: Workspace, sent: Posted, language: str) -> object:
    given, slug = sent.word("from"), sent.word("issue")
    if not SLUG.fullmatch(given):
        raise UsageError(phrase("web.studio.no_such_issue"))
    with_texts = sent.word("texts", "") == "all"
    return _begun_json(new_from_issue(workspace, slug, given, with_texts=with_texts), language)


def _begun_json(begun: BegunIssue, language: str) -> object:
    return {"slug": begun.path.stem, "told": [one.in_language(language) for one in begun.told]}


def _placed(workspace: Workspace, slug: str, name: str, data: bytes, language: str) -> object:
    del language
    if not SLUG.fullmatch(slug) or not (workspace.issues / f"{slug}.yaml").is_file():
        raise UsageError(phrase("web.studio.no_such_issue"))
    pictures = PlacedPictures(workspace, slug)
    try:
        src = pictures.take(data, picture_words(name))
    except PictureError as error:
        shown = name or "?"
        raise InputError(
            problems=[Problem(phrase("edition.picture.cannot_be_shown", src=shown, why=error.why))]
        ) from error
    pictures.write()
    made = pictures.files[src]
    return {"src": src, "width": made.width, "height": made.height}
