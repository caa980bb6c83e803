"""Signing up, as the pages are given it: keep a wish and mail it, show what a link is about, take the yes.

Touches: the secret file, the ledger, the network in a thread. Whoever asks is told the same, whatever the ledger knows
of the address. Of the network that asks only a keyed hash is kept, another one each day. When a mail is due, and how
long its link holds, goes by the ledger's clock: other machines may send the one and be asked for the other.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from newsletter.audience.sign_up import Asker, Offer, Welcomed, Wish
from newsletter.catalogue import Lines, Said, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.saying_yes import Requested
from newsletter.ledger.sign_up_limits import ALL, HourlyLimit
from newsletter.ledger.sign_ups import SignUp
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer

from .steps.asking_mail import AskingMail
from .steps.example_sender import refuse_example_sender
from .steps.mail_askers import AskerMails
from .steps.offer import offer_of
from .steps.pages_ledger import PagesLedger
from .steps.sign_up_tokens import SignUpTokens


class SigningUp:
    """The calls; those of the ledger may block."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: PagesLedger,
        tokens: SignUpTokens,
        offer: Offer,
        wake: Callable[[], None],
        address: str,
    ) -> None:
        """`address` is that of the pages, without a trailing slash."""
        self.address = address
        self.offer = offer
        self.tokens = tokens
        self._subscribe = workspace.settings.subscribe
        self._ledger = ledger
        self._wake = wake

    def ask(self, wish: Wish | None, asker: Asker) -> timedelta | None:
        """Returns once it is durable; how long to wait where too many have asked, and nothing is kept.

        None is a wish of nobody, which is only counted.
        """
        now = self._ledger.now()
        most = self._subscribe.per_network_api if asker.is_api else self._subscribe.per_network
        network = self.tokens.network(asker.network, "api" if asker.is_api else "form", now)
        limits = (HourlyLimit(network, most), HourlyLimit(ALL, self._subscribe.in_all))
        sign_up = None if wish is None else self._sign_up(wish, asker)
        hashes = () if wish is None else self._ledger.links.all_hashes(wish.key)
        list_id = self._ledger.list_id
        wait = self._ledger.ask(lambda ledger: ledger.ask(list_id, sign_up, limits, now, hashes=hashes))
        if wait is None and sign_up is not None:
            self._wake()
        return wait

    def _sign_up(self, wish: Wish, asker: Asker) -> SignUp:
        return SignUp(
            id=secrets.token_hex(16),
            address_hash=self._ledger.links.address_hash(wish.key),
            key=wish.key,
            address=wish.address,
            language=wish.language,
            wording=self.offer.wording(wish.page_language),
            wording_language=wish.page_language,
            source="api" if asker.is_api else "form",
            place=asker.place,
            name=wish.name,
            tags=wish.tags,
        )

    def is_ours(self, token: str) -> bool:
        """Whether a link was signed here at all, however old it is."""
        return self.tokens.is_ours(token)

    def look(self, token: str) -> Requested | None:
        """What the link is about; None where it is none of ours, or too old."""
        now = self._ledger.now()
        since, id_ = now - self._subscribe.confirm_within, self.tokens.read_link(token, now)
        return None if id_ is None else self._ledger.ask(lambda ledger: ledger.requested(id_, since=since))

    def confirm(self, token: str) -> Welcomed | None:
        """The yes, once it is durable, and each time again; None as `look`."""
        now = self._ledger.now()
        since, id_, links = now - self._subscribe.confirm_within, self.tokens.read_link(token, now), self._ledger.links
        if id_ is None:
            return None
        confirmed = self._ledger.ask(
            lambda ledger: ledger.confirm(id_, since=since, now=now, hashes_of=links.all_hashes)
        )
        if confirmed is None:
            return None
        token = links.token(confirmed.key) if confirmed.key else ""
        return Welcomed(confirmed.language, token, barred=confirmed.barred)


@contextmanager
def signing_up(
    workspace: Workspace, ledger: PagesLedger, listens_at: str, tell: Callable[[Said], None]
) -> Iterator[SigningUp | None]:
    """None where nobody can sign up, and why is told, unless the settings want it so.

    `listens_at` is the address of the pages on this machine, or empty where others reach them: the name that a request
    gives them is anybody's to choose, and leads nowhere in a mail.
    """
    if not workspace.settings.subscribe.offered:
        yield None
        return
    address = workspace.settings.links.pages_url or listens_at
    try:
        if not address:
            tell(phrase("workflow.sign_up.no_address"))
            yield None
            return
        refuse_example_sender(workspace)
        server, offer = SMTPServer.from_settings(workspace.settings, workspace.root), offer_of(workspace)
    except NewsletterError as error:
        tell(Lines((phrase("workflow.sign_up.not_offered"), error)))
        yield None
        return
    tokens = SignUpTokens(workspace, ledger.now_as_known)
    asking = AskingMail(workspace, tokens, address)
    with AskerMails(workspace.settings, server, ledger, asking.message, tell) as mails:
        yield SigningUp(workspace, ledger, tokens, offer, mails.wake, address)
