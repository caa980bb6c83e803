"""Where somebody approves: with the ledger in reach it learns what was approved; without it, git alone knows.

Touches: the ledger. What keeps it from being told stops no approval.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.settings.workspace import Workspace

from .approval import folder_of, read
from .letter import Letter
from .newsletter import open_own_ledger
from .relay_settings import publish_from_a_desk


@dataclass(frozen=True, slots=True)
class Desk:
    """For one approval."""

    workspace: Workspace
    ledger: Ledger | None
    """None where there is none yet, or `why` it is not reached."""
    why: Said | None = None

    def now(self) -> datetime | None:
        """By the clock that all machines go by, so that it is known which of two approvals is the newer."""
        return self.ledger.now() if self.ledger else None

    def publish(self, letter: Letter) -> Said | None:
        """What lies approved of this issue, and with what relay settings it is sent; what kept it from being told."""
        if self.ledger is None:
            return self.why
        try:
            self._schedule(self.ledger, letter)
            publish_from_a_desk(self.workspace, self.ledger)
        except NewsletterError as error:
            return _not_published(error)
        return None

    def _schedule(self, ledger: Ledger, letter: Letter) -> None:
        approval = read(folder_of(letter.path), letter.issue.slug)
        if approval is not None:
            ledger.schedule(
                self.workspace.settings.newsletter.list_id,
                letter.issue.slug,
                approval.editions,
                due_at=letter.issue.publish_at,
                approved_at=approval.at,
                approved_by=approval.by,
            )


@contextmanager
def at_desk(workspace: Workspace) -> Iterator[Desk]:
    """Makes no ledger."""
    try:
        ledger = open_own_ledger(workspace, Purpose.READ, readers=False)
    except LedgerMissingError:
        yield Desk(workspace, None)
        return
    except NewsletterError as error:
        yield Desk(workspace, None, _not_published(error))
        return
    with ledger:
        yield Desk(workspace, ledger)


def _not_published(error: NewsletterError) -> Said:
    return phrase("workflow.relay_settings.not_published", why=error)
