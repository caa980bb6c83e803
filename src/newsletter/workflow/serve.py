"""What the subscribers' pages may do: read a token, look whether somebody has left, let somebody leave.

Touches: the secret file, the ledger. Knows no addresses; needs no look-up of deliveries, so old links work on.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from newsletter.audience.links import Links, Token
from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .steps.keys import links_of


class Leaving:
    """The three calls that the pages are given; thread-safe, each may block for the ledger.

    A ledger that was lost or replaced while the pages run is opened anew: links outlive it (docs/design.md 4.7).
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._links = links_of(workspace, create=True)
        self._list_id = workspace.settings.newsletter.list_id
        self._opening = threading.Lock()
        self._ledger = open_ledger(workspace, Purpose.PAGES)

    @property
    def links(self) -> Links:
        return self._links

    def read_token(self, token: str) -> Token | None:
        return self._links.read(token)

    def is_suppressed(self, address_hash: bytes) -> bool:
        return self._ask(lambda ledger: ledger.is_suppressed(self._list_id, "", address_hash))

    def suppress(self, address_hash: bytes, reason: str) -> None:
        now = datetime.now(UTC)
        self._ask(lambda ledger: ledger.suppress(self._list_id, address_hash=address_hash, reason=reason, now=now))

    def close(self) -> None:
        self._ledger.close()

    def _ask(self, question: Callable[[Ledger], bool]) -> bool:
        ledger = self._ledger
        try:
            return question(ledger)
        except CannotWriteError:
            return question(self._opened_anew(ledger))

    def _opened_anew(self, failed: Ledger) -> Ledger:
        with self._opening:
            if self._ledger is failed:
                self._ledger = open_ledger(self._workspace, Purpose.PAGES)
                failed.close()
            return self._ledger


@contextmanager
def leaving(workspace: Workspace) -> Iterator[Leaving]:
    """Open the ledger for the pages; made where there is none, but then not good for `send --due`."""
    with closing(Leaving(workspace)) as public:
        yield public
