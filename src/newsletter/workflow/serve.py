"""What the subscribers' pages may do: read a token, look who has left, let them leave, count views of the archive.

Touches: the secret file, the ledger. Knows no addresses; needs no look-up of deliveries, so old links work on.

Nobody who wants to leave is refused: the links of every newsletter that the ledger knows are read, under all their
names, whatever list_id the settings have, and each counts for its own.
"""

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from newsletter.audience.links import Links, Token
from newsletter.catalogue import Lines, Said, phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError
from newsletter.ledger.database_errors import BusyError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.page_views import ArchivePage
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import SuppressionReason
from newsletter.settings.workspace import Workspace

from .steps.keys import links_of
from .steps.newsletter import require_known

PAGES_PATIENCE = 5
"""Seconds that the pages wait for another's lock on the ledger: somebody waits for their answer."""

_LOOK_EVERY = 10.0
"""Seconds: a newsletter may be renamed while the pages run, and its next letter does not go out within ten of it."""

_Answer = TypeVar("_Answer")


class Leaving:
    """The calls that the pages are given; those of the ledger may block, and each is called by one thread.

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
        self._known: frozenset[str] = frozenset()
        """Every list_id that the ledger knows, former ones too."""
        self._ended = threading.Event()
        self.look_for_names()
        threading.Thread(target=self._keep_looking, name="newsletter-names", daemon=True).start()

    @property
    def links(self) -> Links:
        return self._links

    def why_not_sent(self) -> RefusedError | None:
        """What keeps this newsletter from being sent, for a word when the pages begin; they serve all the same."""
        try:
            require_known(self._workspace, self._ledger)
        except RefusedError as error:
            return error
        return None

    def read_token(self, token: str) -> Token | None:
        return self._links.read(token)

    def who_left(self, tokens: Collection[Token]) -> set[Token]:
        """Those of these who are suppressed."""
        left: set[Token] = set()
        for newsletter, some in self._by_newsletter(tokens).items():
            hashes = self._ask(partial(Ledger.suppressed_hashes, newsletter=newsletter, hashes=list(some)))
            left.update(some[one] for one in hashes)
        return left

    def let_go(self, tokens: Collection[Token]) -> None:
        """All of these leave; returns once that is durable."""
        now, reason = datetime.now(UTC), SuppressionReason.UNSUBSCRIBED
        try:
            for newsletter, some in self._by_newsletter(tokens).items():
                suppress = partial(Ledger.suppress_hashes, newsletter=newsletter, reason=reason, now=now)
                self._ask(partial(suppress, hashes=list(some)))
        except NewsletterError as error:
            if self._saves:
                self._tell(Lines((phrase("workflow.serve.not_saved", why=error.message), error.hint)))
            self._saves = False
            raise
        if not self._saves:
            self._tell(phrase("workflow.serve.saved_again"))
        self._saves = True

    def save_views(self, views: Mapping[tuple[ArchivePage, date], int]) -> Counter[ArchivePage]:
        """Count these; all views of every page of this newsletter's archive then."""
        if views:
            self._ask(partial(Ledger.add_views, newsletter=self._list_id, views=views))
        return self._ask(partial(Ledger.views, newsletter=self._list_id))

    def today(self) -> date:
        return datetime.now(ZoneInfo(self._workspace.settings.newsletter.timezone)).date()

    def look_for_names(self) -> None:
        """Read the links of newsletters that the ledger has come to know, too."""
        known = frozenset(one.list_id for one in self._ledger.newsletters())
        if known != self._known:
            self._known = known  # first: whoever reads a token may ask at once whose it is
            self._links = links_of(self._workspace, create=True, also=known)

    def close(self) -> None:
        self._ended.set()
        self._ledger.close()

    def _by_newsletter(self, tokens: Collection[Token]) -> Mapping[str, dict[bytes, Token]]:
        """Whose letter each was; where the ledger was lost and knows no such newsletter any more, ours."""
        sorted_out: dict[str, dict[bytes, Token]] = defaultdict(dict)
        for token in tokens:
            newsletter = token.list_id if token.list_id in self._known else self._list_id
            sorted_out[newsletter][token.address_hash] = token
        return sorted_out

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK_EVERY):
            with contextlib.suppress(NewsletterError):  # the next who clicks is told, or opens it anew
                self.look_for_names()

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
                self.look_for_names()
            return self._ledger


@contextmanager
def leaving(workspace: Workspace, tell: Callable[[Said], None] = lambda _words: None) -> Iterator[Leaving]:
    """Open the ledger for the pages; made where there is none, but then not good for `send --due`."""
    with closing(Leaving(workspace, tell)) as public:
        yield public
