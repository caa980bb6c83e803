"""Continue a dispatch from cron: run it where there is something to do, and tell what waits for a person.

Touches: the ledger, the network, whom the operator's settings name.
"""

from collections.abc import Iterator

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.stop import StopKind
from newsletter.errors import RunAgainError
from newsletter.issue.find import WELCOME
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import READY, DispatchStatus, State
from newsletter.report.announcement import Announcement, Occasion
from newsletter.report.ending import Ending, held_words

from .click_watch import watching_clicks
from .clicks import read_clicks
from .cron_run import CronRun, CronStep
from .dispatch import why_stopped
from .operator import tell_how_it_ended
from .publish import ArchiveBusyError, publish_ahead, publish_archive
from .report_after_run import page_for_operator, with_kept_report
from .run import held_back, run_dispatch
from .sent_file import refuse_forgotten, with_sent_file


def go_on(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> CronStep:
    """Send what is due of it, and tell what waits for a person: a pause, a record, a limit, what is in doubt."""
    step, was_told = (0, False), False
    if record.status is DispatchStatus.PAUSED:
        _report_pause(cron, ledger, record)
    if record.status is DispatchStatus.RUNNING and _something_to_do(cron, ledger, record):
        # Publishing may take long: whether somebody else sends by now is looked at behind it.
        if not _is_published(cron, ledger, record):
            return RunAgainError.exit_code, False
        if not cron.leaves_sending:
            if _is_held(cron, ledger, record):
                return RunAgainError.exit_code, False
            step, was_told = _run(cron, ledger, record)
    if record.status is DispatchStatus.RUNNING:
        _remind(cron, ledger, record)
    _report_doubt(cron, ledger, record, was_told=was_told)
    return step


def _run(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> tuple[CronStep, bool]:
    """The step, and whether its end was told by mail and command, with all counts."""
    read_clicks(cron.workspace, ledger)
    with watching_clicks(cron.workspace) as unread:
        ending = run_dispatch(cron.workspace, ledger, record, advance=cron.advance, retry_now=cron.retry_now, due=True)
    for warning in unread:
        cron.warn_once(warning)
    is_told = tell_ending(cron, ledger, record, ending)
    stopped = ending.report.stopped
    is_last = stopped is not None and stopped.kind in {StopKind.ASKED, StopKind.LEDGER}
    waits = ending.only_waits and not is_told and not ending.has_changed  # as was told when it began to wait
    return (0 if waits else ending.exit_code(by_hand=False), is_last and not waits), is_told


def tell_ending(cron: CronRun, ledger: Ledger, record: DispatchRecord, ending: Ending) -> bool:
    """Keep what follows from it, and say it; whether it was told by mail and command, too."""
    ending = with_sent_file(cron.workspace, ledger, record, ending)
    ending = with_kept_report(cron.workspace, ledger, record, ending)
    stopped = ending.report.stopped
    was_asked = stopped is not None and stopped.kind is StopKind.ASKED
    news = [trouble for trouble in _troubles(ending) if cron.told.is_news(trouble)]
    is_news = was_asked or bool(news)
    if ending.only_waits and not is_news and not ending.has_changed:
        return False
    is_told = is_news or (ending.has_changed and not ending.out_of_budget and _is_new_end(cron, ending))
    if is_told:
        ending, page = page_for_operator(cron.workspace, ledger, record, ending)
        ending = tell_how_it_ended(cron.workspace, ledger, ending, page, by_hand=False, said=cron.said)
    (cron.warn if is_news else cron.say)(ending.summary())
    cron.said.append(str(ending.summary()))
    for warning in ending.warnings:
        cron.warn_once(warning)
    return is_told


def _is_new_end(cron: CronRun, ending: Ending) -> bool:
    if ending.slug == WELCOME:  # goes out a few times a day, and is news to nobody
        return False
    return _is_first_end(cron, ending)


def _is_first_end(cron: CronRun, ending: Ending) -> bool:
    """That cron goes on with an issue by itself is news once, however many runs the last readers take; its end is,
    but not twice a day where nothing more went wrong: latecomers come one by one."""
    what = f"unfinished {ending.slug}"
    if ending.exit_code(by_hand=False) == 0:
        wrong = "/".join(str(ending.counts[state]) for state in (State.FAILED, State.EXPIRED, State.IN_DOUBT))
        what = f"ended {ending.slug} {wrong} {cron.now:%Y-%m-%d}"
    return cron.told.is_first(what)


def _is_published(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> bool:
    """Whether all that its letters lead to is there; False while another process sees to that."""
    refuse_forgotten(cron.workspace, ledger, record.slug)
    try:
        for warning in publish_ahead(cron.workspace, ledger, record, cron.say):
            cron.warn(warning)
    except ArchiveBusyError as error:
        _tell_if_it_hangs(cron, record, error)
        return False
    return True


def publish_behind(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> CronStep:
    """Let the archive lead to what is out by now."""
    try:
        for told in publish_archive(cron.workspace, ledger, cron.say):
            cron.say(told)
    except ArchiveBusyError as error:
        _tell_if_it_hangs(cron, record, error)
        return error.exit_code, False
    return 0, False


def _tell_if_it_hangs(cron: CronRun, record: DispatchRecord, error: ArchiveBusyError) -> None:
    """A letter that waits for a process that never ends would wait in silence."""
    if error.hangs:
        cron.tell_error(error, issue=record.slug, exit_code=error.exit_code)


def _troubles(ending: Ending) -> Iterator[str]:
    """What is told at once and then daily, by name."""
    stopped = ending.report.stopped
    if ending.paused is not None:
        yield _pause_of(ending.slug, ending.paused)
    elif stopped is not None and stopped.kind is not StopKind.ASKED:
        yield _stopped_by(ending.slug, stopped.kind)
    for one in ending.unauthenticated:
        yield _unauthenticated(ending.slug, one.reply_rule)


def _stopped_by(slug: str, kind: StopKind) -> str:
    return f"stopped {slug} {kind.label}"


def _unauthenticated(slug: str, rule: str) -> str:
    return f"unauthenticated {slug} {rule}"


def _remind(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> None:
    """Of a record that is missing and of a limit that is used up, daily, also while nothing is tried."""
    for one in held_back(ledger, record.id, ReplyClass.UNAUTHENTICATED, ReplyClass.QUOTA):
        trouble = _unauthenticated(record.slug, one.reply_rule)
        if one.reply_class == ReplyClass.QUOTA:
            trouble = _stopped_by(record.slug, StopKind.QUOTA)
        if cron.told.is_news(trouble):
            cron.tell_now(
                Announcement(
                    Occasion.WAITING,
                    held_words(one),
                    record.slug,
                    RunAgainError.exit_code,
                    numbers={"held": one.count},
                    next_command=f"newsletter status {record.slug}",
                )
            )


def _pause_of(slug: str, reason: Said) -> str:
    return f"paused {slug} {reason}"


def _report_pause(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> None:
    """It waits for somebody, and nothing else would say so."""
    if cron.told.is_news(_pause_of(record.slug, record.reason or phrase("ledger.pause.by_hand"))):
        words, counts = why_stopped(record) or SILENCE, ledger.counts(record.id)
        announcement = Announcement(
            Occasion.PAUSED, words, record.slug, states=counts, next_command=f"newsletter resume {record.slug}"
        )
        cron.tell_now(announcement)


def _is_held(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> bool:
    """Whether a living process is at work: every run has the whole rate, so cron's next one must not add its own."""
    with ledger.lease(cron.now) as lease:
        ledger.claim(record.id, lease, 0, cron.now)  # takes back what dead processes hold, and nothing for us
        if ledger.record(record.id).canary_lease is not None:
            return True
        held = ledger.held_by_others(record.id, lease)
        # Of another machine nobody knows whether it lives: who stays and looks will see.
        return held > 0 and (held > ledger.held_elsewhere(record.id, lease) or ledger.is_sent_from_here(record.id))


def _something_to_do(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> bool:
    """False for a finished issue, and while all that is left waits for its time."""
    counts = ledger.counts(record.id)
    if any(counts[state] for state in READY):
        return True
    next_due = ledger.next_due(record.id)
    return next_due is not None and (cron.retry_now or next_due <= cron.now)


def _report_doubt(cron: CronRun, ledger: Ledger, record: DispatchRecord, *, was_told: bool) -> None:
    """Once; where the end of this run `was_told` already, no second mail says the same."""
    doubts = list(ledger.deliveries(record.id, (State.IN_DOUBT,)))
    if not doubts:
        return
    newest, numbers = max(one.changed_at for one in doubts), {"in_doubt": len(doubts)}
    if not ledger.say_once(record.newsletter, f"in doubt {record.slug} {newest.isoformat()}", cron.now):
        return
    words = phrase("workflow.send.in_doubt", slug=record.slug, count=len(doubts))
    if was_told:
        cron.warn(words)
        return
    counts, command = ledger.counts(record.id), f"newsletter status {record.slug}"
    cron.tell_now(
        Announcement(Occasion.IN_DOUBT, words, record.slug, states=counts, numbers=numbers, next_command=command)
    )
