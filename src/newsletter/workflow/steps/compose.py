"""Make the messages of a planned dispatch, of the words that were frozen for each delivery. Touches: the ledger.

A run may meet several editions of one variant: who waits when an issue is revised gets the corrected one, what was in
doubt then is sent again as it was. An edition is read and prepared when the first of its deliveries comes.
"""

from newsletter.audience.links import Links
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim
from newsletter.message.merge import Composer, Signs
from newsletter.message.message import Message


class Frozen:
    """Claim to message, for one dispatch."""

    def __init__(self, ledger: Ledger, dispatch: int, links: Links, signer: Signs | None) -> None:
        self._ledger = ledger
        self._letterhead = ledger.frozen(dispatch)[0]
        self._links = links
        self._signer = signer
        self._composers: dict[int, Composer] = {}

    def compose(self, claim: Claim) -> Message:
        composer = self._composers.get(claim.edition) or self._prepare(claim)
        return composer.compose(claim.address, claim.key, claim.variant, claim.values)

    def _prepare(self, claim: Claim) -> Composer:
        letters = {claim.variant: self._ledger.edition(claim.edition)}
        return self._composers.setdefault(claim.edition, Composer(letters, self._letterhead, self._links, self._signer))
