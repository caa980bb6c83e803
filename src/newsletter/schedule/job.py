"""What cron or systemd starts every ten minutes, and with which environment. Touches: the path of the interpreter.

Both run with an almost empty environment and in another folder, so that every path is absolute, and whatever setting
comes from a variable now has to go with the job. A secret never does: only the file that holds it is named.
"""

import shlex
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import newsletter
from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, SettingsError
from newsletter.settings.carried import carried, file_of, has_password, may_hold_secret, names_secret_file
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin")
_LEDGER = "NEWSLETTER_LEDGER__URL"
_PASSWORD = "NEWSLETTER_SMTP__PASSWORD"  # noqa: S105 - a name
_UNFIT = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories that break a line, or are no UTF-8."""


@dataclass(frozen=True, slots=True)
class CronJob:
    """`newsletter send --due` of one workspace."""

    workspace: Path
    program: tuple[str, ...]
    """The words that start `newsletter`; the first is an absolute path."""
    environ: tuple[tuple[str, str], ...]
    """Variables in the order in which they are written."""
    needed: tuple[Path, ...] = ()
    """What it reads outside the workspace: the interpreter with its packages, files with secrets."""
    writable: tuple[Path, ...] = ()
    """Folders outside the workspace that it writes to."""
    secret_files: tuple[Path, ...] = ()
    """Files that are named in place of a secret."""
    left_out: tuple[str, ...] = ()
    """Variables that hold a secret, or may."""
    needs_password: bool = False
    """The relay wants a login, and nothing says which file has the password."""

    @property
    def log(self) -> Path:
        return self.workspace / ".newsletter" / "cron.log"

    def refuse(self) -> None:
        """Raises SettingsError (78) where the job would lack a secret, InputError (65) where it cannot be written."""
        for name in self.left_out:
            raise SettingsError(phrase("schedule.job.holds_secret", name=name), hint=_instead_of(name))
        if self.needs_password:
            raise SettingsError(phrase("schedule.job.needs_password"), hint=_instead_of(_PASSWORD))
        for word in (*self.program, str(self.workspace), *(f"{name}={value}" for name, value in self.environ)):
            if any(unicodedata.category(char) in _UNFIT for char in word):
                raise InputError(
                    phrase("schedule.job.has_line_break", word=ascii(word)), hint=phrase("schedule.job.rename_it")
                )


def job_of(
    workspace: Workspace,
    environ: Mapping[str, str],
    folder: Path,
    which: Callable[[str], str | None] = shutil.which,
) -> CronJob:
    """The job as it has to be, seen from a terminal with this environment in this folder."""
    script = Path(sys.executable).with_name("newsletter")
    program = (str(script),) if script.is_file() else (sys.executable, "-m", "newsletter")
    written: dict[str, str] = {}
    needed = [Path(sys.prefix), Path(sys.base_prefix), Path(newsletter.__file__).parent]
    left_out: list[str] = []
    secret_files: list[Path] = []
    for name, value in carried(environ).items():
        if may_hold_secret(name) and not (name == _LEDGER and not has_password(value)):
            left_out.append(name)
        else:
            written[name] = str((folder / value).absolute()) if names_secret_file(name) else value
            secret_files += [Path(written[name])] if names_secret_file(name) else []
    settings = workspace.settings
    path = ":".join(dict.fromkeys(_program_folders(program[0], settings, which)))
    return CronJob(
        workspace.root.resolve(),
        program,
        (("LANG", "C.UTF-8"), ("PATH", path), *written.items()),
        (*needed, *secret_files),
        tuple(_folders_outside(workspace)),
        tuple(secret_files),
        tuple(left_out),
        bool(urlsplit(settings.smtp.url).username) and settings.smtp.password is None,
    )


def _program_folders(own: str, settings: Settings, which: Callable[[str], str | None]) -> Iterator[str]:
    """Where the programs are that are started on the way: our own, the usual ones, and what else the settings name."""
    yield from _fit(Path(own).parent)
    yield from _FOLDERS
    for command in ("git", settings.operator.command, settings.archive.publish):
        words = shlex.split(command)
        if words and not any((Path(folder) / words[0]).is_file() for folder in _FOLDERS) and (found := which(words[0])):
            yield from _fit(Path(found).absolute().parent)


def _folders_outside(workspace: Workspace) -> Iterator[Path]:
    """Of a ledger in a file, of the archive, and of the file for Prometheus."""
    root, settings = workspace.root.resolve(), workspace.settings
    scheme, _, ledger = settings.ledger.url.partition(":///")
    files = [ledger if scheme.startswith("sqlite") else "", settings.operator.metrics]
    folders = [(root / name).resolve().parent for name in files if name] + [workspace.archive.resolve()]
    yield from (folder for folder in folders if not folder.is_relative_to(root))


def _fit(folder: Path) -> Iterator[str]:
    """A colon parts folders, and there is no way to write one that is meant."""
    if ":" not in str(folder):
        yield str(folder)


def _instead_of(name: str) -> Said:
    """How to give the same to cron."""
    if file := file_of(name):
        return phrase("schedule.job.name_file", name=name, file=file)
    return phrase("schedule.job.write_into_settings", name=name)
