"""What follows the sending where workers did it: the file of who got it, the report, word to the operator.

Touches: the ledger for reading, the workspace's files, whom the operator's settings name. What was told of an issue
before, `issues/<slug>.sent.json` says: where it says what the ledger says, there is nothing new.
"""

from collections.abc import Iterator
from functools import partial

from newsletter.dispatch.run import RunReport
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import READY, State
from newsletter.report.ending import Ending

from .continue_due import tell_ending
from .cron_run import CronRun, CronStep
from .run import ending_of
from .sent_file import counts_in_file

_NEWEST = 12
"""Issues that are looked at, the last planned: others change by a person's word alone."""


def tell_what_workers_sent(cron: CronRun, ledger: Ledger) -> Iterator[CronStep]:
    """One step for each issue of which nobody is ready to be sent any more."""
    for record in ledger.dispatches(cron.workspace.settings.newsletter.list_id)[-_NEWEST:]:
        yield cron.guarded(record.slug, partial(_tell, cron, ledger, record))


def _tell(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> CronStep:
    counts = ledger.counts(record.id)
    before = {**dict.fromkeys(State, 0), **counts_in_file(cron.workspace, record.slug)}
    if counts == before or not counts[State.SENT] or any(counts[state] for state in READY):
        return 0, False
    report = RunReport(
        outcomes={},
        attempted=0,
        suppressed=0,
        stopped=None,
        deferred_left=counts[State.DEFERRED],
        held_by_others=0,
        next_due=ledger.next_due(record.id),
    )
    zone = cron.workspace.settings.newsletter.timezone
    ending: Ending = ending_of(ledger, record, report, before, zone)
    tell_ending(cron, ledger, record, ending)
    return 0, False
