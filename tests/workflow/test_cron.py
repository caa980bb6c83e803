"""The line that `schedule show` prints, run as cron runs it: an empty environment, the home folder, a plain shell.

cron mails what a command prints, so a line that prints nothing has nothing to say, and one that prints says what to do.
"""

import itertools
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.cli import newsletter, newsletter_with
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, approve, write_issue

HOUR = timedelta(hours=1)
GONE = "smtp://127.0.0.1:1"


class Crontab:
    """A workspace whose issue is due and approved, and its line."""

    def __init__(self, cron: Cron, room: Mailroom, home: Path) -> None:
        self.workspace, self.room, self.home = cron.workspace, room, home
        self.url = room.url
        write_issue(self.root, due=HOUR)
        approve(self.workspace)

    @property
    def root(self) -> Path:
        return self.workspace.root

    def run(self) -> tuple[int, str]:
        """Exit code, and the mail that cron would send."""
        words = shlex.split(self._command())
        variables = dict(itertools.takewhile(lambda parts: len(parts) == 2, (word.split("=", 1) for word in words)))
        program = words[len(variables) :]
        own = program[program.index("--workspace") :]
        ended = newsletter_with({**self._environ(), **variables}, *own, cwd=self.home)
        return ended.returncode, ended.stdout + ended.stderr

    def run_by_shell(self) -> tuple[int, str]:
        """The same, and the shell starts what the line names."""
        # Where the package is found, if it is not installed.
        kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
        ended = subprocess.run(
            ["/bin/sh", "-c", self._command()],
            cwd=self.home,
            env={**self._environ(), **kept},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    def _command(self) -> str:
        shown = newsletter("schedule", "show", cwd=self.root, NEWSLETTER_SMTP__URL=self.url).stdout
        return next(line for line in shown.splitlines() if "--due" in line).split(" ", 5)[5].replace(r"\%", "%")

    def _environ(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "NEWSLETTER_SMTP__URL": self.url}


@pytest.fixture
def crontab(cron: Cron, room: Mailroom, tmp_path_factory: pytest.TempPathFactory) -> Crontab:
    return Crontab(cron, room, tmp_path_factory.mktemp("home"))


def relay_down(crontab: Crontab) -> None:
    crontab.url = GONE


def login_refused(crontab: Crontab) -> None:
    crontab.room.replies = dict.fromkeys(EVERYBODY, "554 5.7.1 relay access denied")


def paused(crontab: Crontab) -> None:
    crontab.room.replies = {"kim@example.net": "451 4.7.1 greylisted"}
    assert crontab.run()[0] == 75
    assert newsletter("pause", "2026-11", cwd=crontab.root).returncode == 0


def broken_beside_good(crontab: Crontab) -> None:
    write_issue(crontab.root, "2026-10", due=2 * HOUR, more="bogus: 1\n")


def not_approved(crontab: Crontab) -> None:
    shutil.rmtree(crontab.root / "issues" / "2026-11.approved")


def missed(crontab: Crontab) -> None:
    write_issue(crontab.root, due=97 * HOUR)
    approve(crontab.workspace)


def ledger_gone(crontab: Crontab) -> None:
    shutil.rmtree(crontab.workspace.state)


def ledger_lost(crontab: Crontab) -> None:
    crontab.room.replies = {"kim@example.net": "451 4.7.1 greylisted"}
    assert crontab.run()[0] == 75
    for path in crontab.workspace.state.glob("ledger.db*"):
        path.unlink()


def ledger_is_no_file(crontab: Crontab) -> None:
    ledger_gone(crontab)
    (crontab.workspace.state / "ledger.db").mkdir(parents=True)


EVERYBODY = ("hong@example.com", "jane@example.org", "kim@example.net")
TROUBLES = [
    (relay_down, 69, "[smtp] url"),
    (login_refused, 69, "newsletter send 2026-11"),
    (paused, 0, "newsletter resume 2026-11"),
    (broken_beside_good, 65, "newsletter check --all"),
    (not_approved, 77, "newsletter approve 2026-11"),
    (missed, 0, "newsletter send 2026-11"),
    (ledger_gone, 78, "newsletter send ISSUE"),
    (ledger_lost, 78, "Restore it from your back-up"),
    (ledger_is_no_file, 73, "ledger.db"),
]


@pytest.mark.parametrize(("trouble", "code", "next_step"), TROUBLES, ids=lambda one: getattr(one, "__name__", None))
def test_whatever_waits_for_a_person_is_mailed_once_with_the_next_step(
    crontab: Crontab, trouble: Callable[[Crontab], None], code: int, next_step: str
) -> None:
    trouble(crontab)
    ended, mail = crontab.run()
    assert (ended, next_step in mail) == (code, True), mail
    assert "Traceback" not in mail
    again, mail = crontab.run()
    assert (again, mail) == (code, ""), "ten minutes later there is nothing new"


def test_what_goes_well_is_not_mailed(crontab: Crontab) -> None:
    assert crontab.run_by_shell() == (0, "")
    assert sorted(crontab.room.recipients()) == sorted(EVERYBODY)
    assert crontab.run() == (0, "")


@pytest.mark.parametrize("user", ["", "letter@"])
def test_a_relay_with_a_login_needs_a_line_more(crontab: Crontab, user: str) -> None:
    url = f"smtp://{user}relay.example.com"
    shown = newsletter("schedule", "show", cwd=crontab.root, NEWSLETTER_SMTP__URL=url)
    assert ("NEWSLETTER_SMTP__PASSWORD_FILE=" in shown.stderr) == bool(user), shown.stderr
    assert "PASSWORD" not in shown.stdout
