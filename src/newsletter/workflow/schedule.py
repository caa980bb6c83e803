"""`newsletter schedule install`, `remove` and `show`: what starts the letters without a person.

Touches: the user's crontab or the units of systemd; the workspace's files and the ledger, for reading.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError, RunAgainError, UnavailableError
from newsletter.schedule.change import Place
from newsletter.schedule.cron import Cron
from newsletter.schedule.crontab import crontab_line
from newsletter.schedule.crontab_program import CrontabProgram
from newsletter.schedule.job import CronJob, job_of
from newsletter.schedule.other_user import hindrances
from newsletter.schedule.systemd import Systemd
from newsletter.settings.workspace import Workspace

from .steps.agenda import AgendaRow, agenda
from .steps.issue_states import looked_up

_ROUNDS = 5

_Say = Callable[[Said], None]


class Way(StrEnum):
    """What a job can be started by."""

    CRON = "cron"
    SYSTEMD = "systemd"


@dataclass(frozen=True, slots=True)
class Installed:
    """That a job stands somewhere; `current` is whether it is the one that `install` would put there now.

    None: it cannot be known, and `why` says so. Else `why` is what keeps it from being started.
    """

    way: Way
    current: bool | None
    why: Said | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What `schedule show` shows."""

    line: str
    job: CronJob
    installed: tuple[Installed, ...]
    rows: tuple[AgendaRow, ...]
    has_ledger: bool
    ran_at: datetime | None
    """When cron's last run ended, as its log says."""


def install(workspace: Workspace, *, way: Way | None, user: str | None, agree: _Say, say: _Say) -> None:
    """Put the job where it belongs, or bring it up to date; `agree` is shown each change and raises to refuse it.

    Without a way it is cron where there is a crontab, since cron mails what waits for a person; else systemd, where it
    runs. SettingsError (78) where a secret is only in the environment; any other NewsletterError.
    """
    job = _job(workspace)
    job.refuse()
    chosen = way or usual_way()
    place = _place(workspace, job, chosen, user)
    changed = _settle(place, wanted=True, agree=agree, say=say)
    say(phrase("workflow.schedule.is_installed" if changed else "workflow.schedule.was_installed", way=chosen.value))
    for note in (*place.notes(), *(hindrances(job, user) if user else ())):
        say(note)
    for other in _installed(workspace, job, user):
        if other.way is not chosen and other.current is not None:
            say(phrase("workflow.schedule.is_there_twice", way=other.way.value))
    if not _has_ledger(workspace):
        say(phrase("workflow.schedule.needs_ledger"))


def remove(workspace: Workspace, *, way: Way | None, user: str | None, agree: _Say, say: _Say) -> None:
    """Take the job out, wherever it stands if no way is named; a place that nobody may look at keeps it from no other.

    Any NewsletterError; of that place the one about it, where there was no other.
    """
    job = _job(workspace)
    gone = False
    shut: list[NewsletterError] = []
    for one in [way] if way else _ways():
        place = _place(workspace, job, one, user)
        try:
            place.planned(wanted=False)
        except (RefusedError, UnavailableError) as error:
            shut.append(error)
            continue
        if _settle(place, wanted=False, agree=agree, say=say):
            say(phrase("workflow.schedule.is_removed", way=one.value))
            gone = True
    if shut and not gone:
        raise shut[0]
    if not gone:
        say(phrase("workflow.schedule.was_not_installed"))


def overview(workspace: Workspace, *, user: str | None = None, now: datetime | None = None) -> Overview:
    """The line, where it is installed, and the dates of twelve months. Writes nothing."""
    job = _job(workspace)
    return Overview(
        crontab_line(job),
        job,
        tuple(_installed(workspace, job, user)),
        tuple(agenda(workspace, now or datetime.now(UTC))),
        _has_ledger(workspace),
        _ran_at(job),
    )


def _settle(place: Place, *, wanted: bool, agree: _Say, say: _Say) -> bool:
    """Whether there was something to change. What somebody else changes meanwhile is never written over."""
    for _ in range(_ROUNDS):
        change = place.planned(wanted=wanted)
        if change is None:
            return False
        agree(Verbatim(change.diff))
        if place.planned(wanted=wanted) == change:
            place.apply(change)
            if place.planned(wanted=wanted) is not None:
                raise CannotWriteError(phrase("workflow.schedule.was_not_kept"))
            return True
        say(phrase("workflow.schedule.was_changed_meanwhile"))
    raise RunAgainError(phrase("workflow.schedule.changes_all_the_time"))


def _job(workspace: Workspace) -> CronJob:
    return job_of(workspace, os.environ, Path.cwd())


def usual_way() -> Way:
    """Where no way is named."""
    return Way.SYSTEMD if not CrontabProgram.is_there() and Systemd.is_there() else Way.CRON


def _ways() -> Iterator[Way]:
    """Those that this machine may have."""
    if CrontabProgram.is_there():
        yield Way.CRON
    if os.name == "posix":
        yield Way.SYSTEMD


def _place(workspace: Workspace, job: CronJob, way: Way, user: str | None) -> Place:
    return Cron(job, user) if way is Way.CRON else Systemd(workspace, job, user)


def _installed(workspace: Workspace, job: CronJob, user: str | None) -> Iterator[Installed]:
    for way in _ways():
        try:
            place = _place(workspace, job, way, user)
            if place.planned(wanted=False) is not None:
                yield Installed(way, place.planned(wanted=True) is None, place.idle())
        except NewsletterError as error:
            yield Installed(way, None, error)


def _has_ledger(workspace: Workspace) -> bool:
    """Also where it cannot be read: then that is told by whoever needs it, and `ledger init` is not the next step."""
    try:
        with looked_up(workspace) as ledger:
            return ledger is not None
    except NewsletterError:
        return True


def _ran_at(job: CronJob) -> datetime | None:
    try:
        return datetime.fromtimestamp(job.log.stat().st_mtime, UTC)
    except OSError:
        return None
