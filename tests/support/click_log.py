"""A workspace whose `[returns] access_log` is set, and clicks to write into that log. Touches: its folder."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.keys import links_of

PEOPLE = ["hong@example.com", "jane@example.org", "kim@example.net"]
CLICK_LOG = "logs/clicks.log"


def with_click_log(open_workspace: Callable[..., Workspace]) -> Workspace:
    """Its log is empty so far."""
    found = open_workspace(NEWSLETTER_RETURNS__ACCESS_LOG=CLICK_LOG)
    (found.root / CLICK_LOG).parent.mkdir()
    (found.root / CLICK_LOG).touch()
    return found


def click(workspace: Workspace, address: str, at: datetime | None = None, *, proof: bool = False) -> str:
    """A line as the servers write it."""
    token = links_of(workspace, create=True).token(address, proof=proof)
    said = {"time": (at or datetime.now(UTC)).isoformat(timespec="seconds"), "method": "POST", "status": 200}
    return json.dumps({**said, "path": f"/u/{token}"}) + "\n"


def left(workspace: Workspace) -> list[str]:
    links = links_of(workspace, create=True)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        list_id = workspace.settings.newsletter.list_id
        return [one for one in PEOPLE if ledger.is_suppressed(list_id, one, links.address_hash(one))]
