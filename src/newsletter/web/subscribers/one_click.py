"""One click without a program of ours: the pages as files, and what nginx, Apache or PHP needs to answer with them.

Touches: nothing. Such a server answers 200 to whatever has the form of a link and writes down that it was clicked;
whose link it was, and whether it is one, is found where the log is read. So each page speaks both languages, and none
knows who left before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from newsletter.audience.links import TOKEN_PATTERN
from newsletter.catalogue import LANGUAGES, phrase
from newsletter.errors import UsageError
from newsletter.web.guard import COMMON_HEADERS
from newsletter.web.page_templates import PageTemplates, Publisher, source_hash

Server = Literal["nginx", "apache", "php"]
SERVERS: tuple[Server, ...] = get_args(Server)

_PAGES = ("leave", "done", "bad")
_FILES: Mapping[Server, str] = {"nginx": "nginx.conf", "apache": "apache.conf", "php": "one-click.php"}
_LOGS: Mapping[Server, str] = {
    "nginx": "/var/log/nginx/one-click.log",
    "apache": "/var/log/apache2/one-click.log",
    "php": "/var/lib/one-click/one-click.log",
}
_PLAIN_PATH = re.compile(r"/[\w/.~+@,=-]*")
"""What means nothing but itself in the files of all three servers."""
_PLAIN_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A language with its words."""

    language: str
    words: Mapping[str, str]


class OneClickFiles:
    """What such a server is given."""

    def __init__(self, publisher: Publisher, pages_url: str, folder: str, log: str = "") -> None:
        """`folder` is where the pages are on the server, `log` the file that it writes; empty: a place of its kind.

        UsageError (64) for a path, or an address of the pages, with a sign that means something to a server.
        """
        self._publisher = publisher
        self._folder = _plain(folder)
        self._log = log and _plain(log)
        address = urlsplit(pages_url)
        self._host = address.hostname or "news.example.org"
        self._prefix = address.path.rstrip("/")
        if not _PLAIN_PREFIX.fullmatch(self._prefix):
            raise UsageError(phrase("web.one_click.strange_address", address=pages_url))
        first = publisher.language
        self._spoken = [_Spoken(one, PageTemplates("subscribers", one).words) for one in _first(first)]
        self._templates = PageTemplates("subscribers", first, publisher.palette)
        style = source_hash(self._templates.text("page.css.j2", {"publisher": publisher}))
        self._policy = f"default-src 'none'; style-src {style}; img-src data:; form-action 'self'; base-uri 'none'"

    def pages(self) -> dict[str, bytes]:
        """The files of the folder, by name."""
        return {f"{what}.html": self._page(what).encode() for what in _PAGES}

    def settings_of(self, server: Server) -> tuple[str, str]:
        """Name and text of the file that makes this server answer."""
        pattern = re.escape(self._prefix)
        context = {
            "folder": self._folder,
            "log": self._log or _LOGS[server],
            "error_log": "/var/log/nginx/error.log",
            "host": self._host,
            "prefix": self._prefix,
            "prefix_pattern": pattern,
            "token_pattern": TOKEN_PATTERN,
            "headers": {**COMMON_HEADERS, "Content-Security-Policy": f"{self._policy}; frame-ancestors 'none'"},
            "pages": {what: self._page(what) for what in (*_PAGES, "down")},
        }
        return _FILES[server], self._templates.text(f"one_click.{server}.j2", context) + "\n"

    def _page(self, what: str) -> str:
        context = {
            "what": what,
            "publisher": self._publisher,
            "languages": {},  # both are on the page: no link leads to the other
            "spoken": self._spoken,
            "policy": self._policy,
        }
        return self._templates.text("one_click.html.j2", context)


def _first(language: str) -> list[str]:
    """All languages, this one first."""
    return sorted(LANGUAGES, key=lambda one: one != language)


def _plain(path: str) -> str:
    if not _PLAIN_PATH.fullmatch(path):
        raise UsageError(phrase("web.one_click.strange_path", path=path), hint=phrase("web.one_click.plain_path"))
    return path
