"""What the subscribers' pages may do: read a token, look whether somebody has left, let somebody leave.

Touches: the secret file, the ledger. Knows no addresses; needs no look-up of deliveries, so old links work on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.audience.links import Links, Token
from newsletter.ledger.book import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .secret import links_of


@dataclass(frozen=True, slots=True)
class Leaving:
    """The three calls that the pages are given; thread-safe, each may block for the ledger."""

    links: Links
    ledger: Ledger
    list_id: str

    def read_token(self, token: str) -> Token | None:
        return self.links.read(token)

    def is_suppressed(self, address_hash: bytes) -> bool:
        return self.ledger.is_suppressed(self.list_id, "", address_hash)

    def suppress(self, address_hash: bytes, reason: str) -> None:
        self.ledger.suppress(self.list_id, address_hash=address_hash, reason=reason, now=datetime.now(UTC))


@contextmanager
def leaving(workspace: Workspace) -> Iterator[Leaving]:
    """Open the ledger for the pages; made where there is none, but then not good for `send --due`."""
    links = links_of(workspace, create=True)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        yield Leaving(links, ledger, workspace.settings.newsletter.list_id)
