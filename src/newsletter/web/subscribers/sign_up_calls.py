"""What signing up is given, and how it asks for it: in one thread, for all who wait at once. Touches: a thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from starlette.requests import Request

from newsletter.audience.sign_up import Asker, Offer, Welcomed, Wish
from newsletter.ledger.saying_yes import Requested

from .client_network import Networks, network_of
from .together import Together

ASK_SECONDS = 7.0
"""So long a request waits until it is durable."""
_TRIED = tuple[Wish | None, Asker]


class Stamps(Protocol):
    """The time at which a form was shown, signed."""

    def new_stamp(self) -> str: ...

    def age_of(self, stamp: str, /) -> timedelta | None:
        """None for what is no stamp, or too old."""
        ...


class AskForWish(Protocol):
    """Returns once a wish is kept, or counted where it is None; how long to wait where too many have asked.

    May block; raises a NewsletterError where it cannot be kept.
    """

    def __call__(self, wish: Wish | None, asker: Asker, /) -> timedelta | None: ...


class ConfirmLinks(Protocol):
    """The link of the mail that asks. May block; raises a NewsletterError where the ledger does not answer."""

    def look(self, token: str, /) -> Requested | None:
        """What it is about; None where it is none, or none any more."""
        ...

    def confirm(self, token: str, /) -> Welcomed | None:
        """The yes, once it is durable, and each time again."""
        ...

    def is_ours(self, token: str, /) -> bool:
        """Whether it was one once. Does not block."""
        ...


@dataclass(frozen=True, slots=True)
class SignUpSite:
    """What the pages need to know, and may do."""

    offer: Offer
    stamps: Stamps
    ask: AskForWish
    links: ConfirmLinks
    address: str
    """Of the pages, without a trailing slash."""
    origins: Sequence[str] = ()
    proxies: Networks = ()
    archive: Callable[[], str] = str
    """Where earlier issues are, seen from below these pages; empty where they are nowhere."""


class Asking:
    """Asks for those who come by the form or as JSON."""

    def __init__(self, site: SignUpSite) -> None:
        self._site = site
        self._together = Together(self._ask_all, seconds=ASK_SECONDS)

    async def ask(self, request: Request, wish: Wish | None, *, origin: str = "", is_api: bool = False) -> int:
        """Seconds to wait, 0 where it is kept. Raises what `AskForWish` does, or TimeoutError."""
        place = origin or f"{self._site.address}/subscribe"
        tried = wish, Asker(network_of(request, self._site.proxies), place, is_api=is_api)
        wait = (await self._together.call_with(tried))[tried]
        return 0 if wait is None else max(1, -(-wait // timedelta(seconds=1)))

    def _ask_all(self, tried: Sequence[_TRIED]) -> Mapping[_TRIED, timedelta | None]:
        return {one: self._site.ask(*one) for one in tried}
