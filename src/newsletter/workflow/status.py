"""Read the state of one issue from the ledger, once or again and again. Touches: the ledger, for reading only."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.errors import InputError, RefusedError
from newsletter.issue.find import find_issue
from newsletter.ledger.at_work import Worker
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.newsletters import UnknownNewsletterError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import (
    DeliveryRecord,
    DispatchRecord,
    LedgerBehindError,
    LedgerLostError,
    LedgerMissingError,
    Purpose,
)
from newsletter.ledger.scheduling import Scheduled
from newsletter.ledger.states import ATTENTION, HELD, UNFINISHED, DispatchStatus, State
from newsletter.report.expected_end import UNLIMITED
from newsletter.report.headway import Headway
from newsletter.report.states_and_times import local
from newsletter.report.status import MAX_NAMED, StatusReport
from newsletter.schedule.due import Due, due
from newsletter.settings.workspace import Workspace

from .steps.approval import valid_approval
from .steps.budget import pace_of
from .steps.letter import Letter, known_slug, open_letter
from .steps.newest_approval import refuse_old_approval
from .steps.newsletter import require_known

_EVERY = 1.0
"""Seconds between two looks."""
_SHARE = 4
"""So many times as long as a look took it rests: counting ten millions must not slow the run that is watched."""
_WINDOW, _SHORTEST = 60.0, 5.0
"""Seconds: over so many the rate is measured, and not over fewer."""


def status(workspace: Workspace, given: str | None, *, in_short: bool = False) -> StatusReport:
    """An issue never planned, or no ledger at all, is a report of zeros; UsageError (64) for one nobody knows.

    `in_short` leaves out the replies and who needs attention, which take a second in a million.
    """
    slug = known_slug(workspace, given)
    zone = workspace.settings.newsletter.timezone
    try:
        with open_ledger(workspace, Purpose.READ) as ledger:
            record = ledger.find(workspace.settings.newsletter.list_id, slug)
            if record is not None:
                report = _look(workspace, ledger, record)
                if in_short:
                    return report
                return replace(
                    report,
                    attention=_attention(ledger, record.id),
                    replies=ledger.replies(record.id),
                    outlook=_distrust(ledger),
                )
            if planners := ledger.planners(workspace.settings.newsletter.list_id, slug):
                return _never_planned(slug, zone, workers=planners)
            require_known(workspace, ledger, readers=False)
            ledger.require_newest()
            newest = ledger.scheduled(workspace.settings.newsletter.list_id, slug)
            armed_at, now = ledger.armed_at(), ledger.now()
    except (UnknownNewsletterError, LedgerLostError, LedgerBehindError) as error:
        path = find_issue(workspace, given, may_begin=False)
        outlook = lines(error.message, error.hint)
        return _never_planned(path.stem, zone, outlook)
    except LedgerMissingError:
        armed_at, newest, now = None, None, datetime.now(UTC)
    path = find_issue(workspace, given, may_begin=False)
    found = _never_planned(path.stem, zone, _outlook(workspace, path, armed_at, newest, now))
    return replace(found, scheduled=newest)


def watch(
    workspace: Workspace,
    given: str | None,
    *,
    in_short: bool = True,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[StatusReport]:
    """A report at once and then about every second, until nothing moves any more; `in_short` as of `status`.

    The last one is of an issue that is finished, paused, cancelled or was never planned. While one that is not
    finished waits for its next run, it goes on.
    """
    seen: deque[tuple[float, int]] = deque()
    while True:
        began = clock()
        report = status(workspace, given, in_short=in_short)
        rest = max(_EVERY, _SHARE * (clock() - began))
        seen.append((began, report.headway.done))
        while began - seen[0][0] > _WINDOW:
            seen.popleft()
        yield replace(report, headway=replace(report.headway, measured=_measured(seen)))
        if _nothing_moves(report):
            return
        wait(rest)


def _measured(seen: deque[tuple[float, int]]) -> float | None:
    """Messages a second since the first look that counts; what was put back by hand is no progress."""
    (began, before), (ended, after) = seen[0], seen[-1]
    return max(after - before, 0) / (ended - began) if ended - began >= _SHORTEST else None


def _nothing_moves(report: StatusReport) -> bool:
    if report.record is None:
        return not report.headway.living
    if report.record.status is DispatchStatus.RUNNING:
        return report.headway.is_over
    in_hand = any(report.counts[state] for state in HELD)
    return not (in_hand and report.headway.living)


def _look(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> StatusReport:
    """Whatever is quickly known. The processes are asked first: one that has just ended left what is counted then."""
    workers, counts, now = ledger.workers(record.id), ledger.counts(record.id), ledger.now()
    waits = any(counts[state] for state in UNFINISHED)
    goes_on = waits and record.status is DispatchStatus.RUNNING
    resting = ledger.resting(now) if waits else []
    headway = Headway(
        counts,
        workers,
        now,
        next_due=ledger.next_due(record.id) if counts[State.DEFERRED] else None,
        last_run=ledger.last_run(record.id) if goes_on and not any(one.lives for one in workers) else None,
        pace=pace_of(workspace.settings, ledger) if goes_on else UNLIMITED,
        relay_rests_until=next((one.rests_until for one in resting if not one.domain), None),
    )
    events = ledger.events(record.id)
    return StatusReport(
        record.slug, workspace.settings.newsletter.timezone, record, headway, resting=resting, events=events
    )


def _never_planned(slug: str, zone: str, outlook: Said = SILENCE, *, workers: Sequence[Worker] = ()) -> StatusReport:
    """`workers` are planning it just now."""
    headway = Headway(dict.fromkeys(State, 0), workers, datetime.now(UTC))
    return StatusReport(slug, zone, None, headway, outlook=outlook)


def _distrust(ledger: Ledger) -> Said:
    """Why this ledger is not sent with, though it knows the issue: an older copy knows less than happened."""
    try:
        ledger.require_newest()
    except LedgerBehindError as error:
        return lines(error.message, error.hint)
    return SILENCE


def _outlook(
    workspace: Workspace, path: Path, armed_at: datetime | None, newest: Scheduled | None, now: datetime
) -> Said:
    """What stands between an issue that was never planned and its sending, by a ledger trusted since `armed_at` that
    knows its `newest` approval."""
    zone = workspace.settings.newsletter.timezone
    try:
        letter = open_letter(workspace, str(path))
        approval = valid_approval(letter, workspace)
        refuse_old_approval(newest, letter, approval, zone, goes_by_date=True)
    except InputError:
        return phrase("workflow.status.has_errors", slug=path.stem)
    except RefusedError as error:
        return lines(error.message, error.hint)
    known = _known(newest, zone) if newest and newest.is_of(approval.editions) else SILENCE
    return lines(_when(workspace, letter, armed_at, now), known)


def _known(newest: Scheduled, zone: str) -> Said:
    return phrase("workflow.newest_approval.is_known", by=newest.approved_by, when=local(newest.at, zone))


def _when(workspace: Workspace, letter: Letter, armed_at: datetime | None, now: datetime) -> Said:
    """Of an issue that may go."""
    slug, when = letter.issue.slug, letter.issue.publish_at
    if when is None:
        return phrase("workflow.status.is_approved_by_hand", slug=slug)
    told = local(when, workspace.settings.newsletter.timezone)
    match due(when, now, workspace.settings.schedule.catch_up):
        case Due.MISSED:
            return phrase("workflow.status.was_missed", when=told, slug=slug)
        case Due.NOW if armed_at is None or when < armed_at:
            return phrase("workflow.status.was_due_before", when=told, slug=slug)
        case Due.NOW:
            return phrase("workflow.status.is_due_now", when=told)
        case _:
            missing = SILENCE if armed_at else phrase("workflow.status.needs_a_ledger")
            return lines(phrase("workflow.status.is_approved_and_due", when=told), missing)


def _attention(ledger: Ledger, dispatch: int) -> list[DeliveryRecord]:
    """Everything in doubt, and the first of the other states that somebody may ask about."""
    return [
        one
        for state in ATTENTION
        for one in islice(ledger.deliveries(dispatch, (state,)), None if state is State.IN_DOUBT else MAX_NAMED)
    ]
