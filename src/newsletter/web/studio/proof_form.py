"""Answer the proof's form: who may press it, how often, and what came of it. Touches: what it is given; it may block.

Answers are one sentence of plain text.
"""

import time
from collections import deque
from functools import partial

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, NewsletterError, RefusedError, UsageError
from newsletter.web.background import run_detached

from .posted_form import pressed
from .query import MAX_WORD, Query
from .workspace_letters import Snapshot, WorkspaceLetters

MAX_IN_A_MINUTE = 10


class ProofForm:
    """Sends proofs, one at a time."""

    def __init__(self, letters: WorkspaceLetters, csrf: str) -> None:
        self._letters = letters
        self._csrf = csrf
        self._sent: deque[float] = deque()
        self._busy = False

    async def answer(self, request: Request) -> Response:
        return await pressed(request, self._letters, self._csrf, self._press)

    async def _press(self, form: ImmutableMultiDict[str, str], query: Query, now: Snapshot) -> tuple[Said, int]:
        to = form.get("to", "")[:MAX_WORD].strip()
        if not now.proof_to:
            return phrase("web.proof.nobody"), 403
        if to.casefold() not in (address.casefold() for address in now.proof_to):
            return phrase("web.proof.not_listed"), 403
        if self._busy:
            return phrase("web.proof.busy"), 409
        if not self._may_send():
            return phrase("web.proof.often", most=MAX_IN_A_MINUTE), 429
        self._busy = True
        try:
            return await self._send(query, to, now)
        finally:
            self._busy = False

    async def _send(self, query: Query, to: str, now: Snapshot) -> tuple[Said, int]:
        try:
            # A relay may take minutes.
            said = await run_detached(partial(now.send_proof, query.asked, to))
        except UsageError as error:
            return phrase("web.proof.broken", why=error.message), 404
        except InputError as error:
            return phrase("web.proof.broken", why=error.message), 422
        except RefusedError as error:
            return phrase("web.proof.relay", why=error), 502
        except NewsletterError as error:
            return phrase("web.proof.relay", why=error), 503
        return phrase("web.proof.sent", to=to, said=said), 200

    def _may_send(self) -> bool:
        now = time.monotonic()
        while self._sent and now - self._sent[0] > 60:
            self._sent.popleft()
        if len(self._sent) >= MAX_IN_A_MINUTE:
            return False
        self._sent.append(now)
        return True
