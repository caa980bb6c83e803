"""The subscribers' pages in each language and in the newsletter's colours: made of templates, most of them once.

Touches: the package's own files. Every page has one inline style and no script, and asks for nothing else; it says in
which language it is, and that this may depend on who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.archive.language_names import name_of
from newsletter.catalogue import LANGUAGES
from newsletter.web.page_templates import PageTemplates, Publisher, source_hash

from .languages import page_language

RETRY_AFTER = 60
"""Seconds."""
_HOLE = "\ue000"
"""Stands for the token while a page is made: a character for private use, which no words have."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A page that differs from one reader to another by nothing but the token."""

    page: bytes
    headers: Mapping[str, str]
    status: int

    def for_token(self, token: str) -> Response:
        page = self.page.replace(_HOLE.encode(), token.encode())
        return HTMLResponse(page, self.status, self.headers)


class SubscriberPages:
    """Makes the answers; `publisher.language` is that of who says nothing else."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._templates = {
            language: PageTemplates("subscribers", language, publisher.palette) for language in LANGUAGES
        }
        style = source_hash(self._style(publisher.language))
        # A form posts to an address below its own, whatever path a web server in front has put before it.
        self._policy = (
            f"default-src 'none'; style-src {style}; img-src data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        self._made: dict[tuple[str, str, str, str], _Made] = {}

    def language(self, request: Request, *, known: str = "") -> str:
        """The language to answer in; `known` is that of the subscription."""
        return page_language(request, known=known, default=self._publisher.language)

    def page(self, template: str, language: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
        """A page of a template that extends `_page.html.j2`; what it says may be about who asks."""
        context = {
            "publisher": self._publisher,
            "languages": {one: name_of(one) for one in LANGUAGES if one != language},
            **context,
        }
        page = self._templates[language].page(template, context, policy=self._policy, status=status)
        page.headers["Content-Language"] = language
        page.headers["Vary"] = "Accept-Language"
        if status == 503:
            page.headers["Retry-After"] = str(RETRY_AFTER)
        if status == 408:  # the rest of the body may come, and must not be taken for a request
            page.headers["Connection"] = "close"
        return page

    def once(
        self,
        template: str,
        language: str,
        what: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        token: str = "",
        up: str = "",
    ) -> Response:
        """A page that says nothing of who asked, so it is made once for each `what`; `context` is always the same.

        `token`, which must be fit for a page, goes into its links, which stand behind `up`: `../` below the page of
        the token.
        """
        key = (template, language, what, up)
        if key not in self._made:
            says = {**(context or {}), "what": what, "token": _HOLE, "up": up}
            page = self.page(template, language, says, status=status)
            headers = {name: value for name, value in page.headers.items() if name != "content-length"}
            self._made[key] = _Made(bytes(page.body), headers, status)
        return self._made[key].for_token(token)

    def _style(self, language: str) -> str:
        return self._templates[language].text("page.css.j2", {"publisher": self._publisher})
