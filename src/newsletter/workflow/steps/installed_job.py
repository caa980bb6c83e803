"""Where the job that sends what is due is installed on this machine, and when it ran.

Touches: the user's crontab and the units of systemd, for reading. `schedule show` and `doctor` tell of it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from newsletter.catalogue import Said
from newsletter.errors import NewsletterError
from newsletter.schedule.change import Place
from newsletter.schedule.cron import Cron
from newsletter.schedule.crontab_program import CrontabProgram
from newsletter.schedule.job import CronJob, job_of
from newsletter.schedule.other_user import is_root, owner
from newsletter.schedule.systemd import Systemd
from newsletter.settings.workspace import Workspace


class Way(StrEnum):
    """What a job can be started by."""

    CRON = "cron"
    SYSTEMD = "systemd"


@dataclass(frozen=True, slots=True)
class Installed:
    """That a job stands somewhere, by `install` or by hand; `current`: it is what `install` would put there now.

    None: it cannot be known, and `why` says so. Else `why` is what keeps it from being started.
    """

    way: Way
    current: bool | None
    why: Said | None = None
    user: str | None = None
    """Whose it is, where that is another one than who asks."""
    by_hand: tuple[int, ...] = ()
    """Lines of the crontab, from 1, that do the same by a person's hand; with None, they are all there is."""


def own_job(workspace: Workspace) -> CronJob:
    """As it has to be, seen from here."""
    return job_of(workspace, os.environ, Path.cwd())


def possible_ways() -> Iterator[Way]:
    """Those that this machine may have."""
    if CrontabProgram.is_there():
        yield Way.CRON
    if os.name == "posix":
        yield Way.SYSTEMD


def place_of_job(workspace: Workspace, job: CronJob, way: Way, user: str | None) -> Place:
    """Where it is, or would be."""
    return Cron(job, user) if way is Way.CRON else Systemd(workspace, job, user)


def users_asked_about(workspace: Workspace, user: str | None) -> tuple[str | None, ...]:
    """Who is asked about: where root names nobody, the workspace's owner as well, who mostly runs it."""
    other = None if user else owner(workspace.root)
    return (user, other) if other else (user,)


def has_others(user: str | None) -> bool:
    """Whether it may stand in the table of yet another user, whom root has to name."""
    return user is None and is_root()


def installed(workspace: Workspace, job: CronJob, user: str | None) -> Iterator[Installed]:
    """Wherever it stands, or where nobody may look; of `user`, if named."""
    for way in possible_ways():
        found = [one for whose in users_asked_about(workspace, user) if (one := _looked_at(workspace, job, way, whose))]
        if way is Way.SYSTEMD:  # the same files, whomever they run as
            found = sorted(found, key=lambda one: not one.current)[:1]
        yield from found


def _looked_at(workspace: Workspace, job: CronJob, way: Way, user: str | None) -> Installed | None:
    try:
        place = place_of_job(workspace, job, way, user)
        is_there, by_hand = place.planned(wanted=False) is not None, tuple(place.by_hand())
        if not is_there and not by_hand:
            return None
        return Installed(way, place.planned(wanted=True) is None if is_there else None, place.idle(), user, by_hand)
    except NewsletterError as error:
        return Installed(way, None, error, user)


def ran_at(job: CronJob) -> datetime | None:
    """When cron's last run ended, as its log says; None where none ever wrote there."""
    try:
        return datetime.fromtimestamp(job.log.stat().st_mtime, UTC)
    except OSError:
        return None
