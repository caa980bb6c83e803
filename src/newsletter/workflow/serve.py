"""What the subscribers' pages may do: read a token, look who has left, let them leave.

Touches: the secret file, the ledger. Knows no addresses; needs no look-up of deliveries, so old links work on.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from newsletter.audience.links import Links, Token
from newsletter.catalogue import Lines, Said, phrase
from newsletter.errors import CannotWriteError, NewsletterError
from newsletter.ledger.database_errors import BusyError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import SuppressionReason
from newsletter.settings.workspace import Workspace

from .steps.keys import links_of

PAGES_PATIENCE = 5
"""Seconds that the pages wait for another's lock on the ledger: somebody waits for their answer."""

_Answer = TypeVar("_Answer")


class Leaving:
    """The three calls that the pages are given; those of the ledger may block, and each is called by one thread.

    A ledger that was lost or replaced while the pages run is opened anew: links outlive it (docs/design.md 4.7). `tell`
    is called when clicks begin to be lost, and when they are saved again.
    """

    def __init__(self, workspace: Workspace, tell: Callable[[Said], None]) -> None:
        self._workspace = workspace
        self._tell = tell
        self._saves = True
        self._links = links_of(workspace, create=True)
        self._list_id = workspace.settings.newsletter.list_id
        self._opening = threading.Lock()
        self._ledger = self._open()

    @property
    def links(self) -> Links:
        return self._links

    def read_token(self, token: str) -> Token | None:
        return self._links.read(token)

    def who_left(self, address_hashes: Collection[bytes]) -> set[bytes]:
        """Those of these who are suppressed."""
        return self._ask(lambda ledger: ledger.suppressed_hashes(self._list_id, address_hashes))

    def let_go(self, address_hashes: Collection[bytes]) -> None:
        """All of these leave; returns once that is durable."""
        now, reason = datetime.now(UTC), SuppressionReason.UNSUBSCRIBED
        try:
            self._ask(lambda ledger: ledger.suppress_hashes(self._list_id, address_hashes, reason=reason, now=now))
        except NewsletterError as error:
            if self._saves:
                self._tell(Lines((phrase("workflow.serve.not_saved", why=error.message), error.hint)))
            self._saves = False
            raise
        if not self._saves:
            self._tell(phrase("workflow.serve.saved_again"))
        self._saves = True

    def close(self) -> None:
        self._ledger.close()

    def _open(self) -> Ledger:
        return open_ledger(self._workspace, Purpose.PAGES, patience=PAGES_PATIENCE)

    def _ask(self, question: Callable[[Ledger], _Answer]) -> _Answer:
        ledger = self._ledger
        try:
            return question(ledger)
        except BusyError:  # there it is, and held by somebody: another door to it opens no sooner
            raise
        except CannotWriteError:
            return question(self._opened_anew(ledger))

    def _opened_anew(self, failed: Ledger) -> Ledger:
        with self._opening:
            if self._ledger is failed:
                self._ledger = self._open()
                failed.close()
            return self._ledger


@contextmanager
def leaving(workspace: Workspace, tell: Callable[[Said], None] = lambda _words: None) -> Iterator[Leaving]:
    """Open the ledger for the pages; made where there is none, but then not good for `send --due`."""
    with closing(Leaving(workspace, tell)) as public:
        yield public
