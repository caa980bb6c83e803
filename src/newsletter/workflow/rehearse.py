"""Play the sending of an issue ahead: when it begins, when half and all have it, and who waits for what.

Touches: the workspace's files, the ledger for reading. No network, no ledger row, no question; an approval is not asked
for, as little as by a dry run. What is played, and after which issues, stands in dispatch/rehearsal/.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from newsletter.catalogue import phrase
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.rehearsal.audience import PlayedAudience, Waiting
from newsletter.dispatch.rehearsal.play import CRON_EVERY
from newsletter.dispatch.rehearsal.play_ahead import play_ahead
from newsletter.errors import RefusedError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.past_dispatch import WaitingReader
from newsletter.ledger.records import DispatchRecord, LedgerLostError, LedgerMissingError, Purpose
from newsletter.ledger.states import DispatchStatus, Learned
from newsletter.progress import Advance
from newsletter.report.rehearsal import Because, RehearsalReport
from newsletter.report.states_and_times import local
from newsletter.settings.workspace import Workspace

from .steps.approval import valid_approval
from .steps.audience import suppressed_in, suppressed_keys
from .steps.budget import pace_of
from .steps.dispatch import why_stopped
from .steps.judged import RowKeeper
from .steps.letter import Letter, known_slug, open_letter, render_all
from .steps.newsletter import open_own_ledger
from .steps.people import people_to_mail
from .steps.prepare import check_to_send
from .steps.time_of_day import TypedTime

_AT_ONCE = 5000
"""Rows."""


def rehearse(
    workspace: Workspace,
    given: str,
    *,
    at: TypedTime | None = None,
    by: TypedTime | None = None,
    reading: Advance | None = None,
    playing: Advance = lambda _done, _total: None,
) -> RehearsalReport:
    """What would refuse a send refuses this too, but for a missing approval.

    `at` is when somebody means to send it, UsageError (64) for a moment that has passed; left out, it begins with cron
    where `publish_at` is to come, else now. `by` asks whether it is out by then.
    """
    settings, zone = workspace.settings, workspace.settings.newsletter.timezone
    policy = Policy.from_settings(settings, root=workspace.root)
    with ExitStack() as closing:
        ledger = _ledger(workspace, closing)
        now = ledger.now() if ledger else datetime.now(UTC)
        asked = at.after(now, zone) if at else None
        if asked is not None and asked < now:
            raise UsageError(phrase("workflow.rehearse.has_passed", when=local(asked, zone)))
        record = ledger.find(settings.newsletter.list_id, known_slug(workspace, given)) if ledger else None
        if ledger and record:
            plan = _Plan(record.slug, _remaining(ledger, record, now))
        else:
            plan = _fresh(workspace, given, ledger, reading)
        begins, because = _beginning(now, asked, plan.publish_at)
        lessons = ledger.learned(policy.relay, begins) if ledger else []
        if (rests := _rests_until(lessons, begins)) is not None:
            begins, because = rests, Because.RELAY_RESTS
        played = play_ahead(
            plan.audience,
            policy,
            ledger.experience(settings.newsletter.list_id, policy.relay) if ledger else [],
            now=now,
            begins=begins,
            windows=pace_of(settings, ledger).windows,
            lessons=lessons,
            advance=playing,
        )
    limited = {name for name in policy.per_domain if name != "*"} | {one.domain for one in lessons if one.domain}
    return RehearsalReport(
        plan.slug,
        zone,
        policy.relay,
        played,
        because,
        frozenset(limited),
        by=by.after(begins, zone) if by else None,
        paused=record is not None and record.status is DispatchStatus.PAUSED,
        approved=plan.approved,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is played."""

    slug: str
    audience: PlayedAudience
    publish_at: datetime | None = None
    """Of an issue that was never planned."""
    approved: bool = True


def _ledger(workspace: Workspace, closing: ExitStack) -> Ledger | None:
    """None where there never was one: then nothing is known of the relay, nor who has left."""
    try:
        return closing.enter_context(open_own_ledger(workspace, Purpose.READ))
    except LedgerLostError:
        raise
    except LedgerMissingError:
        return None


def _remaining(ledger: Ledger, record: DispatchRecord, now: datetime) -> PlayedAudience:
    """Who of an issue that was planned has not got it; RefusedError (77) where it is cancelled."""
    if record.status is DispatchStatus.CANCELLED and (stopped := why_stopped(record)):
        raise stopped
    return PlayedAudience.of((one.domain, _waiting(one, now)) for one in ledger.still_waiting(record.id))


def _waiting(one: WaitingReader, now: datetime) -> Waiting | None:
    if one.due_at is None:
        return None
    due, since = ((moment - now).total_seconds() for moment in (one.due_at, one.since or now))
    return Waiting(due, since, one.attempts)


def _fresh(workspace: Workspace, given: str, ledger: Ledger | None, reading: Advance | None) -> _Plan:
    """An issue that was never planned: whom a send would plan for."""
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    people = people_to_mail(workspace, ledger)
    keeper = RowKeeper(people, editions)
    is_suppressed = suppressed_in(workspace, ledger) if ledger else None
    check_to_send(workspace, letter, editions, people, is_suppressed, reading, keeper)
    try:
        audience = PlayedAudience.of((key.rpartition("@")[2], None) for key in _to_mail(workspace, ledger, keeper))
    finally:
        keeper.rows.close()
    return _Plan(letter.issue.slug, audience, letter.issue.publish_at, _is_approved(letter, workspace))


def _is_approved(letter: Letter, workspace: Workspace) -> bool:
    if not workspace.settings.schedule.require_approval:
        return True
    try:
        valid_approval(letter, workspace)
    except RefusedError:
        return False
    return True


def _to_mail(workspace: Workspace, ledger: Ledger | None, keeper: RowKeeper) -> Iterator[str]:
    """The keys of those who are not suppressed, in the order of a plan."""
    is_suppressed = suppressed_keys(workspace, ledger) if ledger else lambda _key: False
    for after in range(0, keeper.rows.count, _AT_ONCE):
        for _, key, *_ in keeper.rows.rows(after, after + _AT_ONCE):
            if not is_suppressed(key):
                yield key


def _beginning(now: datetime, at: datetime | None, publish_at: datetime | None) -> tuple[datetime, Because]:
    if at is not None:
        return at, Because.AT
    if publish_at is not None and publish_at > now:
        return _tick(publish_at), Because.CRON
    return now, Because.NOW


def _rests_until(lessons: list[Learned], begins: datetime) -> datetime | None:
    """When cron begins after a limit of the relay's own; None where it may begin as it is."""
    until = next((one.rests_until for one in lessons if not one.domain), None)
    return _tick(until) if until is not None and until > begins else None


def _tick(moment: datetime) -> datetime:
    """The first run of cron at that moment or later."""
    every = CRON_EVERY.total_seconds()
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=ceil(moment.timestamp() / every) * every)
