"""Read a form that was posted, and answer it in one sentence of plain text. Touches: the request."""

from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from newsletter.catalogue import Said
from newsletter.web.guard import read_body

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


async def posted_fields(request: Request) -> ImmutableMultiDict[str, str] | None:
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


def text_answer(said: Said, status: int, language: str) -> Response:
    return PlainTextResponse(said.in_language(language), status_code=status)
