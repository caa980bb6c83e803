"""What the pages for signing up are given, without a ledger: it remembers what it was asked. Touches: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware

from newsletter.audience.sign_up import TICKS, Asker, ConsentText, Offer, Welcomed, Wish
from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger.saying_yes import Requested
from newsletter.settings.people import SubscribeTable
from newsletter.web.guard import BoundedHeader, SecurityHeaders
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.pages import SubscriberPages
from newsletter.web.subscribers.sign_up import sign_up_routes
from newsletter.web.subscribers.sign_up_calls import SignUpSite
from tests.support.web import site

ADDRESS = "https://news.example.org"
OWN_SITE = "https://www.example.org"
OLD, FRESH, GONE = "old", "fresh", "gone"
"""Stamps of forms: shown long enough ago, just now, too long ago."""
LINK, PAST, BARRED = "link", "past", "barred"
"""Tokens: of a request, of one that is erased, of somebody who complained."""


def offer(*, advertising: bool = False) -> Offer:
    words = {"ko": "동의합니다", "en": "I agree"}
    ticks = TICKS if advertising else TICKS[:2]
    texts = {
        language: {tick: ConsentText(f"{tick}: {said}", (f"{tick} 1", f"{tick} 2")) for tick in ticks}
        for language, said in words.items()
    }
    return Offer(
        texts, ("ko", "en", "zh-Hant"), {"housing": {"ko": "주거", "en": "Housing"}, "traffic": {"ko": "교통"}}
    )


@dataclass
class SignUpBook:
    """Stamps, wishes and links."""

    asked: list[tuple[Wish | None, Asker]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    wait: timedelta | None = None
    broken: bool = False

    def reset(self) -> None:
        self.asked.clear()
        self.confirmed.clear()
        self.wait, self.broken = None, False

    def wishes(self) -> list[Wish]:
        return [wish for wish, _ in self.asked if wish is not None]

    def new_stamp(self) -> str:
        return FRESH

    def age_of(self, stamp: str) -> timedelta | None:
        return {OLD: timedelta(minutes=1), FRESH: timedelta(seconds=1)}.get(stamp)

    def ask(self, wish: Wish | None, asker: Asker) -> timedelta | None:
        self._check()
        if self.wait is None:
            self.asked.append((wish, asker))
        return self.wait

    def look(self, token: str) -> Requested | None:
        self._check()
        if token == PAST:
            return None
        tags = frozenset({"housing", "tag that is not offered any more"})
        return Requested("en", "<b>Jane</b> Doe", tags, "동의합니다\n수집 항목", "ko", token in self.confirmed)

    def confirm(self, token: str) -> Welcomed | None:
        self._check()
        if token == PAST:
            return None
        self.confirmed.append(token)
        return Welcomed("en", "token-of-the-reader", barred=token == BARRED)

    def is_ours(self, token: str) -> bool:
        return token in (LINK, PAST, BARRED)

    def _check(self) -> None:
        if self.broken:
            raise CannotWriteError(Verbatim("The disk is full."))


def app_of(book: SignUpBook, *, advertising: bool = False) -> Starlette:
    table = SubscribeTable(trusted_proxies=("127.0.0.1",))
    calls = SignUpSite(
        offer(advertising=advertising), book, book.ask, book, ADDRESS, (OWN_SITE,), table.proxies, lambda: "../archive/"
    )
    pages = SubscriberPages(Publisher("서울이슈큐레이터", "서울연구원", "ko"))
    return Starlette(
        routes=sign_up_routes(calls, pages), middleware=[Middleware(SecurityHeaders), Middleware(BoundedHeader)]
    )


@contextmanager
def sign_up_site(book: SignUpBook, *, advertising: bool = False) -> Iterator[httpx.Client]:
    with site(app_of(book, advertising=advertising)) as client:
        yield client
