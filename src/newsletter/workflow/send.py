"""Send one issue by hand: look, ask (the command line does), plan, run.

Touches: the workspace's files, the ledger, the network. An issue that was planned before is continued with the words
that were frozen then; its file and the subscriber file are not read again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.catalogue import Said
from newsletter.errors import RunAgainError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerMissingError, PlannedElsewhereError, Purpose
from newsletter.ledger.states import UNFINISHED, State
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.report.expected_end import UNLIMITED, Allowance
from newsletter.report.plan import continue_words, pace_words
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .steps.budget import pace_of
from .steps.clicks import read_clicks
from .steps.dispatch import why_stopped
from .steps.letter import known_slug
from .steps.newsletter import open_own_ledger
from .steps.plan import plan_dispatch
from .steps.prepare import Fresh
from .steps.send_started import lead_to_what_is_out, send_started
from .steps.sent_file import refuse_forgotten

_PATIENCE = 60.0
"""Seconds for which another process's plan is waited for: a million people are planned in 11."""
_LOOK_AGAIN = 0.5
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Started:
    """An issue that was planned before; it goes on with the words that were frozen then."""

    record: DispatchRecord
    counts: dict[State, int]
    now: datetime
    """By the ledger's clock, when it was found so."""
    pace: Allowance = UNLIMITED

    @property
    def nothing_to_do(self) -> bool:
        return not any(self.counts[state] for state in UNFINISHED)

    @property
    def exit_code(self) -> int:
        """Where nothing is left to send: 75 while something is in doubt, else 0."""
        return RunAgainError.exit_code if self.counts[State.IN_DOUBT] else 0

    def summary(self, settings: Settings) -> Said:
        """How far it is, and when it will be done."""
        left = sum(self.counts[state] for state in UNFINISHED)
        pace = pace_words(settings, left, self.pace, self.now)
        return continue_words(self.record, self.counts, settings.newsletter.timezone, pace)


def find_started(workspace: Workspace, given: str) -> Started | None:
    """The issue as the ledger knows it; None where it was never planned, RefusedError (77) where it was stopped.

    LedgerBehindError (77) where the ledger is an older copy than what was sent from here.
    """
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            ledger.require_newest()
            record = ledger.find(workspace.settings.newsletter.list_id, known_slug(workspace, given))
            if record is None:
                return None
            refuse_forgotten(workspace, ledger, record.slug)
            if stopped := why_stopped(record):
                raise stopped
            return Started(record, ledger.counts(record.id), ledger.now(), pace_of(workspace.settings, ledger))
    except LedgerMissingError:
        return None


def send(
    workspace: Workspace,
    prepared: Fresh | Started,
    *,
    advance: Advance,
    say: Callable[[Said], None] = lambda _words: None,
    first: int | None = None,
    retry_now: bool = False,
) -> Ending:
    """Plan (once) and send until nothing is due any more; makes the ledger where there is none.

    ClicksUnknownError (77) where it cannot be known who left by a web server's log.

    `say` is told what is published before and behind it, where there is an archive.
    """
    with open_own_ledger(workspace, Purpose.SENDING) as ledger:
        clicks = read_clicks(workspace, ledger)
        record = prepared.record if isinstance(prepared, Started) else _plan(workspace, ledger, prepared, first, say)
        ending = send_started(workspace, ledger, record, advance=advance, say=say, first=first, retry_now=retry_now)
    return replace(ending, warnings=(*(clicks.warnings() if clicks else ()), *ending.warnings))


def _plan(
    workspace: Workspace, ledger: Ledger, fresh: Fresh, first: int | None, say: Callable[[Said], None]
) -> DispatchRecord:
    """Alone among all machines; while another process plans the same it is waited for, and then joined."""
    list_id, slug = workspace.settings.newsletter.list_id, fresh.letter.issue.slug
    deadline, was_said = time.monotonic() + _PATIENCE, False
    while True:
        try:
            with ledger.planning(list_id, slug):
                return ledger.find(list_id, slug) or plan_dispatch(workspace, ledger, fresh, first)
        except PlannedElsewhereError as error:
            if time.monotonic() > deadline:
                raise
            if not was_said:
                say(error.message)
            was_said = True
            time.sleep(_LOOK_AGAIN)


def finish_archive(workspace: Workspace, say: Callable[[Said], None]) -> tuple[Said, ...]:
    """Where all letters are out already: what could not be published behind them is tried again; warnings."""
    with open_own_ledger(workspace, Purpose.READ) as ledger:
        return lead_to_what_is_out(workspace, ledger, say)
