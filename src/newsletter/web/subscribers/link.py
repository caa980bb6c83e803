"""What all pages behind a link share: reading its token and a form's body, and the pages that say one thing.

Touches: what it is given.
"""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from newsletter.audience.links import Token
from newsletter.errors import NewsletterError
from newsletter.ledger.readers import LEAVE_REASONS, LinkHolder
from newsletter.web.guard import read_body

from .holders import Holders
from .pages import SubscriberPages
from .together import Together

MAX_TOKEN = 512
"""Characters; ours have about a hundred."""
LOOK_SECONDS = 0.5
"""So long a page waits to know whether somebody has left already. Without an answer it shows the button."""
ACT_SECONDS = 7.0
"""So long a click waits until it is durable; then it is told that it may not be."""
MAX_WORDS = 500
"""Characters of a reader's own words that are kept."""
_TEMPLATE = "unsubscribe.html.j2"
_CONTEXT = {"reasons": LEAVE_REASONS, "max_words": MAX_WORDS}


class SaidInsteadError(Exception):
    """A page that is the answer, whatever else was to come."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class GoodLink:
    """A good one."""

    text: str
    """The token as it stands in the address: fit for a page as it is."""
    token: Token


class LinkPages:
    """One for the application."""

    def __init__(self, people: Holders, pages: SubscriberPages) -> None:
        self._people = people
        self.pages = pages
        self.looking = Together(people.readers, seconds=LOOK_SECONDS)

    def read(self, request: Request) -> GoodLink:
        """That of the path. HTTPException (404) for a bad one; SaidInsteadError for a proof's: it changes nothing."""
        text: str = request.path_params["token"]
        token = self._people.read_token(text) if len(text) <= MAX_TOKEN else None
        if token is None:
            raise HTTPException(404)
        if token.proof:
            raise SaidInsteadError(self.say(request, "proof"))
        return GoodLink(text, token)

    async def body(self, request: Request, *, slow: str = "late") -> bytes:
        """Of a POST, in bounded time and size. SaidInsteadError where it is not; `slow` is the page for a late one."""
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            raise SaidInsteadError(self.say(request, slow, 408)) from None
        if body is None:
            raise SaidInsteadError(self.say(request, "large", 413))
        return body

    async def reader(self, link: GoodLink) -> LinkHolder:
        """Who it is; a subscriber like any other where the ledger does not say."""
        try:
            return (await self.looking.call_with(link.token)).get(link.token, LinkHolder())
        except (NewsletterError, TimeoutError):
            return LinkHolder()

    def say(
        self, request: Request, what: str, status: int = 200, *, link: GoodLink | None = None, known: str = ""
    ) -> Response:
        """A page that says one thing: `what` is a family of words (words/subscribers.toml).

        `known` is the language of the subscription, or of the page whose form was sent.
        """
        language = self.pages.language(request, known=known)
        text = link.text if link else ""
        up = way_up(request, text)
        return self.pages.once(_TEMPLATE, language, what, _CONTEXT, status=status, token=text, up=up)


def way_up(request: Request, token: str) -> str:
    """What stands before the token in a link of the page, which may be below the token's own."""
    path: str = request.scope["path"]
    return "" if not token or path.endswith(f"/{token}") else "../"
