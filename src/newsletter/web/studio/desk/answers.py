"""The addresses under `desk/`: open, change, undo, redo, the whole text, the form, the findings.

Touches: the issues of the workspace, what is kept of them, and, reading, what the studio shows. Only an issue that lies
in `issues/` is written. After a write every open page is told at once. Answers are JSON; so are refusals, with a
sentence in the language of the page.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase, spoken_language
from newsletter.desk.form.description import form_description
from newsletter.desk.saving.issue_store import EditConflictError, IssueStore, OpenedIssue
from newsletter.errors import InputError, UsageError
from newsletter.issue.own_models import issue_with
from newsletter.issue.own_types import readable_own_types
from newsletter.ledger.lock_file import locked
from newsletter.web.background import run_detached
from newsletter.web.studio.query import Query
from newsletter.web.studio.workspace_letters import Snapshot, WorkspaceLetters

from .change_json import MalformedError, Posted
from .finding_paths import finding_paths
from .json_answer import JsonAnswer, answered, json_response, refused
from .opened_json import conflict_json, opened_json
from .posts import RefusedPostError, malformed, posted

_Work = Callable[["_Desk"], OpenedIssue]


class DeskAnswers:
    """`notify` makes every open page look again."""

    def __init__(self, letters: WorkspaceLetters, csrf: str, notify: Callable[[], None]) -> None:
        self._letters, self._csrf, self._notify = letters, csrf, notify
        self._one_check = asyncio.Semaphore(1)

    def routes(self) -> list[Route]:
        return [
            Route("/desk/issue", self.issue),
            Route("/desk/form", self.form),
            Route("/desk/findings", self.findings),
            *(Route(f"/desk/{name}", partial(self._write, read), methods=["POST"]) for name, read in _WRITES.items()),
        ]

    async def issue(self, request: Request) -> Response:
        desk = await self._desk(request)
        window = request.query_params.get("window", "")
        return json_response(await run_in_threadpool(desk.told, lambda: desk.store.open(desk.path, window)))

    async def form(self, request: Request) -> Response:
        desk = await self._desk(request)
        return json_response(await run_in_threadpool(desk.answered, desk.form))

    async def findings(self, request: Request) -> Response:
        desk = await self._desk(request)
        # As with the panel: with a very large audience it takes a minute, and whoever ends the studio waits for none.
        async with self._one_check:
            found = partial(finding_paths, desk.now, desk.query.asked, desk.language)
            return json_response(await run_detached(partial(desk.answered, found)))

    async def _write(self, read: Callable[[Posted], _Work], request: Request) -> Response:
        desk = await self._desk(request)
        try:
            sent = await posted(request, self._csrf)
            work, slug, seen = read(sent), sent.word("issue"), sent.word("version")
        except RefusedPostError as refusal:
            return json_response(desk.refused(refusal))
        except MalformedError:
            return json_response(desk.refused(malformed()))
        desk.slug = slug
        answer, status = await run_in_threadpool(desk.told, lambda: work(desk))
        if isinstance(answer, dict) and status == 200 and answer["version"] != seen:
            self._notify()
        return json_response((answer, status))

    async def _desk(self, request: Request) -> "_Desk":
        return _Desk(await run_in_threadpool(self._letters.now), Query.of(request.query_params))


class _Desk:
    """The desk as one request sees it."""

    def __init__(self, now: Snapshot, query: Query) -> None:
        self.now, self.query = now, query
        self.slug = query.asked.issue
        self.language = query.spoken or spoken_language(now.publisher.language)

    @property
    def store(self) -> IssueStore:
        return IssueStore(self.now.workspace.root, self.now.workspace.state / "desk", locked)

    @property
    def path(self) -> Path:
        path = self.now.path(replace(self.query.asked, issue=self.slug))
        if not path.is_file():
            raise UsageError(phrase("web.studio.no_such_issue"))
        return path

    def told(self, work: Callable[[], OpenedIssue]) -> JsonAnswer:
        """What becomes of an issue, with all that a page needs to know of it."""

        def made() -> Mapping[str, Any]:
            return self._shown(work())

        try:
            return self.answered(made)
        except EditConflictError as conflict:
            root = self.now.workspace.root
            kept = conflict.kept.relative_to(root).as_posix() if conflict.kept else None
            return conflict_json(conflict, self._shown(conflict.now), kept), 409

    def answered(self, made: Callable[[], object]) -> JsonAnswer:
        return answered(made, self.language)

    def refused(self, refusal: RefusedPostError) -> JsonAnswer:
        return refused(refusal, self.language)

    def form(self) -> object:
        return form_description(issue_with(readable_own_types(self.now.workspace.root)), self.language)

    def _shown(self, opened: OpenedIssue) -> dict[str, Any]:
        own = self.now.workspace.settings.newsletter.language
        return opened_json(opened, own, self.language, self._reader())

    def _reader(self) -> Subscriber | None:
        """The one whose letter is looked at; the panel of the audience tells what is wrong with the list."""
        try:
            return self.now.kept.readers.chosen(self.now.workspace, self.query.asked.reader)
        except InputError:
            return None


def _change(sent: Posted) -> _Work:
    version, window, group, changes = (
        sent.word("version"),
        sent.word("window", ""),
        sent.word("group", ""),
        sent.changes(),
    )
    return lambda desk: desk.store.change(desk.path, version, changes, window, group)


def _text(sent: Posted) -> _Work:
    version, window, text = sent.word("version"), sent.word("window", ""), sent.text("text")
    return lambda desk: desk.store.replace_text(desk.path, version, text, window)


def _undo(sent: Posted) -> _Work:
    version, window = sent.word("version"), sent.word("window", "")
    return lambda desk: desk.store.undo(desk.path, version, window)


def _redo(sent: Posted) -> _Work:
    version, window = sent.word("version"), sent.word("window", "")
    return lambda desk: desk.store.redo(desk.path, version, window)


_WRITES: Mapping[str, Callable[[Posted], _Work]] = {"change": _change, "text": _text, "undo": _undo, "redo": _redo}
