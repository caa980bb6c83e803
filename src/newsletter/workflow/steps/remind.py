"""Remind people of an issue whose time comes near while it is not written, has errors, or is not approved.

Touches: the workspace's files, whom the settings name; the ledger, or `.newsletter/told.json`, for what was told. They
are told 7, 3 and 1 days before, and when the time of a letter that nobody wrote is there; each once, and never more
than one of them at a time.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.ledger.records import DispatchRecord
from newsletter.report.announcement import Announcement, Occasion
from newsletter.report.states_and_times import local
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.schedule.due import Due
from newsletter.schedule.near import AHEAD, reminder_at

from .cron_run import CronRun, CronStep
from .lacks import Lack, lack_of_date, not_approved, would_stop
from .letter import Letter

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Awaited:
    """An issue that should go out at a time."""

    slug: str
    when: datetime
    lacks: Callable[[], Lack | None]
    """Finding out that it lacks nothing takes no longer than reading some files."""
    closer_look: Callable[[], Lack | None] | None = None
    """What takes seconds; once a reminder, and only where it lacks nothing at first sight."""


def remind(
    cron: CronRun,
    letters: Sequence[tuple[Letter, Due]],
    broken: Collection[str],
    planned: Sequence[DispatchRecord],
) -> Iterator[CronStep]:
    """Tell of each that is near; `letters` and `broken` files are those of issues that were not planned yet."""
    for one in (*_ahead(cron, letters), *_of_schedule(cron, letters, broken, planned)):
        if (days := reminder_at(one.when, cron.now)) is not None:
            yield cron.guarded(one.slug, partial(_remind, cron, one, days))


def _remind(cron: CronRun, one: _Awaited, days: int) -> CronStep:
    key = f"near {one.slug} {one.when.astimezone(UTC).isoformat()} {days}"
    if cron.told.was_told(key):
        return 0, False
    lack = one.lacks()
    if lack is None and one.closer_look is not None and cron.told.is_first(f"{key} looked"):
        lack = one.closer_look()
    if lack is not None and cron.told.is_first(key):
        no_ledger = phrase("workflow.remind.no_ledger") if cron.told.ledger is None else SILENCE
        words, event = lines(_headline(cron, one), lack.words, no_ledger), Occasion.NEAR if days else Occasion.NOT_READY
        announcement = Announcement(event, words, one.slug, numbers={"days": days}, next_command=lack.next_command)
        cron.tell_now(announcement, to_editor=True)
    return 0, False


def _headline(cron: CronRun, one: _Awaited) -> Said:
    when, left = local(one.when, cron.workspace.settings.newsletter.timezone), one.when - cron.now
    if left <= timedelta():
        return phrase("workflow.remind.is_past", slug=one.slug, when=when)
    if left < _HOUR:
        return phrase("workflow.remind.in_minutes", slug=one.slug, when=when, count=max(round(left / _MINUTE), 1))
    if left < _DAY:
        return phrase("workflow.remind.in_hours", slug=one.slug, when=when, count=round(left / _HOUR))
    return phrase("workflow.remind.in_days", slug=one.slug, when=when, count=round(left / _DAY))


def _ahead(cron: CronRun, letters: Sequence[tuple[Letter, Due]]) -> Iterator[_Awaited]:
    """Issues that say themselves when they are due."""
    for letter, due in letters:
        if due is Due.LATER and letter.issue.publish_at is not None:
            at_once, closer = (
                partial(not_approved, cron.workspace, letter),
                partial(would_stop, cron.workspace, cron.told.ledger, letter),
            )
            yield _Awaited(letter.issue.slug, letter.issue.publish_at, at_once, closer)


def _of_schedule(
    cron: CronRun, letters: Sequence[tuple[Letter, Due]], broken: Collection[str], planned: Sequence[DispatchRecord]
) -> Iterator[_Awaited]:
    """Dates of `[schedule] every` for which there is no issue that would go out by itself."""
    settings, armed_at = cron.workspace.settings, cron.told.ledger.armed_at() if cron.told.ledger else None
    if settings.schedule.every is None:
        return
    known: dict[str, datetime | None] = {record.slug: record.planned_at for record in planned}
    known |= dict.fromkeys(broken) | {letter.issue.slug: letter.issue.publish_at for letter, _ in letters}
    since = max(cron.now - settings.schedule.catch_up, armed_at or cron.now)
    dates = dates_after(settings.schedule.every, settings.newsletter.timezone, since)
    without_time = {letter.issue.slug: letter for letter, due in letters if due is Due.NEVER}
    for when in takewhile(lambda date: date <= cron.now + AHEAD, dates):
        find_out = partial(lack_of_date, when, known, broken, without_time)
        yield _Awaited(issue_of(when, known) or slug_of(when), when, find_out)
