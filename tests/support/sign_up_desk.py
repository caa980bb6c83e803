"""`newsletter serve` with a real relay behind it, for tests of signing up. Touches: processes, ports, a folder."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import sqlalchemy as sa

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscriptions import Subscription
from newsletter.workflow.steps.keys import links_of
from tests.support.mailroom import Mailroom
from tests.support.pages import Pages, served

LIST = "issue-curator.news.example.org"
OWN_SITE = "https://www.example.org"
CHOICES = {
    "NEWSLETTER_SUBSCRIBE__LANGUAGES": '["ko", "en"]',
    "NEWSLETTER_SUBSCRIBE__TAGS": '{"housing": {"ko": "주거", "en": "Housing"}, "traffic": {"ko": "교통"}}',
    "NEWSLETTER_SUBSCRIBE__ORIGINS": f'["{OWN_SITE}"]',
}


@dataclass
class Desk:
    """The pages, the relay behind them, and a client that has no cookies."""

    pages: Pages
    room: Mailroom
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.pages.port}"

    def stamp(self) -> str:
        """Of a form that was shown long enough ago."""
        found = re.search(r'name="form" value="([^"]+)"', self.client.get("/subscribe").text)
        assert found
        return found[1]

    def ask(self, name: str, **headers: str) -> httpx.Response:
        data = {"email": f"{name}@example.com", "consent": True, "over_14": True}
        given = {"Content-Type": "application/json", **headers}
        return self.client.post("/subscribe", content=json.dumps(data), headers=given)

    def link(self, name: str) -> str:
        """Of the newest mail to somebody."""
        found = re.search(r"http://127\.0\.0\.1:\d+/confirm/\S+", self.room.words_to(f"{name}@example.com"))
        assert found
        return found[0]

    def book(self) -> Ledger:
        return open_ledger(self.pages.workspace, Purpose.READ)

    def subscription(self, name: str) -> Subscription | None:
        links = links_of(self.pages.workspace, create=False)
        with self.book() as book:
            return book.subscription(LIST, [links.address_hash(f"{name}@example.com")])

    def rows(self, table: sa.Table) -> int:
        with self.book() as book, book._database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@contextmanager
def desk_at(root: Path, room: Mailroom, **environ: str) -> Iterator[Desk]:
    with served(root, files=1024, **{**CHOICES, "NEWSLETTER_SMTP__URL": room.url, **environ}) as pages:
        address = f"http://127.0.0.1:{pages.port}"
        with httpx.Client(base_url=address, trust_env=False, follow_redirects=False) as client:
            yield Desk(pages, room, client)
