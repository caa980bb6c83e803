"""The job in a crontab. Touches: the program `crontab`; looks at what runs on this machine."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.settings.load import FILE

from .change import Change
from .crontab import block, crontab_line
from .crontab_program import CrontabProgram
from .crontab_text import CrontabText, diff, edited
from .job import CronJob
from .other_user import option
from .systemd import Systemd

_NAMELESS = Path()
_PROC = Path("/proc")
_DAEMONS = frozenset({"cron", "crond", "fcron", "systemd-cron"})


class Cron:
    """A crontab: of who calls, or of `user`. As `Place`."""

    def __init__(self, job: CronJob, user: str | None = None) -> None:
        self._job = job
        self._user = user
        self._program = CrontabProgram(crontab_line(job), user)
        self._name = f"crontab of {user}" if user else "crontab"

    def planned(self, *, wanted: bool) -> Change | None:
        before = self._program.read()
        text, workspace = CrontabText.of(before), self._job.workspace
        edits = text.with_block(workspace, block(self._job)) if wanted else text.without_block(workspace)
        if not edits:
            return None
        after = edited(text, edits)
        return Change(((_NAMELESS, before),), ((_NAMELESS, after),), diff(self._name, edits))

    def apply(self, change: Change) -> None:
        ((_, text),) = change.after
        self._program.write(text or "")

    def idle(self) -> Said | None:
        if not _runs_nowhere():
            return None
        if Systemd.is_there():
            return phrase("schedule.cron.no_daemon_yet", option=option(self._user))
        return phrase("schedule.cron.no_daemon")

    def by_hand(self) -> Sequence[int]:
        return CrontabText.of(self._program.read()).by_hand(self._job.workspace)

    def notes(self) -> tuple[Said, ...]:
        text = CrontabText.of(self._program.read())
        found: list[Said] = [
            phrase("schedule.cron.by_hand", line=number) for number in text.by_hand(self._job.workspace)
        ]
        found += [
            phrase("schedule.cron.moved_away", line=number, folder=str(path))
            for number, path in text.others()
            if not (path / FILE).is_file()
        ]
        idle = self.idle()
        return (*found, idle) if idle else tuple(found)


def _runs_nowhere() -> bool:
    """Whether this machine tells who runs on it, and no cron does."""
    names = set()
    for path in _PROC.glob("[0-9]*/comm"):
        try:
            names.add(path.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:  # it ended meanwhile
            continue
    # Where others are hidden (hidepid of proc(5)), the first process is as well.
    return (_PROC / "1" / "comm").is_file() and not names & _DAEMONS
