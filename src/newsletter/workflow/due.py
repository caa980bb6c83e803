"""Send what is due and approved, from cron: never asks, says nothing where there is nothing to do.

Touches: the workspace's files, the ledger, the network. Safe to run every ten minutes, and twice at once. One issue's
trouble (a broken file, no approval) stops only that issue; the exit code is then the greatest of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.errors import InputError, NewsletterError, UsageError
from newsletter.issue.find import issue_paths
from newsletter.ledger.book import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DispatchRecord, LedgerMissingError, Purpose
from newsletter.ledger.states import DispatchStatus, State
from newsletter.report.words import counted, local
from newsletter.schedule.due import Due, due
from newsletter.settings.workspace import Workspace

from .letter import Letter, open_letter
from .preparing import prepare_fresh
from .running import Advance, run_dispatch
from .send import plan

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Cron:
    """What one run of `send --due` works with."""

    workspace: Workspace
    say: Say
    warn: Say
    advance: Advance
    retry_now: bool
    now: datetime


def send_due(workspace: Workspace, *, say: Say, warn: Say, advance: Advance, retry_now: bool = False) -> int:
    """Start what is due and continue what was started; the exit code.

    Raises LedgerMissingError (78) where an issue is due and there is no ledger to know whether it was sent before.
    """
    cron = _Cron(workspace, say, warn, advance, retry_now, datetime.now(UTC))
    codes = [0]
    letters = sorted(_due_letters(cron, codes), key=lambda found: (found[0].issue.publish_at, found[0].issue.slug))
    ledger = _open_ledger(cron, letters) if letters else None
    if ledger is not None:
        with ledger:
            codes += [_guarded(cron, ledger, letter, when) for letter, when in letters]
    return max(codes)


def _due_letters(cron: _Cron, codes: list[int]) -> Iterator[tuple[Letter, Due]]:
    for path in issue_paths(cron.workspace):
        try:
            letter = open_letter(cron.workspace, str(path))
        except (InputError, UsageError) as error:  # a file that nobody named on the command line is input, too
            cron.warn(str(error))
            codes.append(InputError.exit_code)
            continue
        when = due(letter.issue.publish_at, cron.now, cron.workspace.settings.schedule.catch_up)
        if when in {Due.NOW, Due.MISSED}:
            yield letter, when


def _open_ledger(cron: _Cron, letters: list[tuple[Letter, Due]]) -> Ledger | None:
    """The ledger, or None where there is none and nothing is due that would need it."""
    try:
        return open_ledger(cron.workspace, Purpose.DUE)
    except LedgerMissingError:
        if any(when is Due.NOW for _, when in letters):
            raise
        return None


def _guarded(cron: _Cron, ledger: Ledger, letter: Letter, when: Due) -> int:
    try:
        return _send_one(cron, ledger, letter, when)
    except NewsletterError as error:
        cron.warn(str(error))
        return error.exit_code


def _send_one(cron: _Cron, ledger: Ledger, letter: Letter, when: Due) -> int:
    list_id = cron.workspace.settings.newsletter.list_id
    record = ledger.find(list_id, letter.issue.slug)
    if record is None and when is Due.MISSED:
        when_due = local(letter.issue.publish_at or cron.now, cron.workspace.settings.newsletter.timezone)
        if ledger.say_once(list_id, f"missed {letter.issue.slug}", cron.now):
            cron.warn(
                f"{letter.file} was due {when_due} and was missed; now it is not started by itself.\n"
                f"To send it all the same: newsletter send {letter.issue.slug}"
            )
        return 0
    code = 0
    if record is None:
        fresh = prepare_fresh(cron.workspace, str(letter.path), ledger)
        for row in fresh.audience.left_out():
            cron.say(f"Left out {row}")
        record = plan(cron.workspace, ledger, fresh)
    if record.status is DispatchStatus.RUNNING and _something_to_do(cron, ledger, record):
        ending = run_dispatch(cron.workspace, ledger, record, advance=cron.advance, retry_now=cron.retry_now)
        cron.say(ending.summary())
        for warning in ending.warnings:
            cron.warn(warning)
        code = ending.exit_code(by_hand=False)
    _report_doubt(cron, ledger, record)
    return code


def _something_to_do(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> bool:
    """False for a finished issue, and while all that is left waits for its time."""
    counts = ledger.counts(record.id)
    if any(counts[state] for state in (State.PLANNED, State.CLAIMED, State.IN_FLIGHT)):
        return True
    next_due = ledger.next_due(record.id)
    return next_due is not None and (cron.retry_now or next_due <= cron.now)


def _report_doubt(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> None:
    count = ledger.counts(record.id)[State.IN_DOUBT]
    if count and ledger.say_once(record.newsletter, f"in doubt {record.slug} {count}", cron.now):
        cron.warn(
            f"{record.slug}: {counted(count, 'delivery')} in doubt: newsletter status {record.slug}, then "
            f"newsletter resolve {record.slug} --as-sent or --resend"
        )
