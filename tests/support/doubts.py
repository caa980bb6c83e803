"""A ledger in which some are in doubt, as a process that was killed leaves it. Touches: the ledger."""

from datetime import UTC, datetime
from pathlib import Path

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.workflow.steps.keys import links_of

from .books import edition, letterhead, reader, sent

SLUG = "2026-11"


def plan_with_doubts(folder: Path, *, total: int = 6, doubtful: int = 2) -> None:
    """Plan an issue: first one sent, then so many in doubt, the rest planned; it is not paused."""
    workspace = find_workspace(folder, explicit=folder, environ={})
    now = datetime.now(UTC)
    links_of(workspace, create=True)  # whoever sends has a secret before a ledger
    with open_ledger(workspace, Purpose.SENDING) as book:
        head = letterhead(SLUG, workspace.settings.newsletter.list_id)
        dispatch = book.plan(head, {"ko": edition(SLUG)}, map(reader, range(total)), now).dispatch
        with book.lease(now) as lease:
            claims = book.claim(dispatch, lease, 1 + doubtful, now)
            book.turn([], claims, now)
            book.turn([sent(claims[0])], [], now)
