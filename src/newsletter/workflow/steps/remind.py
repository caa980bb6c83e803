"""Remind people of an issue whose time comes near while it is not written, has errors, or is not approved.

Touches: the workspace's files, whom the settings name; the ledger, or `.newsletter/told.json`, for what was told. They
are told 7, 3 and 1 days before, and when the time of a letter that nobody wrote is there; each once, and never more
than one of them at a time.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.errors import InputError, NewsletterError, RefusedError
from newsletter.ledger.records import DispatchRecord
from newsletter.report.announcement import Announcement, Occasion
from newsletter.report.states_and_times import local
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.schedule.due import Due
from newsletter.schedule.near import AHEAD, reminder_at

from .approval import valid_approval
from .cron_run import CronRun, CronStep
from .letter import Letter

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps an issue from going out at its time."""

    words: Said
    next_command: str


@dataclass(frozen=True, slots=True)
class _Awaited:
    """An issue that should go out at a time, and how to find out what it lacks."""

    slug: str
    when: datetime
    lacks: Callable[[], Lack | None]
    is_quick: bool = True
    """Finding out that it lacks nothing takes no longer than reading some files; else it is asked once a reminder."""


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
    if (lack is not None or not one.is_quick) and cron.told.is_first(key) and lack is not None:
        no_ledger = phrase("workflow.remind.no_ledger") if cron.told.ledger is None else SILENCE
        words, event = lines(_headline(cron, one), lack.words, no_ledger), Occasion.NEAR if days else Occasion.NOT_READY
        announcement = Announcement(event, words, one.slug, numbers={"days": days}, next_command=lack.next_command)
        cron.tell_now(announcement, to_editor=True)
    return 0, False


def _headline(cron: CronRun, one: _Awaited) -> Said:
    when, left = local(one.when, cron.workspace.settings.newsletter.timezone), one.when - cron.now
    if left <= timedelta():
        return phrase("workflow.remind.is_past", slug=one.slug, when=when)
    if left < _DAY:
        return phrase("workflow.remind.in_hours", slug=one.slug, when=when, count=max(round(left / _HOUR), 1))
    return phrase("workflow.remind.in_days", slug=one.slug, when=when, count=round(left / _DAY))


def _ahead(cron: CronRun, letters: Sequence[tuple[Letter, Due]]) -> Iterator[_Awaited]:
    """Issues that say themselves when they are due."""
    needs_approval = cron.workspace.settings.schedule.require_approval
    for letter, due in letters:
        if due is Due.LATER and letter.issue.publish_at is not None:
            find_out = partial(_not_approved if needs_approval else _errors, cron, letter)
            yield _Awaited(letter.issue.slug, letter.issue.publish_at, find_out, is_quick=needs_approval)


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
        find_out = partial(_lack_of_date, when, known, broken, without_time)
        yield _Awaited(issue_of(when, known) or slug_of(when), when, find_out)


def _lack_of_date(
    when: datetime,
    known: Mapping[str, datetime | None],
    broken: Collection[str],
    without_time: Mapping[str, Letter],
) -> Lack | None:
    slug = issue_of(when, known)
    if slug is None:
        return Lack(phrase("workflow.remind.unwritten"), "newsletter new --next")
    if slug in broken:
        return Lack(phrase("workflow.remind.has_errors", slug=slug), f"newsletter check {slug}")
    if letter := without_time.get(slug):
        told = phrase("workflow.remind.no_time", file=letter.file, when=f"{when:%Y-%m-%dT%H:%M}")
        return Lack(told, f"newsletter check {slug}")
    return None


def _not_approved(cron: CronRun, letter: Letter) -> Lack | None:
    """Of a letter that has errors these come first: nobody can approve it."""
    try:
        valid_approval(letter, cron.workspace)
    except (InputError, RefusedError) as error:
        slug = letter.issue.slug
        return _errors(cron, letter) or Lack(error, f"newsletter approve {slug}")
    return None


def _errors(cron: CronRun, letter: Letter) -> Lack | None:
    """Whether `check` finds what stops it: the sample that an issue begins with does, too."""
    from .examine import findings, refuse_errors
    from .letter import render_all
    from .survey import known_audience

    slug = letter.issue.slug
    try:
        editions = render_all(letter, cron.workspace)
        audience = known_audience(cron.workspace, letter, editions)
        refuse_errors(findings(letter, editions, cron.workspace, audience), letter)
    except NewsletterError:
        return Lack(phrase("workflow.remind.has_errors", slug=slug), f"newsletter check {slug}")
    return None
