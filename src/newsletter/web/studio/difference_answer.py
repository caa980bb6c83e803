"""The page that shows what changed in a letter since its approval, or since the last commit. Touches: the workspace's
files, git's objects (only read), a temporary folder.

    GET  ./difference?issue=&ui=    the words side by side, and the two letters in frames, as on the page that
                                    `newsletter diff --out` writes; no pictures are taken

It runs no script. `difference_refused.html.j2` is given `publisher`, `query`, `slug`, and `problems`: why there is
nothing to compare.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.catalogue import phrase, spoken_language
from newsletter.errors import NewsletterError
from newsletter.web.background import run_detached
from newsletter.web.difference.page import difference_page
from newsletter.web.difference.photographs import Photographs
from newsletter.web.guard import COMMON_HEADERS, LOOPBACK_POLICY
from newsletter.web.page_templates import PageTemplates
from newsletter.workflow.diff import DiffRequest, LetterDiff, diff_letter

from .query import Query
from .workspace_letters import Snapshot, WorkspaceLetters, problems_of

_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Its styles are in it, as in the file; it needs no script, and the frames in it are held to the same."""


class DifferencePage:
    """Answers what changed."""

    def __init__(self, letters: WorkspaceLetters, templates: Mapping[str, PageTemplates]) -> None:
        self._letters = letters
        self._templates = templates

    async def show(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        path = await run_in_threadpool(now.path, query.asked)
        language = query.spoken or spoken_language(now.publisher.language)
        try:
            found = await run_detached(partial(_difference, now, path))
        except NewsletterError as error:
            problems = problems_of(error)
            context = {"publisher": now.publisher, "query": query, "slug": path.stem, "problems": problems}
            return self._templates[language].page("difference_refused.html.j2", context, policy=LOOPBACK_POLICY)
        back = f"./{query.link(issue=path.stem, view=None)}"
        photographs = Photographs(why_none=phrase("web.difference.in_studio"))
        page = await run_in_threadpool(difference_page, found, photographs, language, back=back)
        return HTMLResponse(page, headers={**COMMON_HEADERS, "Content-Security-Policy": _POLICY})


def _difference(now: Snapshot, path: Path) -> LetterDiff:
    if now.unreadable:
        raise now.unreadable
    return diff_letter(now.workspace, DiffRequest(str(path)))
