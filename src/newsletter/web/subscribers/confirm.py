"""`/confirm/<token>`: looking changes nothing, since scanners look at every link; the button is the yes, each time.

Touches: what it is given. A link that is too old, or whose request is erased, is told from one that never was.
"""

from collections.abc import Mapping, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from newsletter.archive.language_names import name_of
from newsletter.audience.sign_up import Welcomed
from newsletter.errors import NewsletterError
from newsletter.ledger.saying_yes import Requested
from newsletter.web.guard import read_body

from .forms import field_of
from .languages import ASKED
from .pages import SubscriberPages
from .sign_up_calls import ASK_SECONDS, SignUpSite
from .together import Together

_MAX_TOKEN = 512
"""Characters; ours have about sixty."""


class ConfirmPages:
    """GET and POST of the link."""

    def __init__(self, site: SignUpSite, pages: SubscriberPages) -> None:
        self._site = site
        self._pages = pages
        self._looking = Together(self._look_all, seconds=ASK_SECONDS)
        self._acting = Together(self._confirm_all, seconds=ASK_SECONDS)

    async def look(self, request: Request) -> Response:
        token = self._token(request)
        if not self._site.links.is_ours(token):
            return self._say(request, "no_link", 404)
        try:
            requested = (await self._looking.call_with(token))[token]
        except (NewsletterError, TimeoutError):
            return self._say(request, "confirm_down", 503)
        if requested is None:
            return self._say(request, "old", 410)
        language = self._pages.language(request, known=requested.language)
        labels = self._site.offer.labels(language)
        context = {
            "requested": requested,
            "tags": [labels[tag] for tag in labels if tag in requested.tags],
            "letter_language": name_of(requested.language) if len(self._site.offer.languages) > 1 else "",
        }
        return self._pages.page("confirm.html.j2", language, context)

    async def act(self, request: Request) -> Response:
        try:
            body = await read_body(request)
        except (TimeoutError, ClientDisconnect):
            return self._say(request, "slow", 408)
        if body is None:
            return self._say(request, "large", 413)
        token = self._token(request)
        if not self._site.links.is_ours(token):
            return self._say(request, "no_link", 404)
        try:
            welcomed = (await self._acting.call_with(token))[token]
        except (NewsletterError, TimeoutError):
            return self._say(request, "confirm_down", 503)
        if welcomed is None:
            return self._say(request, "old", 410)
        language = self._pages.language(request, known=field_of(body, ASKED) or welcomed.language)
        context = {"welcomed": welcomed, "archive": self._site.archive()}
        return self._pages.page("confirmed.html.j2", language, context)

    def _look_all(self, tokens: Sequence[str]) -> Mapping[str, Requested | None]:
        return {token: self._site.links.look(token) for token in tokens}

    def _confirm_all(self, tokens: Sequence[str]) -> Mapping[str, Welcomed | None]:
        return {token: self._site.links.confirm(token) for token in tokens}

    def _say(self, request: Request, what: str, status: int) -> Response:
        language = self._pages.language(request)
        return self._pages.once("sign_up_said.html.j2", language, what, status=status, up="../")

    def _token(self, request: Request) -> str:
        token: str = request.path_params["token"]
        return token if len(token) <= _MAX_TOKEN else ""
