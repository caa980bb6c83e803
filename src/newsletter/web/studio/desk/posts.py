"""Who may write, and what was sent: the guard before every change that the desk makes. Touches: the request.

As with the proof, a POST comes from a page of this server, and brings the token that only such a page was given. It is
JSON, which a form of another site cannot send without asking first.
"""

import json

from starlette.requests import ClientDisconnect, Request

from newsletter.catalogue import Said, phrase
from newsletter.web.guard import own_post, read_body, same

from .change_json import MalformedError, Posted

LARGEST_POST = 1_300_000
"""Bytes: an issue of 1 MB as text, with what JSON adds to it."""


class RefusedPostError(Exception):
    """Why nothing was done, and the status to say it with."""

    def __init__(self, status: int, said: Said) -> None:
        super().__init__(said)
        self.status, self.said = status, said


async def posted(request: Request, csrf: str, largest: int = LARGEST_POST) -> Posted:
    """The body of a POST that may write, of so many bytes at most. RefusedPostError."""
    if not own_post(request.headers, request.scope["server"][1]):
        raise RefusedPostError(403, phrase("web.proof.foreign"))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise malformed()
    try:
        body = await read_body(request, largest)
        if body is None:
            raise RefusedPostError(413, phrase("web.desk_posts.too_large"))
        given = json.loads(body)
    except (TimeoutError, ClientDisconnect, ValueError, RecursionError):
        raise malformed() from None
    if not isinstance(given, dict):
        raise malformed()
    sent = Posted(given)
    try:
        token = sent.word("csrf", "")
    except MalformedError:
        raise malformed() from None
    if not same(token, csrf):
        raise RefusedPostError(403, phrase("web.proof.foreign"))
    return sent


def malformed() -> RefusedPostError:
    return RefusedPostError(400, phrase("web.proof.malformed"))
