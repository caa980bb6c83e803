"""The welcome letter, `issues/welcome.yaml`: for each who confirms a sign-up, one for an address, ever.

Touches: its file, the ledger. It is one dispatch that grows, as an issue does by latecomers; nobody stands in it at
first. A correction that was approved goes to whoever comes later. Who confirmed longer ago than `[schedule] catch_up`
is not welcomed any more: a letter that was written since would greet strangers of last year.
"""

from datetime import datetime

from newsletter.audience.judged_rows import JudgedRows
from newsletter.dispatch.policy import Policy
from newsletter.edition.variants import VariantRule
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.settings.workspace import Workspace

from .correction import refuse_other_sections, refuse_unknown_values
from .examine import findings, refuse_errors
from .example_sender import refuse_example_sender
from .latecomers import LateAudience, add_latecomers, find_latecomers
from .letter import Letter, open_letter
from .plan import plan_rows
from .prepare import Cleared, cleared_to_send
from .sent_file import refuse_forgotten
from .survey import sizes_alone


def waiting_for_welcome(workspace: Workspace, ledger: Ledger, now: datetime) -> list[bytes]:
    """Who confirmed and was not welcomed; nobody where there is no letter for them."""
    if not (workspace.issues / f"{WELCOME}.yaml").is_file():
        return []
    settings = workspace.settings
    return ledger.waiting_welcomes(settings.newsletter.list_id, now - settings.schedule.catch_up)


def ready_welcome(workspace: Workspace) -> tuple[Letter, Cleared]:
    """The letter as it may be sent; InputError (65) and NotApprovedError (77) as for an issue."""
    letter = open_letter(workspace, WELCOME)
    refuse_example_sender(workspace)
    Policy.from_settings(workspace.settings, root=workspace.root)
    cleared = cleared_to_send(letter, workspace)
    nobody = sizes_alone(letter.issue, cleared.editions, workspace.settings)
    refuse_errors(findings(letter, cleared.editions, workspace, nobody), letter)
    return letter, cleared


def find_welcomed(workspace: Workspace, ledger: Ledger, waiting: list[bytes]) -> LateAudience:
    """Who of those who wait gets it, with the words that are approved now. Plans the letter, for nobody yet."""
    refuse_forgotten(workspace, ledger, WELCOME)
    letter, cleared = ready_welcome(workspace)
    record = ledger.find(workspace.settings.newsletter.list_id, WELCOME)
    if record is None:
        record = plan_rows(workspace, ledger, letter, cleared.editions, JudgedRows())
    else:
        _correct(workspace, ledger, record, letter, cleared)
    return find_latecomers(workspace, ledger, record, only=waiting)


def add_welcomed(workspace: Workspace, ledger: Ledger, found: LateAudience, now: datetime) -> int:
    """Plan them; how many. A kill behind the plan is made up for by the next run: each has one row of a dispatch."""
    added = add_latecomers(workspace, ledger, found) if found.count else 0
    ledger.keep_welcomed(workspace.settings.newsletter.list_id, found.only or (), now)
    return added


def _correct(workspace: Workspace, ledger: Ledger, record: DispatchRecord, letter: Letter, cleared: Cleared) -> None:
    """Give it the words of its file, where those are others than the last ones."""
    former = ledger.frozen_issue(record.id).editions
    if {name: one.to_json() for name, one in former.items()} == {
        name: one.to_json() for name, one in cleared.editions.items()
    }:
        return
    refuse_unknown_values(workspace, ledger, record, cleared.editions)
    refuse_other_sections(workspace, ledger, record, letter, cleared.editions)
    rule = VariantRule.of(letter.issue, workspace.settings.newsletter.language)
    ledger.revise(record.id, cleared.editions, cleared.although_like, rule)
