"""Which issues are due, and beginning with one: what may be planned without a person, and what was missed.

Touches: the workspace's files, the ledger.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError, NewsletterError, UsageError
from newsletter.issue.find import issue_paths
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, PlannedElsewhereError
from newsletter.report.announcement import Announcement, Occasion
from newsletter.report.audience import left_out
from newsletter.report.states_and_times import local
from newsletter.schedule.due import Due, due

from .approval import folder_of, read
from .continue_due import go_on
from .cron_run import CronRun, CronStep, bug
from .letter import Letter, open_letter
from .sent_file import refuse_forgotten, went_out

_NEVER = datetime.max.replace(tzinfo=UTC)


def look_at_letters(
    cron: CronRun, besides: Collection[str]
) -> tuple[list[tuple[Letter, Due]], list[tuple[str, NewsletterError]]]:
    """All letters, first due first, and what keeps one from being read; not `besides`."""
    letters: list[tuple[Letter, Due]] = []
    broken: list[tuple[str, NewsletterError]] = []
    for path in issue_paths(cron.workspace):
        if path.stem in besides:
            continue
        try:
            letter = open_letter(cron.workspace, str(path))
        except (InputError, UsageError) as error:
            broken.append((path.stem, error))
            continue
        except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
            broken.append((path.stem, bug(path.stem, error)))
            continue
        letters.append((letter, due(letter.issue.publish_at, cron.now, cron.workspace.settings.schedule.catch_up)))
    return sorted(letters, key=lambda found: (found[0].issue.publish_at or _NEVER, found[0].issue.slug)), broken


def begin_due(cron: CronRun, ledger: Ledger, letter: Letter, when: Due) -> CronStep:
    """Plan an issue that is due and send it; what was missed is told, once."""
    slug, publish_at = letter.issue.slug, letter.issue.publish_at or cron.now
    told_as = local(publish_at, cron.workspace.settings.newsletter.timezone)
    if when is Due.MISSED:
        if not went_out(cron.workspace, slug):
            _report_missed(cron, ledger, slug, phrase("workflow.send.was_missed", file=letter.file, when=told_as))
        return 0, False
    refuse_forgotten(cron.workspace, ledger, slug)
    if publish_at < (ledger.armed_at() or cron.now):
        _report_missed(cron, ledger, slug, phrase("workflow.send.was_due_before", file=letter.file, when=told_as))
        return 0, False
    try:
        with ledger.planning(cron.workspace.settings.newsletter.list_id, slug):
            record = _plan(cron, ledger, letter, publish_at)
    except PlannedElsewhereError as error:
        # Another cron, perhaps of another machine, was quicker. It sends, too, and nobody needs to hear of it.
        cron.say(error)
        return error.exit_code, False
    return go_on(cron, ledger, record)


def _plan(cron: CronRun, ledger: Ledger, letter: Letter, publish_at: datetime) -> DispatchRecord:
    """The plan; that of another process, where it was finished in the meantime."""
    if (planned := ledger.find(cron.workspace.settings.newsletter.list_id, letter.issue.slug)) is not None:
        return planned
    # Nothing is due most of the time, and all rules of `check` hang on these.
    from .plan import plan_dispatch
    from .prepare import prepare_fresh

    fresh = prepare_fresh(cron.workspace, str(letter.path), ledger, goes_by_date=True)
    fresh.refuse_likeness()
    fresh.refuse_list_change()
    for row in left_out(fresh.audience):
        cron.say(row)
    _report_late_approval(cron, ledger, letter, publish_at)
    return plan_dispatch(cron.workspace, ledger, fresh)


def _report_late_approval(cron: CronRun, ledger: Ledger, letter: Letter, publish_at: datetime) -> None:
    """It goes out all the same, later than its readers are used to; once."""
    slug, zone = letter.issue.slug, cron.workspace.settings.newsletter.timezone
    needed = cron.workspace.settings.schedule.require_approval
    approval = read(folder_of(letter.path), slug) if needed else None
    if approval is None or approval.at <= publish_at:
        return
    if ledger.say_once(cron.workspace.settings.newsletter.list_id, f"approved late {slug}", cron.now):
        when, at = local(publish_at, zone), local(approval.at, zone)
        words = phrase("workflow.send.approved_late", slug=slug, when=when, at=at, by=approval.by)
        late = {"seconds_late": round((approval.at - publish_at).total_seconds())}
        command = f"newsletter status {slug}"
        announcement = Announcement(Occasion.APPROVED_LATE, words, slug, numbers=late, next_command=command)
        cron.tell_now(announcement, to_editor=True, waits=False)


def _report_missed(cron: CronRun, ledger: Ledger, slug: str, missed: Said) -> None:
    """Once: from now on it is a person's."""
    if ledger.say_once(cron.workspace.settings.newsletter.list_id, f"missed {slug}", cron.now):
        hint = phrase("workflow.send.to_send_all_the_same", slug=slug)
        announcement = Announcement(Occasion.MISSED, lines(missed, hint), slug, next_command=f"newsletter send {slug}")
        cron.tell_now(announcement, to_editor=True)
