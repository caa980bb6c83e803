"""Whether another user can do the job at all, tried as that user. Touches: starts `newsletter --version`, test(1)."""

import os
import subprocess
from collections.abc import Iterator, Mapping

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.printable import one_line
from newsletter.settings.system_reason import system_reason

from .job import CronJob

_TIMEOUT = 30
_LONGEST = 300


def hindrances(job: CronJob, user: str) -> Iterator[Said]:
    """What is in the way; nothing where nobody can try, since only root becomes somebody else."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    environ = dict(job.environ)  # of ours nothing: it may hold secrets, and cron will not have it
    if why := _failed(user, environ, *job.program, "--version"):
        yield phrase("schedule.other_user.cannot_start", user=user, program=job.program[0], why=why)
    elif _failed(user, environ, "test", "-w", str(job.workspace)):
        yield phrase("schedule.other_user.cannot_write", user=user, folder=str(job.workspace))


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
