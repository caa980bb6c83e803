"""`newsletter schedule install`, `remove` and `show`: what starts the letters without a person.

Touches: the user's crontab or the units of systemd; the workspace's files and the ledger, for reading.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import CannotWriteError, NewsletterError, RefusedError, RunAgainError, UnavailableError
from newsletter.schedule.change import Place
from newsletter.schedule.crontab import crontab_line
from newsletter.schedule.crontab_program import CrontabProgram
from newsletter.schedule.job import CronJob
from newsletter.schedule.other_user import hindrances, option
from newsletter.schedule.systemd import Systemd
from newsletter.settings.workspace import Workspace

from .steps.agenda import AgendaRow, agenda
from .steps.installed_job import (
    Installed,
    Way,
    has_others,
    installed,
    own_job,
    place_of_job,
    possible_ways,
    ran_at,
    users_asked_about,
)
from .steps.issue_states import looked_up

_ROUNDS = 5

_Say = Callable[[Said], None]


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
    user: str | None = None
    has_others: bool = False
    """There may be one in the table of yet another user, which root has to name."""


def install(workspace: Workspace, *, way: Way | None, user: str | None, agree: _Say, say: _Say) -> None:
    """Put the job where it belongs, or bring it up to date; `agree` is shown each change and raises to refuse it.

    Without a way it is cron where there is a crontab, since cron mails what waits for a person; else systemd, where it
    runs. SettingsError (78) where a secret is only in the environment; any other NewsletterError.
    """
    job = own_job(workspace)
    job.refuse()
    chosen = way or usual_way()
    place = place_of_job(workspace, job, chosen, user)
    place.planned(wanted=True)  # a user that is not there, or half a block, comes before what only hinders
    for hindrance in hindrances(job, user):
        say(hindrance)
    changed = _settle(place, wanted=True, agree=agree, say=say)
    if changed:
        say(phrase("workflow.schedule.is_installed", way=chosen.value, option=option(user)))
    else:
        say(phrase("workflow.schedule.was_installed", way=chosen.value))
    for note in place.notes():
        say(note)
    for other in installed(workspace, job, user):
        is_this = other.way is chosen and (other.user == user or chosen is Way.SYSTEMD)
        if not is_this and other.current is not None:
            say(phrase("workflow.schedule.is_there_twice", way=other.way.value, option=option(other.user)))
    if not _has_ledger(workspace):
        say(phrase("workflow.schedule.needs_ledger"))


def remove(workspace: Workspace, *, way: Way | None, user: str | None, agree: _Say, say: _Say) -> None:
    """Take the job out, wherever it stands if no way is named; a place that nobody may look at keeps it from no other.

    Any NewsletterError; of that place the one about it, where there was no other.
    """
    job = own_job(workspace)
    gone = False
    shut: list[NewsletterError] = []
    for one, whose in product([way] if way else possible_ways(), users_asked_about(workspace, user)):
        place = place_of_job(workspace, job, one, whose)
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
        if has_others(user):
            say(phrase("workflow.schedule.of_another"))


def overview(workspace: Workspace, *, user: str | None = None, now: datetime | None = None) -> Overview:
    """The line, where it is installed, and the dates of twelve months. Writes nothing."""
    job = own_job(workspace)
    return Overview(
        crontab_line(job),
        job,
        tuple(installed(workspace, job, user)),
        tuple(agenda(workspace, now)),
        _has_ledger(workspace),
        ran_at(job),
        user,
        has_others(user),
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


def usual_way() -> Way:
    """Where no way is named."""
    return Way.SYSTEMD if not CrontabProgram.is_there() and Systemd.is_there() else Way.CRON


def _has_ledger(workspace: Workspace) -> bool:
    """Also where it cannot be read: then that is told by whoever needs it, and `ledger init` is not the next step."""
    try:
        with looked_up(workspace) as ledger:
            return ledger is not None
    except NewsletterError:
        return True
