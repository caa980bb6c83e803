"""As newsletter.py, for commands about people. Touches: the ledger."""

from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .newsletter import if_known


def open_own_people_ledger(workspace: Workspace, purpose: Purpose) -> PeopleLedger:
    """As `open_own_ledger`, with what the book can say of people."""
    return if_known(workspace, open_people_ledger(workspace, purpose))
