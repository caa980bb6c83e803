"""A demo as its page sees it: a folder of mails, subscribers, and pages whose links work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.audience.links import Links
from newsletter.web.demo.app import Person, inbox_app
from newsletter.web.page_templates import Publisher
from newsletter.web.server import Listener, background, listen
from newsletter.web.subscribers.app import pages_app
from tests.support.link_book import LinkBook
from tests.support.mails import mail, put

PUBLISHER = Publisher("서울이슈큐레이터", "서울연구원", "ko")
READERS = {"hong@example.com": "홍길동", "jane@example.org": "Jane Doe"}


@dataclass
class Demo:
    folder: Path
    listener: Listener
    links: Links = field(default_factory=lambda: Links((b"k" * 32,), "demo.example.org"))
    book: LinkBook = field(init=False)

    def __post_init__(self) -> None:
        self.book = LinkBook(self.links)

    @property
    def url(self) -> str:
        return self.listener.url

    def leave_url(self, address: str) -> str:
        return f"{self.url}/u/{self.links.token(address)}"

    def deliver(self, address: str, *, html: str | None = None) -> str:
        """Put a mail into the folder and return its id."""
        extra = {} if html is None else {"html": html}
        data = mail(to=address, name=READERS.get(address, ""), leave=self.leave_url(address), **extra)
        return put(self.folder, address, data).stem

    def people(self) -> list[Person]:
        return [
            Person(address, name, "unsubscribed" if self.has_left(address) else "delivered")
            for address, name in READERS.items()
        ]

    def has_left(self, address: str) -> bool:
        return self.links.address_hash(address) in self.book.left


@contextmanager
def demo_site(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder, listen("127.0.0.1", 0))
    pages = pages_app(demo.book, publisher=PUBLISHER)
    with background(inbox_app(folder, pages=pages, publisher=PUBLISHER, people=demo.people), demo.listener):
        yield demo
