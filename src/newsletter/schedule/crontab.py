"""The crontab line that sends what is due, and the block in which it is kept. Touches: nothing.

It is safe to run every ten minutes and twice at once, since the ledger knows what is done. Its variables stand in the
line itself: one on a line of its own would count for every line below it, and those are somebody else's.
"""

import json
import os
import re
import shlex
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import InputError

from .job import CronJob

EVERY = "*/10 * * * *"
_LONGEST = 998
"""Bytes of a command; Vixie's cron, and so Debian's, has room for no more."""
_MARK = re.compile(r'# (BEGIN|END) newsletter ("(?:[^"\\]|\\.)*")')


def crontab_line(job: CronJob) -> str:
    """One line for `crontab -e`, as crontab(5) and sh(1) read it."""
    variables = [f"{name}={_quoted(value)}" for name, value in job.environ]
    words = [*job.program, "--workspace", str(job.workspace), "--quiet", "send", "--due", "--log", str(job.log)]
    return " ".join([EVERY, *variables, *map(_quoted, words)])


def block(job: CronJob) -> tuple[str, ...]:
    """The line between two marks that name the workspace. Raises InputError (65) for one that cron would cut."""
    line = crontab_line(job)
    if len(os.fsencode(line)) - len(EVERY) > _LONGEST:
        raise InputError(phrase("schedule.cron.line_too_long", most=_LONGEST), hint=phrase("schedule.cron.shorter"))
    path = json.dumps(str(job.workspace), ensure_ascii=False)
    return (
        f"# BEGIN newsletter {path} (by `newsletter schedule install`; `newsletter schedule remove` takes it out)\n",
        f"{line}\n",
        f"# END newsletter {path}\n",
    )


def mark(line: str) -> tuple[str, Path] | None:
    """`BEGIN` or `END` and the workspace of a line that is a mark of ours."""
    found = _MARK.match(line)
    if not found:
        return None
    try:
        return found[1], Path(json.loads(found[2]))
    except ValueError:
        return None


def runs(line: str, workspace: Path) -> bool:
    """Whether a line, by whomever it was written, sends what is due in a workspace."""
    if line.lstrip().startswith("#") or "--due" not in line:
        return False
    plain = line.replace(r"\%", "%").replace(r"\''", "\\")
    return re.search(re.escape(str(workspace)) + r"/?(?=[\s'\"]|$)", plain) is not None


def _quoted(word: str) -> str:
    r"""For the shell, then for cron: a bare `%` would end the command, and `\%` stands for one.

    Some crons read `\\` as one backslash and some as two; behind each one the quotes are closed and opened again, so
    that it stands before a quote in all of them.
    """
    return shlex.quote(word).replace("\\", r"\''").replace("%", r"\%")
