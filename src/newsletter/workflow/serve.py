"""What the subscribers' pages may do for who holds a link: tell, let go, take back, keep what they choose; count views.

Touches: the secret file, the ledger. Knows no addresses; needs no look-up of deliveries, so old links work on. Who left
or came back when goes by the ledger's clock, as when they signed up does.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from newsletter.audience.links import Links, Token
from newsletter.catalogue import Lines, Said, phrase
from newsletter.errors import NewsletterError, RefusedError
from newsletter.ledger.page_views import ArchivePage
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.readers import Choice, LeaveReason, LinkHolder
from newsletter.ledger.states import SuppressionReason
from newsletter.settings.workspace import Workspace

from .steps.pages_ledger import PagesLedger


class Leaving:
    """The calls that the pages are given; those of the ledger may block, and each is called by one thread.

    `tell` is called when clicks begin to be lost, and when they are saved again.
    """

    def __init__(self, workspace: Workspace, tell: Callable[[Said], None]) -> None:
        self._tell = tell
        self._saves = True
        self._zone = ZoneInfo(workspace.settings.newsletter.timezone)
        self.ledger = PagesLedger(workspace)

    @property
    def links(self) -> Links:
        return self.ledger.links

    def why_not_sent(self) -> RefusedError | None:
        """As `PagesLedger.why_not_sent`."""
        return self.ledger.why_not_sent()

    def read_token(self, token: str) -> Token | None:
        return self.ledger.links.read(token)

    def readers(self, tokens: Collection[Token]) -> dict[Token, LinkHolder]:
        """What is known of them; who is not in it is a subscriber like any other."""
        found: dict[Token, LinkHolder] = {}
        for newsletter, some in self.ledger.by_newsletter(tokens).items():
            known = self.ledger.ask(partial(PeopleLedger.readers, newsletter=newsletter, hashes=list(some)))
            found.update({some[one]: reader for one, reader in known.items()})
        return found

    def let_go(self, tokens: Collection[Token]) -> None:
        """All of these leave; returns once that is durable."""
        reason = SuppressionReason.UNSUBSCRIBED
        try:
            now = self.ledger.now()
            for newsletter, some in self.ledger.by_newsletter(tokens).items():
                suppress = partial(PeopleLedger.suppress_hashes, newsletter=newsletter, reason=reason, now=now)
                self.ledger.ask(partial(suppress, hashes=list(some)))
        except NewsletterError as error:
            if self._saves:
                self._tell(Lines((phrase("workflow.serve.not_saved", why=error.message), error.hint)))
            self._saves = False
            raise
        if not self._saves:
            self._tell(phrase("workflow.serve.saved_again"))
        self._saves = True

    def take_back(self, tokens: Collection[Token]) -> dict[Token, LinkHolder]:
        """Those who left by a link are subscribers again, once it returns; what is known of all of them then."""
        now = self.ledger.now()
        for newsletter, some in self.ledger.by_newsletter(tokens).items():
            self.ledger.ask(partial(PeopleLedger.come_back, newsletter=newsletter, hashes=list(some), now=now))
        return self.readers(tokens)

    def keep_reasons(self, reasons: Collection[tuple[Token, LeaveReason]]) -> None:
        """Why they left, without saying who; returns once that is durable."""
        by_newsletter: dict[str, list[LeaveReason]] = defaultdict(list)
        for token, reason in reasons:
            by_newsletter[self.ledger.newsletter_of(token)].append(reason)
        for newsletter, some in by_newsletter.items():
            keep = partial(PeopleLedger.keep_leave_reasons, newsletter=newsletter, reasons=some)
            self.ledger.ask(partial(keep, day=self.today(), now=self.ledger.now()))

    def choices(self, tokens: Collection[Token]) -> dict[Token, Choice]:
        """What they have chosen, or said when they signed up; who is not in it stands in the subscriber file alone."""
        found: dict[Token, Choice] = {}
        for token in tokens:
            newsletter, hashes = self.ledger.newsletter_of(token), [token.address_hash]
            one = self.ledger.ask(partial(PeopleLedger.subscription, newsletter=newsletter, hashes=hashes))
            if one is not None:
                found[token] = Choice(one.name, one.language, one.tags)
        return found

    def choose(self, chosen: Collection[tuple[Token, Choice]]) -> None:
        """Keep what each of them chose; returns once that is durable."""
        for token, choice in chosen:
            newsletter = self.ledger.newsletter_of(token)
            choose = partial(PeopleLedger.choose, newsletter=newsletter, address_hash=token.address_hash)
            said = partial(choose, name=choice.name, language=choice.language, tags=choice.tags)
            self.ledger.ask(partial(said, now=self.ledger.now()))

    def save_views(self, views: Mapping[tuple[ArchivePage, date], int]) -> Counter[ArchivePage]:
        """Count these; all views of every page of this newsletter's archive then."""
        list_id = self.ledger.list_id
        if views:
            self.ledger.ask(partial(PeopleLedger.add_views, newsletter=list_id, views=views))
        return self.ledger.ask(partial(PeopleLedger.views, newsletter=list_id))

    def today(self) -> date:
        return datetime.now(self._zone).date()

    def look_for_names(self) -> None:
        """As `PagesLedger.look_for_names`."""
        self.ledger.look_for_names()

    def close(self) -> None:
        self.ledger.close()


@contextmanager
def leaving(workspace: Workspace, tell: Callable[[Said], None] = lambda _words: None) -> Iterator[Leaving]:
    """Open the ledger for the pages; made where there is none, but then not good for `send --due`."""
    with closing(Leaving(workspace, tell)) as public:
        yield public
