"""Whether the user of a job can do it at all; another one is tried. Touches: starts `newsletter --version`, test(1)."""

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.printable import one_line
from newsletter.settings.system_reason import system_reason

from .job import CronJob

_TIMEOUT = 30
_LONGEST = 300
_OTHERS = 0o077
"""Bits of a file's mode."""


def option(user: str | None) -> str:
    """What a command has to say besides, so that it is about that user."""
    return f" --user {shlex.quote(user)}" if user else ""


def is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def owner(folder: Path) -> str | None:
    """To root, whose a folder is; None where it is root's own, nobody's, or the caller is not root."""
    if not is_root():
        return None
    import pwd

    try:
        name = pwd.getpwuid(folder.stat().st_uid).pw_name
    except (KeyError, OSError):
        return None
    return None if name == "root" else name


def hindrances(job: CronJob, user: str | None) -> Iterator[Said]:
    """What is in the way, or should not be as it is. Another user is only tried by root: nobody else becomes one."""
    if os.name != "posix":
        return
    if user is not None:
        yield from _tried(job, user)
    else:
        asks = os.access in os.supports_effective_ids
        if folder := next((one for one in _folders(job) if not os.access(one, os.W_OK, effective_ids=asks)), None):
            yield phrase("schedule.other_user.must_write", folder=shlex.quote(str(folder)))
    for path in job.secret_files:
        if path.is_file() and path.stat().st_mode & _OTHERS:
            name = shlex.quote(str(path))
            command = f"chown {shlex.quote(user)} {name}; chmod 600 {name}" if user else f"chmod 600 {name}"
            yield phrase("schedule.other_user.others_read", path=str(path), command=command)


def _folders(job: CronJob) -> list[Path]:
    return [job.workspace, *([job.log.parent] if job.log.parent.is_dir() else [])]


def _tried(job: CronJob, user: str) -> Iterator[Said]:
    if not is_root():
        return
    environ = dict(job.environ)  # of ours nothing: it may hold secrets, and cron will not have it
    if why := _failed(user, environ, *job.program, "--version"):
        yield phrase("schedule.other_user.cannot_start", user=user, program=job.program[0], why=why)
        return
    for folder in _folders(job):
        if _failed(user, environ, "test", "-w", str(folder)):
            yield phrase("schedule.other_user.cannot_write", user=user, folder=str(folder))
            return


def _failed(user: str, environ: Mapping[str, str], *command: str) -> Said | None:
    import pwd

    try:
        ended = subprocess.run(  # noqa: S603 - our own program and test(1), without a shell
            command,
            user=user,
            group=pwd.getpwnam(user).pw_gid,
            extra_groups=[],
            cwd="/",
            env=environ,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return Verbatim(f"no end within {_TIMEOUT} s")
    except OSError as error:
        return system_reason(error)
    if not ended.returncode:
        return None
    return Verbatim(one_line(ended.stderr.decode("utf-8", "replace"))[-_LONGEST:] or f"exit code {ended.returncode}")
