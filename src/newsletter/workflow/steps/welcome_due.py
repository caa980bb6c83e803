"""Welcome who has confirmed, from cron: most runs have nobody to welcome, and look at nothing.

Touches: the file of the welcome letter, the ledger, the network.
"""

from collections.abc import Iterator
from functools import partial

from newsletter.catalogue import phrase
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import DispatchStatus
from newsletter.settings.workspace import Workspace

from .continue_due import go_on
from .cron_run import CronRun, CronStep


def welcome_due(cron: CronRun, ledger: Ledger) -> Iterator[CronStep]:
    """One step, where somebody waits for the letter and it is not stopped."""
    if not may_welcome(cron.workspace, ledger):
        return
    # What tries a letter hangs on these.
    from .welcome import waiting_for_welcome

    waiting = waiting_for_welcome(cron.workspace, ledger, cron.now)
    if waiting:
        yield cron.guarded(WELCOME, partial(_welcome, cron, ledger, waiting), begins=True)


def may_welcome(workspace: Workspace, ledger: Ledger) -> bool:
    """Whether there is a letter, and nobody has stopped it."""
    if not (workspace.issues / f"{WELCOME}.yaml").is_file():
        return False
    record = ledger.find(workspace.settings.newsletter.list_id, WELCOME)
    return record is None or record.status is DispatchStatus.RUNNING


def _welcome(cron: CronRun, ledger: Ledger, waiting: list[bytes]) -> CronStep:
    from .welcome import add_welcomed, find_welcomed

    found = find_welcomed(cron.workspace, ledger, waiting)
    added = add_welcomed(cron.workspace, ledger, found, cron.now)
    if not added:
        return 0, False
    cron.say(phrase("workflow.welcome.added", count=added))
    return go_on(cron, ledger, ledger.record(found.record.id))
