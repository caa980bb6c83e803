"""Send what is due and approved, from cron: never asks, says nothing where there is nothing to do.

Touches: the workspace's files, the ledger, the network. Safe to run every ten minutes, and twice at once. One issue's
trouble (a broken file, no approval) stops only that issue; the exit code is then the greatest of them. What waits for a
person is told even to a quiet run: at once, and daily while it lasts (`Told`).
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from newsletter.catalogue import lines, phrase
from newsletter.errors import InputError, NewsletterError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.progress import Advance
from newsletter.schedule.due import Due
from newsletter.settings.workspace import Workspace

from .steps.begin_due import begin_due, look_at_letters
from .steps.clicks import ClicksUnknownError, read_clicks
from .steps.continue_due import go_on, publish_behind
from .steps.cron_run import CronRun, CronStep, Say
from .steps.latecomers_due import latecomers_due
from .steps.letter import Letter
from .steps.newsletter import open_own_ledger
from .steps.remind import remind
from .steps.returned import tell_of_newest
from .steps.told import Told
from .steps.welcome_due import welcome_due


def send_due(
    workspace: Workspace,
    *,
    say: Say,
    warn: Say,
    advance: Advance,
    retry_now: bool = False,
    leaves_sending: bool = False,
    now: datetime | None = None,
) -> int:
    """Continue what was started, start what is due; the exit code. `now` is this moment, unless somebody plays time.

    `leaves_sending`: workers send what is planned, and one machine at a time does the rest; the others do nothing.

    Where an issue is due and there is no ledger to know whether it was sent before, that is told, and is 78.
    """
    ledger, why_not = _open_ledger(workspace)
    # By the ledger's clock: of several machines one may be wrong, and would send before its time.
    now = now or (ledger.now() if ledger else datetime.now(UTC))
    cron = CronRun(workspace, say, warn, advance, retry_now, now, Told(workspace, now), leaves_sending)
    cron.told.ledger = ledger
    codes = [0]
    try:
        with ledger or contextlib.nullcontext(), _alone(cron, ledger) as is_alone:
            if is_alone:
                _send_all(cron, ledger, why_not, codes)
    except NewsletterError as error:
        codes.append(error.exit_code)
        cron.tell_error(error, issue=None, exit_code=error.exit_code)
    return max(codes)


def _send_all(cron: CronRun, ledger: Ledger | None, why_not: NewsletterError | None, codes: list[int]) -> None:
    # Twenty years of letters are not read every ten minutes: what was planned goes by what is frozen.
    planned = ledger.dispatches(_list_id(cron)) if ledger else []
    letters, broken = look_at_letters(cron, besides={record.slug for record in planned})
    for slug, error in broken:
        # A file that nobody named on the command line is input, too.
        code = InputError.exit_code if isinstance(error, UsageError) else error.exit_code
        codes.append(code)
        words = lines(error, phrase("workflow.send.to_see_all"))
        cron.tell_error(error, words=words, issue=slug, exit_code=code)
    reminders = remind(cron, letters, [slug for slug, _ in broken], planned)
    if why_not is not None and _needs_ledger(why_not, letters):
        codes += [code for code, _ in reminders]
        raise why_not
    if ledger is not None and cron.workspace.has_returns:
        from .steps.returns_due import read_returns_first  # most workspaces need not load what reads a mailbox

        codes += read_returns_first(cron, ledger)
    for code, is_last in _steps(cron, ledger, letters) if ledger and _knows_who_left(cron, ledger, codes) else ():
        codes.append(code)
        if is_last:
            return
    # Behind the letters: a closer look at an issue reads the whole subscriber file.
    codes += [code for code, _ in reminders]
    if ledger is not None:
        tell_of_newest(cron, ledger)
    cron.told.forget_the_rest()


@contextlib.contextmanager
def _alone(cron: CronRun, ledger: Ledger | None) -> Iterator[bool]:
    """Cron's runs share an issue's sending, so none keeps another out; else one machine does this at a time."""
    if not cron.leaves_sending or ledger is None:
        yield True
        return
    with ledger.alone_on_all_machines(f"due {_list_id(cron)}") as is_alone:
        yield is_alone


def _knows_who_left(cron: CronRun, ledger: Ledger, codes: list[int]) -> bool:
    """False, which is told, where the log of a web server that takes clicks cannot be read: then nobody is mailed."""
    try:
        found = read_clicks(cron.workspace, ledger)
    except ClicksUnknownError as error:
        codes.append(error.exit_code)
        cron.tell_error(error, issue=None, exit_code=error.exit_code)
        return False
    for damaged in found.warnings() if found else ():
        if cron.told.is_news(str(damaged)):
            cron.warn(damaged)
    return True


def _steps(cron: CronRun, ledger: Ledger, letters: list[tuple[Letter, Due]]) -> Iterator[CronStep]:
    """What was planned goes on with its frozen words, whatever has become of its file; then what is new, and who is."""
    for record in ledger.unfinished(_list_id(cron)):
        yield cron.guarded(record.slug, partial(go_on, cron, ledger, record))
    for letter, when in letters:
        is_due = when in {Due.NOW, Due.MISSED}
        if is_due and ledger.find(_list_id(cron), letter.issue.slug) is None:  # another run may have been quicker
            yield cron.guarded(letter.issue.slug, partial(begin_due, cron, ledger, letter, when), begins=True)
    yield from welcome_due(cron, ledger)
    yield from latecomers_due(cron, ledger)
    if cron.leaves_sending:
        from .steps.ended_elsewhere import tell_what_workers_sent  # cron's own run tells by itself
        from .steps.watch_workers import watch_workers

        yield watch_workers(cron), False
        yield from tell_what_workers_sent(cron, ledger)
    for record in ledger.unlisted(_list_id(cron))[:1]:
        yield cron.guarded(record.slug, partial(publish_behind, cron, ledger, record))


def _open_ledger(workspace: Workspace) -> tuple[Ledger | None, NewsletterError | None]:
    """The ledger, or why there is none."""
    try:
        return open_own_ledger(workspace, Purpose.DUE), None
    except NewsletterError as error:
        return None, error


def _needs_ledger(why_not: NewsletterError, letters: list[tuple[Letter, Due]]) -> bool:
    """Whether anything waits for the ledger: where there never was one, only what is due does."""
    never_was = isinstance(why_not, LedgerMissingError) and not isinstance(why_not, LedgerLostError)
    return not never_was or any(when is Due.NOW for _, when in letters)


def _list_id(cron: CronRun) -> str:
    return cron.workspace.settings.newsletter.list_id
