"""Send what is due and approved, from cron: never asks, says nothing where there is nothing to do.

Touches: the workspace's files, the ledger, the network. Safe to run every ten minutes, and twice at once. One issue's
trouble (a broken file, no approval) stops only that issue; the exit code is then the greatest of them. What waits for a
person is told even to a quiet run: at once, and daily while it lasts (`Told`).
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.stop import StopKind
from newsletter.errors import InputError, NewsletterError, RunAgainError, UsageError
from newsletter.issue.find import issue_paths
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerLostError, LedgerMissingError, Purpose
from newsletter.ledger.states import READY, DispatchStatus, State
from newsletter.progress import Advance
from newsletter.report.audience import left_out
from newsletter.report.ending import Ending, held_words
from newsletter.report.states_and_times import local
from newsletter.schedule.due import Due, due
from newsletter.settings.workspace import Workspace

from .steps.dispatch import why_stopped
from .steps.letter import Letter, open_letter
from .steps.newsletter import open_own_ledger
from .steps.operator import run_command, tell_how_it_ended
from .steps.run import held_back, run_dispatch
from .steps.sent_file import refuse_forgotten, went_out, with_sent_file
from .steps.told import Told, of_error

Say = Callable[[Said], None]


@dataclass(frozen=True, slots=True)
class _Cron:
    """What one run of `send --due` works with."""

    workspace: Workspace
    say: Say
    warn: Say
    advance: Advance
    retry_now: bool
    now: datetime
    told: Told

    def tell(self, trouble: str, words: Said, *, issue: str | None, exit_code: int) -> None:
        """What waits for a person: everybody hears of it when it is news, and who is not quiet always does."""
        if self.told.is_news(trouble):
            self.tell_now(words, issue=issue, exit_code=exit_code)
        else:
            self.say(words)

    def tell_now(self, words: Said, *, issue: str | None, exit_code: int) -> None:
        """Under --quiet, too, and to the operator's command."""
        self.warn(words)
        for warning in run_command(self.workspace, issue, words, exit_code):
            self.warn(warning)


def send_due(
    workspace: Workspace, *, say: Say, warn: Say, advance: Advance, retry_now: bool = False, now: datetime | None = None
) -> int:
    """Continue what was started, start what is due; the exit code. `now` is this moment, unless somebody plays time.

    Where an issue is due and there is no ledger to know whether it was sent before, that is told, and is 78.
    """
    now = now or datetime.now(UTC)
    cron = _Cron(workspace, say, warn, advance, retry_now, now, Told(workspace, now))
    codes = [0]
    try:
        _send_all(cron, codes)
    except NewsletterError as error:
        codes.append(error.exit_code)
        cron.tell(f"error {of_error(error)}", error, issue=None, exit_code=error.exit_code)
    return max(codes)


def _send_all(cron: _Cron, codes: list[int]) -> None:
    letters, broken = _look(cron)
    try:
        ledger = cron.told.ledger = _open_ledger(cron, letters)
    finally:
        for slug, error in broken:
            # A file that nobody named on the command line is input, too.
            code = InputError.exit_code if isinstance(error, UsageError) else error.exit_code
            codes.append(code)
            words = lines(error, phrase("workflow.send.to_see_all"))
            cron.tell(f"error {of_error(error)}", words, issue=slug, exit_code=code)
    with ledger or contextlib.nullcontext():
        for code, is_last in _steps(cron, ledger, letters) if ledger else ():
            codes.append(code)
            if is_last:
                return
        cron.told.forget_the_rest()


_Step = tuple[int, bool]
"""An exit code, and whether the command must end here: it was told to stop, or the ledger is gone."""


def _steps(cron: _Cron, ledger: Ledger, letters: list[tuple[Letter, Due]]) -> Iterator[_Step]:
    """What was planned goes on with its frozen words, whatever has become of its file; then what is new."""
    list_id = cron.workspace.settings.newsletter.list_id
    for record in ledger.unfinished(list_id):
        yield _guarded(cron, record.slug, partial(_go_on, cron, ledger, record))
    for letter, when in letters:
        if ledger.find(list_id, letter.issue.slug) is None:
            yield _guarded(cron, letter.issue.slug, partial(_begin, cron, ledger, letter, when))


def _look(cron: _Cron) -> tuple[list[tuple[Letter, Due]], list[tuple[str, NewsletterError]]]:
    """The letters that are due, first due first, and what keeps an issue from being read."""
    letters: list[tuple[Letter, Due]] = []
    broken: list[tuple[str, NewsletterError]] = []
    for path in issue_paths(cron.workspace):
        try:
            letter = open_letter(cron.workspace, str(path))
        except (InputError, UsageError) as error:
            broken.append((path.stem, error))
            continue
        except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
            broken.append((path.stem, _bug(path.stem, error)))
            continue
        when = due(letter.issue.publish_at, cron.now, cron.workspace.settings.schedule.catch_up)
        if when in {Due.NOW, Due.MISSED}:
            letters.append((letter, when))
    return sorted(letters, key=lambda found: (found[0].issue.publish_at, found[0].issue.slug)), broken


def _open_ledger(cron: _Cron, letters: list[tuple[Letter, Due]]) -> Ledger | None:
    """The ledger, or None where there is none and nothing is due that would need it."""
    try:
        return open_own_ledger(cron.workspace, Purpose.DUE)
    except LedgerLostError:
        raise  # whatever it still had to send waits for somebody
    except LedgerMissingError:
        if any(when is Due.NOW for _, when in letters):
            raise
        return None


