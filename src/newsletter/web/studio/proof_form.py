"""Answer the proof's form: who may press it, how often, and what came of it. Touches: what it is given; it may block.

A page of another site can make a browser post here, so a POST has to come from a page of this server (Origin,
Sec-Fetch-Site) and to bring the token that only such a page has been given. Answers are one sentence of plain text.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from newsletter.errors import InputError, NewsletterError, RefusedError, UsageError
from newsletter.web.background import aside
from newsletter.web.guard import own_post, same
from newsletter.web.words import sentences_of

from .model import Letters
from .query import MAX_WORD, Query

MAX_IN_A_MINUTE = 10
MAX_BODY = 16_384
"""Bytes; a form has some two hundred."""
BODY_SECONDS = 10.0
_FORM = "application/x-www-form-urlencoded"


class ProofForm:
    """Sends proofs, one at a time. `language` is that of the newsletter as it is now."""

    def __init__(self, letters: Letters, csrf: str, language: Callable[[], str]) -> None:
        self._letters = letters
        self._csrf = csrf
        self._language = language
        self._sent: deque[float] = deque()
        self._busy = False

    async def answer(self, request: Request) -> Response:
        if not own_post(request.headers, request.scope["server"][1]):
            return self._say("foreign", 403)
        form = await _form(request)
        if form is None:
            return self._say("malformed", 400)
        if not same(form.get("csrf", ""), self._csrf):
            return self._say("foreign", 403)
        allowed = [address.casefold() for address in await run_in_threadpool(self._letters.proof_to)]
        to = form.get("to", "")[:MAX_WORD].strip()
        if to.casefold() not in allowed:
            return self._say("not_listed" if allowed else "nobody", 403)
        if self._busy:
            return self._say("busy", 409)
        if not self._may_send():
            return self._say("often", 429, most=str(MAX_IN_A_MINUTE))
        self._busy = True
        try:
            return await self._send(Query.of(form), to)
        finally:
            self._busy = False

    async def _send(self, query: Query, to: str) -> Response:
        try:
            # A relay may take minutes.
            said = await aside(partial(self._letters.send_proof, query.asked, to))
        except UsageError as error:
            return self._say("broken", 404, why=str(error.message))
        except InputError as error:
            return self._say("broken", 422, why=str(error.message))
        except RefusedError as error:
            return self._say("relay", 502, why=str(error))
        except NewsletterError as error:
            return self._say("relay", 503, why=str(error))
        return self._say("sent", 200, to=to, said=said)

    def _may_send(self) -> bool:
        now = time.monotonic()
        while self._sent and now - self._sent[0] > 60:
            self._sent.popleft()
        if len(self._sent) >= MAX_IN_A_MINUTE:
            return False
        self._sent.append(now)
        return True

    def _say(self, key: str, status: int, **holes: str) -> Response:
        sentence = sentences_of(self._language())[f"proof.{key}"].format(**holes)
        return PlainTextResponse(sentence, status_code=status)


async def _form(request: Request) -> ImmutableMultiDict[str, str] | None:
    """The fields of a form; None where it is none, too large, or does not come to its end."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return None
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    return None
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except (TimeoutError, ClientDisconnect, ValueError):
        return None
    return ImmutableMultiDict(fields)
