"""What the pages are given of those who hold a link: read a token, look, and do what was asked. Touches: nothing.

All but `read_token` may block, and raises a NewsletterError where the ledger cannot be read or written; each is asked
for all who wait at once (together.py).
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from newsletter.audience.links import Token
from newsletter.ledger.readers import Choice, LeaveReason, LinkHolder


class Holders(Protocol):
    """Those who hold a link."""

    def read_token(self, token: str, /) -> Token | None:
        """In microseconds, and never raises."""

    def readers(self, tokens: Collection[Token], /) -> Mapping[Token, LinkHolder]:
        """What is known of them; who is not in it is a subscriber like any other."""

    def let_go(self, tokens: Collection[Token], /) -> object:
        """They leave. Returns once that is durable."""

    def take_back(self, tokens: Collection[Token], /) -> Mapping[Token, LinkHolder]:
        """Who left by a link is a subscriber again; what is known of them then. Returns once that is durable."""

    def keep_reasons(self, reasons: Collection[tuple[Token, LeaveReason]], /) -> object:
        """Why they left, without saying who. Returns once that is durable."""

    def choices(self, tokens: Collection[Token], /) -> Mapping[Token, Choice]:
        """What they have chosen; who is not in it stands in the subscriber file alone."""

    def choose(self, chosen: Collection[tuple[Token, Choice]], /) -> object:
        """Keep what they chose. Returns once that is durable."""
