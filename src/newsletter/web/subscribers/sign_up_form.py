"""The form to sign up, and what is answered to it. Touches: what it is given.

No cookie, no script. A form carries the signed time at which it was shown; one that comes without, from the snippet of
another site, is shown here first, with the words that are agreed to. Whoever asks is told the same, known or not.
"""

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from newsletter.archive.language_names import name_of
from newsletter.audience.sign_up import LONGEST_NAME, Wish, WrittenWish, judge_wish
from newsletter.catalogue import Said, known_language
from newsletter.errors import NewsletterError

from .pages import SubscriberPages
from .sign_up_calls import Asking, SignUpSite
from .sign_up_fields import SentForm

LEAST = timedelta(seconds=2)
"""From the showing of a form to its sending; nobody writes an address faster."""


class SignUpForm:
    """GET and POST of `/subscribe`."""

    def __init__(self, site: SignUpSite, asking: Asking, pages: SubscriberPages) -> None:
        self._site = site
        self._asking = asking
        self._pages = pages

    def show(self, request: Request) -> Response:
        """An empty form."""
        return self._form(self._pages.language(request), WrittenWish())

    async def take(self, request: Request, form: SentForm) -> Response:
        """The answer to a form that was sent."""
        language = self._pages.language(request, known=form.page_language)
        if form.is_trapped:
            return await self._ask(request, language, None)
        if not form.stamp:  # of another site: nobody has seen the words that are agreed to
            return self._form(language, form.written)
        age = self._site.stamps.age_of(form.stamp)
        if age is None:
            return self._form(language, form.written, told="again", status=422)
        if age < LEAST:
            return self._form(language, form.written, told="again", stamp=form.stamp, status=422)
        judged = judge_wish(form.written, self._site.offer, language)
        if isinstance(judged, dict):
            return self._form(language, form.written, wrong=judged, stamp=form.stamp, status=422)
        return await self._ask(request, language, judged)

    def say(self, language: str, what: str, status: int = 200) -> Response:
        """A page that says one thing, in the words of `sign_up.<what>`."""
        return self._pages.once("sign_up_said.html.j2", language, what, status=status)

    async def _ask(self, request: Request, language: str, wish: Wish | None) -> Response:
        try:
            wait = await self._asking.ask(request, wish)
        except (NewsletterError, TimeoutError):
            return self.say(language, "down", 503)
        if not wait:
            return self.say(language, "asked")
        page = self.say(language, "often", 429)
        page.headers["Retry-After"] = str(wait)
        return page

    def _form(
        self,
        language: str,
        written: WrittenWish,
        *,
        told: str = "",
        wrong: Mapping[str, Said] | None = None,
        stamp: str = "",
        status: int = 200,
    ) -> Response:
        """With what was written in it; `told` is a key of the words, `wrong` what is to mend by field."""
        offer = self._site.offer
        context = {
            "told": told,
            "wrong": wrong or {},
            "written": written,
            "stamp": stamp or self._site.stamps.new_stamp(),
            "longest_name": LONGEST_NAME,
            "letter_languages": {one: name_of(one) for one in offer.languages} if len(offer.languages) > 1 else {},
            "chosen_language": known_language(written.language or language, "", offer.languages),
            "chosen_tags": written.tags or frozenset(),
            "tags": offer.labels(language),
            "texts": {tick: offer.texts[language][tick] for tick in offer.ticks()},
        }
        page = self._pages.page("subscribe.html.j2", language, context, status=status)
        page.headers["Vary"] = "Accept, Accept-Language"
        return page
