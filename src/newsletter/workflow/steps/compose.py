"""Make messages for somebody: of a letter as it is now, or of the words that were frozen for a delivery.

Proofs, dry runs, `render`, checks and the studio all make them here, so that what is looked at is what is sent.
Touches: the ledger, for what is frozen.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.ledger.frozen import DATED
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim
from newsletter.message.holes import stand_ins
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer, Weight
from newsletter.message.message import Message
from newsletter.message.prepared_letter import Parts
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .keys import SigningKeys

PLACEHOLDER_ADDRESS = "subscriber@example.com"


class LetterComposer:
    """The messages of one letter, dated now, for whoever is given."""

    def __init__(
        self, settings: Settings, slug: str, editions: Mapping[str, Edition], keys: SigningKeys, *, proof: bool = False
    ) -> None:
        """`editions` by variant."""
        head = letterhead(settings, slug, datetime.now(UTC), keys.links.key_id, proof=proof)
        self._composer = Composer(editions, head, keys.links, keys.signer)

    @classmethod
    def to_send(
        cls, workspace: Workspace, slug: str, editions: Mapping[str, Edition], *, proof: bool = False
    ) -> "LetterComposer":
        """Exactly as sent. A proof says in its subject that it is one, and its links change nothing."""
        return cls(workspace.settings, slug, editions, SigningKeys.of(workspace), proof=proof)

    @classmethod
    def to_look(cls, workspace: Workspace, slug: str, editions: Mapping[str, Edition]) -> "LetterComposer":
        """As sent, but nobody is unsubscribed by a curious click, and an editor's machine need not have every key."""
        return cls(workspace.settings, slug, editions, SigningKeys.to_look(workspace))

    @classmethod
    def to_try(cls, settings: Settings, slug: str, editions: Mapping[str, Edition]) -> "LetterComposer":
        """As large as sent, not signed; no secret is needed, or made."""
        return cls(settings, slug, editions, SigningKeys.to_try(settings.newsletter.list_id))

    def message(self, subscriber: Subscriber, variant: str) -> Message:
        """The complete message. InputError for an unknown variant, or a merge field without value and default."""
        return self.message_to(subscriber.email, subscriber.key, variant, subscriber.values())

    def message_to(self, address: str, key: str, variant: str, values: Mapping[str, str]) -> Message:
        """The same to an address that need not be the one the values belong to."""
        return self._composer.compose(address, key, variant, values)

    def parts(self, subscriber: Subscriber, variant: str) -> Parts:
        """The same in pieces; pictures stay `cid:` links."""
        return self._composer.parts(subscriber.email, subscriber.key, variant, subscriber.values())

    def weigh(self, subscriber: Subscriber, variant: str, values: Mapping[str, str]) -> Weight:
        """Make the same message and say how large it is. `values` are the subscriber's, who have been asked already."""
        return self._composer.weigh(subscriber.email, subscriber.key, variant, values)


class FrozenComposer:
    """Claim to message, for one dispatch.

    A run may meet several editions of one variant: who waits when an issue is revised gets the corrected one, what was
    in doubt then is sent again as it was. Who joined after the plan has a date of their own. An edition is read and
    prepared when the first of its deliveries comes.
    """

    def __init__(self, workspace: Workspace, ledger: Ledger, dispatch: int) -> None:
        """SettingsError (78) where a secret that the dispatch needs is not there."""
        self._ledger = ledger
        self._letterhead = ledger.frozen(dispatch)[0]
        # Tokens and Message-IDs stay what they were, whatever the newsletter is called by now.
        self._keys = SigningKeys.of(workspace, create=False, list_id=self._letterhead.list_id)
        self._composers: dict[tuple[int, str | None], Composer] = {}

    def compose(self, claim: Claim) -> Message:
        dated = claim.values.get(DATED)
        composer = self._composers.get((claim.edition, dated)) or self._prepare(claim, dated)
        return composer.compose(claim.address, claim.key, claim.variant, claim.values)

    def _prepare(self, claim: Claim, dated: str | None) -> Composer:
        letters, head = {claim.variant: self._ledger.edition(claim.edition)}, self._letterhead
        if dated is not None:
            head = replace(head, date=datetime.fromisoformat(dated).astimezone(head.date.tzinfo))
        made = Composer(letters, head, self._keys.links, self._keys.signer)
        return self._composers.setdefault((claim.edition, dated), made)


def without_subscriber(edition: Edition) -> Subscriber:
    """Somebody without a name or fields; what has no default shows its field's name in brackets."""
    shown = stand_ins(edition)
    fields = {key.removeprefix("fields."): name for key, name in shown.items() if key.startswith("fields.")}
    return Subscriber(
        email=PLACEHOLDER_ADDRESS,
        key=PLACEHOLDER_ADDRESS,
        name=shown.get("name", ""),
        language=edition.language,
        fields=fields,
    )


def with_defaults(edition: Edition, text: str) -> str:
    """A text of an edition with every hole filled for a person to read; never for a message."""
    shown = stand_ins(edition)
    for hole in edition.holes:
        shown_here = hole.default if hole.default is not None else shown.get(hole.key, f"({hole.key})")
        text = text.replace(hole.marker, shown_here)
    return text
