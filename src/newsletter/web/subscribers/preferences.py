"""`/u/<token>/preferences`: the language, the subjects and the name that a reader chooses for the letters.

Touches: what it is given. Whoever holds the link may choose; nobody else can send such a form, since the token is its
address. A name that is known is shown in part only: a letter that was handed on shall not tell whose it was, nor
shall whoever got it put a link into the next ones. Limits: what the subscriber file says is not known here, so of who
stands there alone nothing is shown.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.archive.language_names import name_of
from newsletter.audience.sign_up import LONGEST_NAME, wrong_name
from newsletter.catalogue import LANGUAGES, Said
from newsletter.errors import NewsletterError
from newsletter.ledger.readers import Choice, LinkHolder
from newsletter.printable import one_line

from .forms import fields_of
from .holders import Holders
from .languages import ASKED
from .link import ACT_SECONDS, GoodLink, LinkPages, way_up
from .together import Together

_TEMPLATE = "preferences.html.j2"


@dataclass(frozen=True, slots=True)
class Offered:
    """What a reader may choose from."""

    languages: Sequence[str] = LANGUAGES
    """Tags of languages."""
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Tag -> its label by language."""

    def label(self, tag: str, language: str) -> str:
        """In a language, else in another one; the tag itself where it has none."""
        labels = self.tags[tag]
        return labels.get(language) or next(iter(labels.values()), tag)


class PreferencePages:
    """The form, and what is answered to it."""

    def __init__(self, links: LinkPages, people: Holders, offered: Offered) -> None:
        self._links = links
        self._offered = offered
        self._reading = Together(people.choices, seconds=ACT_SECONDS)
        self._choosing = Together(people.choose, seconds=ACT_SECONDS)

    def routes(self) -> Sequence[Route]:
        path = "/u/{token}/preferences"
        return [Route(path, self.show, methods=["GET"]), Route(path, self.choose, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        link = self._links.read(request)
        reader = await self._links.reader(link)
        try:
            choice = await self._choice(link)
        except (NewsletterError, TimeoutError):
            return self._links.say(request, "unsaved", 503, link=link, known=reader.language)
        return self._form(request, link, reader, choice)

    async def choose(self, request: Request) -> Response:
        body = await self._links.body(request)
        link = self._links.read(request)
        fields = fields_of(body) or ImmutableMultiDict[str, str]()
        known = fields.get(ASKED, "")
        reader = await self._links.reader(link)
        try:
            before = await self._choice(link)
            name = _name(fields)
            if name is not None and (wrong := wrong_name(name)):
                meant = _over(before, self._chosen(fields, before, None))
                return self._form(request, link, reader, before, shown_in=known, wrong=wrong, meant=meant)
            choice = self._chosen(fields, before, name)
            if choice != Choice():
                await self._choosing.call_with((link.token, choice))
        except (NewsletterError, TimeoutError):
            return self._links.say(request, "unsaved", 503, link=link, known=known)
        return self._form(request, link, reader, _over(before, choice), shown_in=known, is_saved=True)

    async def _choice(self, link: GoodLink) -> Choice:
        return (await self._reading.call_with(link.token)).get(link.token, Choice())

    def _chosen(self, fields: ImmutableMultiDict[str, str], before: Choice, name: str | None) -> Choice:
        """What the form says; what it leaves open stays, and so does what is not offered."""
        language = fields.get("language", "")
        offered = frozenset(self._offered.tags)
        ticked = offered.intersection(fields.getlist("tags"))
        tags = ticked | ((before.tags or frozenset()) - offered)
        is_said = bool(offered) and (before.tags is not None or bool(ticked))
        return Choice(name, language if language in self._offered.languages else None, tags if is_said else None)

    def _form(
        self,
        request: Request,
        link: GoodLink,
        reader: LinkHolder,
        choice: Choice,
        *,
        shown_in: str = "",
        is_saved: bool = False,
        wrong: Said | None = None,
        meant: Choice | None = None,
    ) -> Response:
        """`choice` is on record; the form shows what was `meant` where that was not saved, but never a refused name."""
        shown = meant or choice
        language = self._links.pages.language(request, known=shown_in or reader.language)
        languages = dict.fromkeys([*self._offered.languages, *([shown.language] if shown.language else [])])
        context = {
            "is_saved": is_saved,
            "wrong": wrong,
            "left": reader.left,
            "known_name": _in_part(choice.name or ""),
            "chosen_language": shown.language or "",
            "offered_languages": {one: name_of(one) for one in languages},
            "tags": [(tag, self._offered.label(tag, language)) for tag in self._offered.tags],
            "chosen_tags": shown.tags or frozenset(),
            "is_known": choice != Choice(),
            "longest_name": LONGEST_NAME,
            "token": link.text,
            "up": way_up(request, link.text),
        }
        return self._links.pages.page(_TEMPLATE, language, context, status=422 if wrong else 200)


def _name(fields: ImmutableMultiDict[str, str]) -> str | None:
    """As it may stand in a header; empty where the reader wants none, None where nothing is said."""
    if fields.get("no_name"):
        return ""
    return one_line(unicodedata.normalize("NFC", fields.get("name", ""))) or None


def _over(before: Choice, now: Choice) -> Choice:
    """What is known once a choice was kept."""
    return Choice(
        before.name if now.name is None else now.name,
        now.language or before.language,
        before.tags if now.tags is None else now.tags,
    )


def _in_part(name: str) -> str:
    """`홍*동` of `홍길동`: whose name it is knows it by that."""
    if len(name) < 3:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]
