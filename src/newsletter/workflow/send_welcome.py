"""`newsletter send welcome`: what `--due` does for who has confirmed, by hand. Touches: as send; sends nobody else."""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.catalogue import Said, phrase
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerLostError, LedgerMissingError, Purpose
from newsletter.ledger.states import UNFINISHED
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.workspace import Workspace

from .steps.clicks import read_clicks
from .steps.compose import with_defaults
from .steps.dispatch import why_stopped
from .steps.letter import default_edition
from .steps.newsletter import open_own_ledger
from .steps.send_started import send_started
from .steps.welcome import add_welcomed, find_welcomed, ready_welcome, waiting_for_welcome


@dataclass(frozen=True, slots=True)
class WelcomeSending:
    """Who waits for the letter."""

    count: int
    file: str
    subject: str

    def summary(self) -> Said:
        """In words for the question; or that nobody waits."""
        if not self.count:
            return phrase("workflow.welcome.nobody")
        return phrase("workflow.welcome.waiting", count=self.count, file=self.file, subject=self.subject)


def prepare_welcome(workspace: Workspace) -> WelcomeSending:
    """Everything that can be refused before the question; plans nothing."""
    letter, cleared = ready_welcome(workspace)
    edition = default_edition(cleared.editions, workspace.settings.newsletter.language)
    count = 0
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            ledger.require_newest()
            read_clicks(workspace, ledger)
            record = _record(workspace, ledger)
            count = len(waiting_for_welcome(workspace, ledger, ledger.now())) + _left(ledger, record)
    except LedgerLostError:
        raise
    except LedgerMissingError:  # then nobody can have confirmed
        count = 0
    return WelcomeSending(count, letter.file, with_defaults(edition, edition.subject))


def send_welcome(
    workspace: Workspace,
    *,
    advance: Advance,
    say: Callable[[Said], None] = lambda _words: None,
    retry_now: bool = False,
) -> Ending:
    """Plan who waits, and send until nothing is due any more."""
    with open_own_ledger(workspace, Purpose.SENDING) as ledger:
        read_clicks(workspace, ledger)
        _record(workspace, ledger)
        now = ledger.now()
        found = find_welcomed(workspace, ledger, waiting_for_welcome(workspace, ledger, now))
        add_welcomed(workspace, ledger, found, now)
        record = ledger.record(found.record.id)
        return send_started(workspace, ledger, record, advance=advance, say=say, retry_now=retry_now)


def _record(workspace: Workspace, ledger: Ledger) -> DispatchRecord | None:
    """None where it was never sent; RefusedError (77) where somebody stopped it."""
    record = ledger.find(workspace.settings.newsletter.list_id, WELCOME)
    if record is not None and (stopped := why_stopped(record)):
        raise stopped
    return record


def _left(ledger: Ledger, record: DispatchRecord | None) -> int:
    """Who was planned before and has not got it."""
    counts = ledger.counts(record.id) if record else {}
    return sum(counts.get(state, 0) for state in UNFINISHED)
