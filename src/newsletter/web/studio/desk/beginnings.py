"""How the next issue can begin: `GET desk/beginnings` tells it, `POST desk/starter` begins with every kind of section.

Touches: `issues/`, where nothing is written over. From an earlier issue, or from a document, an issue begins by the
addresses of pasted.py.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.catalogue import spoken_language
from newsletter.errors import UsageError
from newsletter.issue.find import find_issue
from newsletter.issue.scaffold import new_issue
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from newsletter.workflow.new_next import NextDate, next_date

from .change_json import MalformedError
from .json_answer import answered, json_response, refused
from .posts import RefusedPostError, malformed, posted

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
"""The slug of a monthly issue."""


class BeginningAnswers:
    """`notify` makes every open page look again."""

    def __init__(self, letters: WorkspaceLetters, csrf: str, notify: Callable[[], None]) -> None:
        self._letters, self._csrf, self._notify = letters, csrf, notify

    def routes(self) -> list[Route]:
        return [
            Route("/desk/beginnings", self.beginnings),
            Route("/desk/starter", self.starter, methods=["POST"]),
        ]

    async def beginnings(self, request: Request) -> Response:
        workspace, language = await self._asked(request)
        return json_response(await run_in_threadpool(answered, lambda: _beginnings(workspace), language))

    async def starter(self, request: Request) -> Response:
        workspace, language = await self._asked(request)
        try:
            slug = (await posted(request, self._csrf)).word("issue")
        except RefusedPostError as refusal:
            return json_response(refused(refusal, language))
        except MalformedError:
            return json_response(refused(malformed(), language))
        answer = await run_in_threadpool(answered, lambda: _begun(workspace, slug), language)
        self._notify()
        return json_response(answer)

    async def _asked(self, request: Request) -> tuple[Workspace, str]:
        now = await run_in_threadpool(self._letters.now)
        return now.workspace, spoken_language(request.query_params.get("ui") or now.publisher.language)


def _beginnings(workspace: Workspace) -> dict[str, str]:
    """What the next issue would be called, and which one was the last; empty where there is none."""
    try:
        last = find_issue(workspace, None).stem
    except UsageError:
        last = ""
    following = _scheduled(workspace)
    return {"slug": following.slug if following else _free(workspace, _after(workspace, last)), "last": last}


def _begun(workspace: Workspace, slug: str) -> dict[str, object]:
    following = _scheduled(workspace)
    when = following.when if following and following.slug == slug else None
    return {"slug": new_issue(workspace, slug, publish_at=when).stem, "told": []}


def _scheduled(workspace: Workspace) -> NextDate | None:
    return next_date(workspace) if workspace.settings.schedule.every is not None else None


def _after(workspace: Workspace, last: str) -> str:
    """The month after that of the last issue, or else this month."""
    if found := _MONTH.fullmatch(last):
        months = int(found[1]) * 12 + int(found[2])
        return f"{months // 12:04}-{months % 12 + 1:02}"
    today: date = datetime.now(ZoneInfo(workspace.settings.newsletter.timezone)).date()
    return f"{today:%Y-%m}"


def _free(workspace: Workspace, slug: str) -> str:
    names = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(name for name in names if not (workspace.issues / f"{name}.yaml").exists())
