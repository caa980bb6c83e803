"""The ledger as the subscribers' pages use it: open for long, opened anew when it was replaced, by many links' names.

Touches: the secret file, the ledger. The links of every newsletter that the ledger knows are read, under all their
names, whatever list_id the settings have: nobody who wants to leave is refused.
"""

import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TypeVar

from newsletter.audience.links import Links, Token
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError
from newsletter.ledger.database_errors import BusyError
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .keys import links_of
from .lost_secret import note_own_secret
from .newsletter import require_known

PAGES_PATIENCE = 5
"""Seconds that the pages wait for another's lock on the ledger: somebody waits for their answer."""

_LOOK_EVERY = 10.0
"""Seconds: a newsletter may be renamed while the pages run, and its next letter does not go out within ten of it."""

_Answer = TypeVar("_Answer")


class PagesLedger:
    """Made where there is none, but then not good for `send --due`; used by several threads.

    A ledger that was lost or replaced while the pages run is opened anew: links outlive it (docs/design.md 4.7).
    SecretLostError (78) at the beginning where the secret is not that of the ledger: every link would be a bad one.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.list_id = workspace.settings.newsletter.list_id
        self._opening = threading.Lock()
        self._ledger = self._open()
        try:
            note_own_secret(workspace, self._ledger)
        except BaseException:
            self._ledger.close()
            raise
        self.links: Links = links_of(workspace, create=True)
        self._known: frozenset[str] = frozenset()
        """Every list_id that the ledger knows, former ones too."""
        self._ended = threading.Event()
        self.look_for_names()
        threading.Thread(target=self._keep_looking, name="newsletter-names", daemon=True).start()

    def why_not_sent(self) -> RefusedError | None:
        """What keeps this newsletter from being sent, for a word when the pages begin; they serve all the same."""
        try:
            require_known(self._workspace, self._ledger)
        except RefusedError as error:
            return error
        return None

    def ask(self, question: Callable[[PeopleLedger], _Answer]) -> _Answer:
        """What the ledger answers. May block; raises a NewsletterError where it cannot."""
        ledger = self._ledger
        try:
            return question(ledger)
        except BusyError:  # there it is, and held by somebody: another door to it opens no sooner
            raise
        except CannotWriteError:
            return question(self._opened_anew(ledger))

    def now(self) -> datetime:
        """By the clock that all machines of this ledger go by. As `ask`."""
        return self.ask(PeopleLedger.now)

    def now_as_known(self) -> datetime:
        """The same without asking, for an event loop: the thread that carries mails asks meanwhile."""
        return self._ledger.now_as_known()

    def by_newsletter(self, tokens: Collection[Token]) -> Mapping[str, dict[bytes, Token]]:
        """Whose letter each was; where the ledger was lost and knows no such newsletter any more, ours."""
        sorted_out: dict[str, dict[bytes, Token]] = defaultdict(dict)
        for token in tokens:
            sorted_out[self.newsletter_of(token)][token.address_hash] = token
        return sorted_out

    def newsletter_of(self, token: Token) -> str:
        return token.list_id if token.list_id in self._known else self.list_id

    def look_for_names(self) -> None:
        """Read the links of newsletters that the ledger has come to know, too."""
        known = frozenset(one.list_id for one in self._ledger.newsletters())
        if known != self._known:
            self._known = known  # first: whoever reads a token may ask at once whose it is
            self.links = links_of(self._workspace, create=True, also=known)

    def close(self) -> None:
        self._ended.set()
        self._ledger.close()

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK_EVERY):
            with contextlib.suppress(NewsletterError):  # the next who clicks is told, or opens it anew
                self.look_for_names()

    def _open(self) -> PeopleLedger:
        return open_people_ledger(self._workspace, Purpose.PAGES, patience=PAGES_PATIENCE)

    def _opened_anew(self, failed: PeopleLedger) -> PeopleLedger:
        with self._opening:
            if self._ledger is failed:
                self._ledger = self._open()
                failed.close()
                self._ledger.note_hash_key(self.links.key_ids[0])
                self.look_for_names()
            return self._ledger