def _guarded(cron: _Cron, slug: str, step: Callable[[], _Step]) -> _Step:
    try:
        return step()
    except NewsletterError as error:
        cron.tell(f"error {of_error(error)}", error, issue=slug, exit_code=error.exit_code)
        return error.exit_code, False
    except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
        bug = _bug(slug, error)
        cron.tell(f"error {of_error(bug)}", bug, issue=slug, exit_code=bug.exit_code)
        return bug.exit_code, False


def _bug(slug: str, error: Exception) -> NewsletterError:
    told = phrase("workflow.send.bug", slug=slug, kind=type(error).__name__, words=str(error))
    return NewsletterError(told, hint=phrase("workflow.send.to_see_bug", slug=slug))


def _begin(cron: _Cron, ledger: Ledger, letter: Letter, when: Due) -> _Step:
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
    # Nothing is due most of the time, and all rules of `check` hang on these.
    from .steps.plan import plan_dispatch
    from .steps.prepare import prepare_fresh

    fresh = prepare_fresh(cron.workspace, str(letter.path), ledger)
    fresh.refuse_likeness()
    for row in left_out(fresh.audience):
        cron.say(row)
    return _go_on(cron, ledger, plan_dispatch(cron.workspace, ledger, fresh))


def _report_missed(cron: _Cron, ledger: Ledger, slug: str, missed: Said) -> None:
    """Once: from now on it is a person's."""
    if ledger.say_once(cron.workspace.settings.newsletter.list_id, f"missed {slug}", cron.now):
        hint = phrase("workflow.send.to_send_all_the_same", slug=slug)
        cron.tell_now(lines(missed, hint), issue=slug, exit_code=0)


def _go_on(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> _Step:
    step = 0, False
    if record.status is DispatchStatus.PAUSED:
        _report_pause(cron, record)
    if record.status is DispatchStatus.RUNNING and _something_to_do(cron, ledger, record):
        if _is_held(cron, ledger, record):
            return RunAgainError.exit_code, False
        step = _run(cron, ledger, record)
    if record.status is DispatchStatus.RUNNING:
        _remind(cron, ledger, record)
    _report_doubt(cron, ledger, record)
    return step


def _run(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> _Step:
    refuse_forgotten(cron.workspace, ledger, record.slug)
    ending = run_dispatch(cron.workspace, ledger, record, advance=cron.advance, retry_now=cron.retry_now, due=True)
    ending = with_sent_file(cron.workspace, ledger, record, ending)
    stopped = ending.report.stopped
    was_asked = stopped is not None and stopped.kind is StopKind.ASKED
    news = [trouble for trouble in _troubles(ending) if cron.told.is_news(trouble)]
    is_news = was_asked or bool(news)
    if ending.only_waits and not is_news and not ending.has_changed:
        return 0, False  # as was told when it began to wait
    if is_news or (ending.has_changed and not ending.out_of_budget):
        ending = tell_how_it_ended(cron.workspace, ledger, ending)
    (cron.warn if is_news else cron.say)(ending.summary())
    for warning in ending.warnings:
        cron.warn(warning)
    return ending.exit_code(by_hand=False), stopped is not None and stopped.kind in {StopKind.ASKED, StopKind.LEDGER}


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


def _remind(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> None:
    """Of a record that is missing and of a limit that is used up, daily, also while nothing is tried."""
    for one in held_back(ledger, record.id, ReplyClass.UNAUTHENTICATED, ReplyClass.QUOTA):
        trouble = _unauthenticated(record.slug, one.reply_rule)
        if one.reply_class == ReplyClass.QUOTA:
            trouble = _stopped_by(record.slug, StopKind.QUOTA)
        if cron.told.is_news(trouble):
            cron.tell_now(held_words(one), issue=record.slug, exit_code=RunAgainError.exit_code)


def _pause_of(slug: str, reason: Said) -> str:
    return f"paused {slug} {reason}"


def _report_pause(cron: _Cron, record: DispatchRecord) -> None:
    """It waits for somebody, and nothing else would say so."""
    if cron.told.is_news(_pause_of(record.slug, record.reason or phrase("ledger.pause.by_hand"))):
        cron.tell_now(why_stopped(record) or SILENCE, issue=record.slug, exit_code=0)


def _is_held(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> bool:
    """Whether a living process is at work: every run has the whole rate, so cron's next one must not add its own."""
    with ledger.lease(cron.now) as lease:
        ledger.claim(record.id, lease, 0, cron.now)  # takes back what dead processes hold, and nothing for us
        canary = ledger.record(record.id).canary_lease is not None
        return canary or ledger.held_by_others(record.id, lease) > 0


def _something_to_do(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> bool:
    """False for a finished issue, and while all that is left waits for its time."""
    counts = ledger.counts(record.id)
    if any(counts[state] for state in READY):
        return True
    next_due = ledger.next_due(record.id)
    return next_due is not None and (cron.retry_now or next_due <= cron.now)


def _report_doubt(cron: _Cron, ledger: Ledger, record: DispatchRecord) -> None:
    doubts = list(ledger.deliveries(record.id, (State.IN_DOUBT,)))
    if not doubts:
        return
    newest = max(one.changed_at for one in doubts)
    if ledger.say_once(record.newsletter, f"in doubt {record.slug} {newest.isoformat()}", cron.now):
        words = phrase("workflow.send.in_doubt", slug=record.slug, count=len(doubts))
        cron.tell_now(words, issue=record.slug, exit_code=0)
