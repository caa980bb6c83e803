"""Take a reviewer's comment, or take one away, as the form in the panel asks. Touches: `issues/<slug>.review.json`.

Whoever writes is the one who has opened the studio. Answers are one sentence of plain text.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError, RefusedError, UsageError
from newsletter.workflow.approve import whoever_is_here
from newsletter.workflow.steps.review_comments import add_comment, remove_comment

from .posted_form import pressed
from .query import Query
from .workspace_letters import Snapshot, WorkspaceLetters


class ReviewForm:
    """The comments of reviewers."""

    def __init__(self, letters: WorkspaceLetters, csrf: str, notify: Callable[[], None]) -> None:
        """`notify` lets all pages look again."""
        self._letters = letters
        self._csrf = csrf
        self._notify = notify

    async def answer(self, request: Request) -> Response:
        return await pressed(request, self._letters, self._csrf, self._press)

    async def _press(self, form: ImmutableMultiDict[str, str], query: Query, now: Snapshot) -> tuple[Said, int]:
        said, status = await run_in_threadpool(partial(_take, form, query, now))
        if status == 200:
            self._notify()
        return said, status


def _take(form: ImmutableMultiDict[str, str], query: Query, now: Snapshot) -> tuple[Said, int]:
    try:
        path = now.path(query.asked)
        if not path.is_file():
            return phrase("web.studio.no_such_issue"), 404
        if identity := form.get("remove"):
            remove_comment(now.workspace, path, identity)
            return phrase("web.review.removed"), 200
        add_comment(
            now.workspace,
            path,
            by=whoever_is_here(now.workspace),
            about=form.get("about", ""),
            words=form.get("words", ""),
            at=datetime.now(UTC),
        )
    except UsageError as error:
        return error.message, 404
    except RefusedError as error:
        return error.message, 422
    except NewsletterError as error:
        return error.message, 503
    return phrase("web.review.kept"), 200
