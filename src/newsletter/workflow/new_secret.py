"""Go on with another secret where that of the links is lost for good. Touches: the secret file, the ledger.

Old links are dead then, whatever is done. Who left by one is known by a hash that nobody can make any more; the letters
that went out say whose it is, so they stay unsubscribed by their address.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.audience.links import Links
from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.ledger.known_keys import TakenOver
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import EVERYWHERE
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace

from .steps.keys import SecretLostError
from .steps.lost_secret import require_own_secret
from .steps.newsletter import open_own_ledger


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What taking another secret would do."""

    left: TakenOver

    def summary(self) -> Said:
        """In words, for the question that follows."""
        return lines(
            phrase("workflow.secret.would_take", kept=self.left.kept),
            phrase("workflow.secret.would_lose", lost=self.left.lost) if self.left.lost else SILENCE,
            phrase("workflow.secret.dead_links"),
        )


def prepare_new_secret(workspace: Workspace) -> NewSecret | None:
    """None where the secret is the one of the ledger. LedgerMissingError (78) where there is no ledger."""
    with open_own_ledger(workspace, Purpose.READ) as ledger:
        try:
            require_own_secret(workspace, ledger)
        except SecretLostError:
            return NewSecret(ledger.left_by_hash())
    return None


def take_new_secret(workspace: Workspace) -> Said:
    """The secret that is there, or a new one where there is none, makes hashes and links from now on."""
    keys = load_keys(workspace, os.environ, create=True)
    by_newsletter: dict[str, Links] = {}

    def hash_of(newsletter: str, key: str) -> bytes:
        name = workspace.settings.newsletter.list_id if newsletter == EVERYWHERE else newsletter
        return by_newsletter.setdefault(name, Links(keys, name)).address_hash(key)

    links = Links(keys, workspace.settings.newsletter.list_id)
    with open_own_ledger(workspace, Purpose.READ) as ledger:
        ledger.take_hash_key(links.key_ids[0], hash_of, datetime.now(UTC))
    return phrase("workflow.secret.is_taken", key=links.key_ids[0])
