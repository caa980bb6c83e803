"""The job as a service and a timer of systemd: of the machine for root, else of the user's own manager.

Touches: the folder of the units, the program `systemctl`. Where no systemd runs, the files are written all the same,
and what is left to do is told.
"""

import difflib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError, RefusedError, UnavailableError, UsageError
from newsletter.printable import one_line
from newsletter.settings.environment import PREFIX
from newsletter.settings.replace_file import replace_file
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .change import Change
from .job import CronJob
from .units import Units, units

_OF_MACHINE = Path("/etc/systemd/system")
_RUNS = Path("/run/systemd/system")
"""It is there where systemd is the first process (sd_booted(3))."""
_LINGER = Path("/var/lib/systemd/linger")
_WANTS = "timers.target.wants"
_TIMEOUT = 60
_LONGEST = 300
_READABLE = 0o644


class Systemd:
    """Units that run as who calls, or, called by root, as `user`. As `Place`."""

    def __init__(self, workspace: Workspace, job: CronJob, user: str | None = None) -> None:
        self._system = os.geteuid() == 0
        self._settings = workspace.settings
        self.folder = _OF_MACHINE if self._system else _of_user()
        self._units = self._texts(workspace, job, user)
        if user is not None:
            _need_user(user, system=self._system)

    @staticmethod
    def is_there() -> bool:
        """Whether systemd runs this machine."""
        return _RUNS.is_dir()

    @property
    def timer(self) -> str:
        return f"{self._units.name}.timer"

    def planned(self, *, wanted: bool) -> Change | None:
        files = {self.folder / name: text for name, text in self._units.files.items()}
        before = {path: _read(path) for path in files}
        after = files if wanted else dict.fromkeys(files)
        if before == after:
            return None
        shown = [
            line.rstrip("\n")
            for path in files
            for line in difflib.unified_diff(
                (before[path] or "").splitlines(keepends=True),
                (after[path] or "").splitlines(keepends=True),
                str(path) if before[path] is not None else os.devnull,
                str(path) if after[path] is not None else os.devnull,
                n=1,
            )
        ]
        return Change(tuple(before.items()), tuple(after.items()), "\n".join(shown))

    def apply(self, change: Change) -> None:
        goes = all(text is None for _, text in change.after)
        if goes and self.is_there():
            self._systemctl("disable", "--now", self.timer)
        try:
            for path, text in change.after:
                if text is None:
                    path.unlink(missing_ok=True)
                else:
                    replace_file(path, text)
                    path.chmod(_READABLE)
            if goes:
                self._sweep()
        except OSError as error:
            said = phrase("schedule.systemd.cannot_be_written", folder=str(self.folder), why=system_reason(error))
            raise CannotWriteError(said, hint=phrase("schedule.systemd.or_cron")) from error
        if self.is_there():
            self._systemctl("daemon-reload")

    def idle(self) -> Said | None:
        if (self.folder / _WANTS / self.timer).is_symlink():
            return None
        manager = "systemctl" if self._system else "systemctl --user"
        return phrase("schedule.systemd.start_it", manager=manager, timer=self.timer)

    def by_hand(self) -> Sequence[int]:
        return ()  # a unit of another name is somebody's own

    def notes(self) -> tuple[Said, ...]:
        if self.is_there():
            self._systemctl("enable", "--now", self.timer)
        idle = self.idle()
        found: list[Said] = [idle] if idle else []
        if not self._system and not (_LINGER / _own_name()).exists():
            found.append(phrase("schedule.systemd.linger", user=_own_name()))
        if not self._settings.operator.notify and not self._settings.operator.command:
            unit = self._units.name
            found.append(phrase("schedule.systemd.nobody_is_told", unit=unit, user="" if self._system else "--user "))
        return tuple(found)

    def _texts(self, workspace: Workspace, job: CronJob, user: str | None) -> Units:
        newsletter = workspace.settings.newsletter.name
        return units(job, newsletter=newsletter, system=self._system, user=user if self._system else None)

    def _sweep(self) -> None:
        """The link that `enable` makes, and folders of a user's own that are empty now."""
        wants = self.folder / _WANTS
        (wants / self.timer).unlink(missing_ok=True)
        if not self._system:
            for folder in (wants, self.folder, self.folder.parent):
                if folder.is_dir():
                    if any(folder.iterdir()):
                        return
                    folder.rmdir()

    def _systemctl(self, *words: str) -> None:
        program = shutil.which("systemctl") or "systemctl"
        command = [program, *(() if self._system else ("--user",)), *words]
        environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        # After `su` it is not set, and the user's manager runs all the same (pam_systemd(8)).
        environ.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
        try:
            ended = subprocess.run(  # noqa: S603 - without a shell
                command, env={**environ, "LC_ALL": "C"}, capture_output=True, check=False, timeout=_TIMEOUT
            )
            told = one_line(ended.stderr.decode("utf-8", "replace"))[:_LONGEST] or f"exit code {ended.returncode}"
        except subprocess.TimeoutExpired:
            told = f"no end within {_TIMEOUT} s"
        except OSError as error:
            told = str(system_reason(error))
        else:
            if not ended.returncode:
                return
        said = phrase("schedule.systemd.refuses", words=told, folder=str(self.folder))
        raise UnavailableError(said, hint=phrase("schedule.systemd.by_hand", command=" ".join(command)))


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        said = phrase("schedule.systemd.cannot_be_read", path=str(path), why=system_reason(error))
        raise CannotWriteError(said, hint=phrase("schedule.systemd.or_cron")) from error


def _of_user() -> Path:
    given = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".config"
    return base / "systemd" / "user"


def _own_name() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _need_user(user: str, *, system: bool) -> None:
    """Raises UsageError (64) for one that this machine does not have, RefusedError (77) for another than oneself."""
    import pwd

    try:
        pwd.getpwnam(user)
    except (KeyError, ValueError):
        raise UsageError(phrase("schedule.systemd.no_such_user", user=one_line(user))) from None
    if not system and user != _own_name():
        raise RefusedError(
            phrase("schedule.systemd.only_root", user=user), hint=phrase("schedule.systemd.as_root", user=user)
        )
