"""`/u/<token>`: one click ends a subscription; behind it the way back, and why somebody left, for who wants to say it.

Touches: what it is given. Looking changes nothing, since link scanners look at every link; only POST acts, and says
"done" only when it is (docs/design.md 4.7, RFC 8058). Limits: which links have told why is known to this process alone.
A mark of them in the ledger would tell, of a day on which few leave, who gave which reason; so whoever tells again
after a restart is counted twice.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Sequence

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.errors import NewsletterError
from newsletter.ledger.readers import LEAVE_REASONS, LeaveReason, LinkHolder
from newsletter.printable import printable

from .forms import field_of, fields_of
from .holders import Holders
from .languages import ASKED
from .link import ACT_SECONDS, MAX_WORDS, LinkPages
from .together import Together

_REMEMBERED = 10_000
"""Links whose reason was kept lately: the same one again is answered and not counted."""


class LeavingPages:
    """What is asked for with a link, and answered."""

    def __init__(self, links: LinkPages, people: Holders) -> None:
        self._links = links
        self._acting = Together(people.let_go, seconds=ACT_SECONDS)
        self._returning = Together(people.take_back, seconds=ACT_SECONDS)
        self._telling = Together(people.keep_reasons, seconds=ACT_SECONDS)
        self._have_told: OrderedDict[bytes, None] = OrderedDict()

    def routes(self) -> Sequence[Route]:
        looks = ("/u/{token}", "/u/{token}/back", "/u/{token}/reason")
        return [
            *(Route(path, self.look, methods=["GET"]) for path in looks),
            Route("/u/{token}", self.act, methods=["POST"]),
            Route("/u/{token}/back", self.come_back, methods=["POST"]),
            Route("/u/{token}/reason", self.tell_why, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        link = self._links.read(request)
        # Whoever wants to leave finds the button, however the ledger is.
        reader = await self._links.reader(link)
        return self._links.say(request, _stands(reader), link=link, known=reader.language)

    async def act(self, request: Request) -> Response:
        # What it says does not matter: the token says it all.
        body = await self._links.body(request, slow="slow")
        link = self._links.read(request)
        try:
            await self._acting.call_with(link.token)
        except (NewsletterError, TimeoutError):
            return self._links.say(request, "down", 503, link=link, known=field_of(body, ASKED))
        return self._links.say(request, "done", link=link, known=field_of(body, ASKED))

    async def come_back(self, request: Request) -> Response:
        """Takes back what a click did, and nothing that was decided elsewhere."""
        body = await self._links.body(request)
        link = self._links.read(request)
        known = field_of(body, ASKED)
        try:
            reader = (await self._returning.call_with(link.token)).get(link.token, LinkHolder())
        except (NewsletterError, TimeoutError):
            return self._links.say(request, "unsaved", 503, link=link, known=known)
        return self._links.say(request, "final" if reader.left else "back", link=link, known=known)

    async def tell_why(self, request: Request) -> Response:
        """Keeps a reason of who has left, once; who said it is not kept."""
        body = await self._links.body(request)
        link = self._links.read(request)
        fields = fields_of(body) or ImmutableMultiDict[str, str]()
        known = fields.get(ASKED, "")
        reader = await self._links.reader(link)
        if not reader.left:
            return self._links.say(request, "leave", link=link, known=known or reader.language)
        reason = _reason(fields.get("reason", ""), fields.get("words", ""))
        if reason is not None and link.token.address_hash not in self._have_told:
            try:
                await self._telling.call_with((link.token, reason))
            except (NewsletterError, TimeoutError):
                return self._links.say(request, "unsaved", 503, link=link, known=known)
            self._remember(link.token.address_hash)
        return self._links.say(request, "told", link=link, known=known)

    def _remember(self, address_hash: bytes) -> None:
        self._have_told[address_hash] = None
        if len(self._have_told) > _REMEMBERED:
            self._have_told.popitem(last=False)


def _stands(reader: LinkHolder) -> str:
    if not reader.left:
        return "leave"
    return "already" if reader.may_return else "final"


def _reason(reason: str, words: str) -> LeaveReason | None:
    """As it is kept; None where nothing was said."""
    # Browsers end lines with CR and LF (WHATWG HTML, 4.10.21.8).
    text = unicodedata.normalize("NFC", words.replace("\r\n", "\n"))
    said = printable(text).strip()[:MAX_WORDS].rstrip()
    if reason not in LEAVE_REASONS and not said:
        return None
    return LeaveReason(reason if reason in LEAVE_REASONS else "other", said)
