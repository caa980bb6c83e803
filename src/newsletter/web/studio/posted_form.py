"""Take a form that was posted, from a page of ours alone, and answer it in one sentence of plain text.

Touches: the request. A page of another site can make a browser post here, so a POST has to come from a page of this
server (Origin, Sec-Fetch-Site) and to bring the token that only such a page has been given.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from newsletter.catalogue import Said, phrase
from newsletter.web.guard import own_post, read_body, same

from .query import Query
from .workspace_letters import Snapshot, WorkspaceLetters

Press = Callable[[ImmutableMultiDict[str, str], Query, Snapshot], Awaitable[tuple[Said, int]]]
"""What pressing the button does, with the fields of the form; what is said of it, and the status."""

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


async def pressed(request: Request, letters: WorkspaceLetters, csrf: str, press: Press) -> Response:
    """In the language of the page that asks, as far as it is known, else in the newsletter's."""
    now = await run_in_threadpool(letters.now)
    language = now.publisher.language
    if not own_post(request.headers, request.scope["server"][1]):
        return _answer(phrase("web.proof.foreign"), 403, language)
    form = await _fields(request)
    if form is None:
        return _answer(phrase("web.proof.malformed"), 400, language)
    query = Query.of(form)
    if same(form.get("csrf", ""), csrf):
        said, status = await press(form, query, now)
    else:
        said, status = phrase("web.proof.foreign"), 403
    return _answer(said, status, query.spoken or language)


async def _fields(request: Request) -> ImmutableMultiDict[str, str] | None:
    """The fields of a form; None where it is none, too large, or does not come to its end."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return None
    try:
        body = await read_body(request)
        if body is None:
            return None
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except (TimeoutError, ClientDisconnect, ValueError):
        return None
    return ImmutableMultiDict(fields)


def _answer(said: Said, status: int, language: str) -> Response:
    return PlainTextResponse(said.in_language(language), status_code=status)
