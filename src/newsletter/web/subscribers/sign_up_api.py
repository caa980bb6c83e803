"""`/subscribe` as JSON, for scripts of the institute's own sites: what is offered, and the same request as by the form.

Touches: what it is given. A browser is let through where its site is listed (Fetch 3.2), never all of them; who has no
Origin is no browser. Answers are about what was sent, never about who is known here. There is no time that a form was
shown, so the limit for a network is a stricter one.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from newsletter.audience.sign_up import WrittenWish, judge_wish
from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError

from .pages import SubscriberPages
from .sign_up_calls import Asking, SignUpSite
from .sign_up_fields import sent_json

JSON = "application/json"
_KEPT = 600
"""Seconds that a browser remembers the answer to its question."""


class SignUpApi:
    """GET, POST and OPTIONS of `/subscribe`, for programs."""

    def __init__(self, site: SignUpSite, asking: Asking, pages: SubscriberPages) -> None:
        self._site = site
        self._asking = asking
        self._pages = pages
        own = urlsplit(site.address)
        self._own = f"{own.scheme}://{own.netloc}"

    def preflight(self, request: Request) -> Response:
        """What a browser asks before it sends JSON from another site."""
        headers = self._cors(request)
        if "Access-Control-Allow-Origin" in headers:
            headers |= {
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "content-type",
                "Access-Control-Max-Age": str(_KEPT),
            }
        return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS", **headers})

    def show(self, request: Request) -> Response:
        """What there is to choose and to agree to, in the language of the question."""
        language, offer = self._pages.language(request), self._site.offer
        texts = {tick: offer.texts[language][tick] for tick in offer.ticks()}
        return self._answer(
            request,
            {
                "lang": language,
                "languages": list(offer.languages),
                "tags": offer.labels(language),
                "texts": {tick: {"label": one.label, "details": list(one.details)} for tick, one in texts.items()},
            },
        )

    async def take(self, request: Request, body: bytes) -> Response:
        """The answer to a request."""
        if self._is_foreign(request):
            return self.say(request, "foreign", 403)
        sent = sent_json(body)
        if not isinstance(sent, WrittenWish):
            return self.say(request, "unreadable", 400, key=sent)
        language = self._pages.language(request)
        judged = judge_wish(sent, self._site.offer, language)
        if isinstance(judged, dict):
            errors = {name: said.in_language(language) for name, said in judged.items()}
            return self._answer(request, {"status": "invalid", "errors": errors}, 422)
        try:
            origin = request.headers.get("origin", "")
            wait = await self._asking.ask(request, judged, origin=origin, is_api=True)
        except (NewsletterError, TimeoutError):
            return self.say(request, "down", 503, {"Retry-After": "60"})
        if wait:
            return self.say(request, "often", 429, {"Retry-After": str(wait)})
        return self.say(request, "asked")

    def say(
        self,
        request: Request,
        what: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        key: str | None = None,
    ) -> Response:
        """One thing, by its name and in words."""
        language = self._pages.language(request)
        said = phrase(f"web.sign_up.{what}.what").in_language(language)
        errors = {"errors": {key: said}} if key else {}
        return self._answer(request, {"status": what, "message": said, **errors}, status, headers)

    def _answer(
        self, request: Request, data: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        return JSONResponse(data, status, {**self._cors(request), **(headers or {})})

    def _is_foreign(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is not None and origin not in (self._own, *self._site.origins)

    def _cors(self, request: Request) -> dict[str, str]:
        """What differs by who asks says so, also where nothing is allowed: an answer may be kept on its way."""
        headers = {"Vary": "Origin, Accept, Accept-Language"}
        origin = request.headers.get("origin", "")
        if origin in self._site.origins:
            headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
        return headers
