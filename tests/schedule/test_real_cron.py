"""Debian's cron starts what `schedule install` wrote, within a minute; `crontab` and the units are the real ones."""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.settings.load import find_workspace
from tests.support.books import begun_long_ago
from tests.support.cron_box import CronBox
from tests.support.mailroom import PATIENCE, Mailroom, mailroom
from tests.workflow.conftest import PEOPLE, TOML, approve, write_issue

HOSTILE = '뉴스 100% "레터" a\\b:c\'d $HOME'
FOREIGN = "MAILTO=hong@example.com\n# somebody's own\n0 3 1 1 * true 100\\%\n"


def letters_at(root: Path) -> Path:
    """A workspace whose issue is due."""
    root.mkdir()
    (root / "newsletter.toml").write_text(TOML, encoding="utf-8")
    (root / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    write_issue(root, due=timedelta(hours=1))
    begun_long_ago(root)
    return root


@dataclass
class Ticking:
    """A cron that is at work, with the tables of two workspaces; the issue of one is not approved."""

    box: CronBox
    room: Mailroom
    root: Path
    waiting: Path


@pytest.fixture(scope="module")
def ticking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ticking]:
    folder = tmp_path_factory.mktemp("cron")
    (folder / "box").mkdir()
    with ExitStack() as stack:
        room = stack.enter_context(mailroom(folder))
        box = stack.enter_context(CronBox.made(folder / "box"))
        here = Ticking(box, room, letters_at(folder / HOSTILE), letters_at(folder / "second"))
        approve(find_workspace(here.root, explicit=None, environ={}))
        # Where the package is found, if it is not installed; a line of somebody else, above our blocks.
        path = "".join(f"PYTHONPATH={value}\n" for value in [os.environ.get("PYTHONPATH")] if value)
        here.box.put(path + FOREIGN)
        for root in (here.root, here.waiting):
            ended = here.box.newsletter("schedule", "install", "--yes", cwd=root, NEWSLETTER_SMTP__URL=room.url)
            assert ended.returncode == 0, ended.stderr
        table = here.box.table()
        assert table.startswith(path + FOREIGN)
        here.box.put(table.replace("*/10 * * * *", "* * * * *"))
        stack.enter_context(here.box.daemon())
        yield here


@pytest.fixture
def box(tmp_path: Path) -> Iterator[CronBox]:
    (tmp_path / "box").mkdir()
    with CronBox.made(tmp_path / "box") as made:
        yield made


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return letters_at(tmp_path / HOSTILE)


def test_what_was_changed_by_hand_is_told_and_brought_up_to_date(ticking: Ticking) -> None:
    """Runs first: while cron waits for its minute, the others go on."""
    here = {"cwd": ticking.root, "NEWSLETTER_SMTP__URL": ticking.room.url}
    shown = ticking.box.newsletter("schedule", "show", **here)  # type: ignore[arg-type]  # a folder and a text
    assert "but not as it would be" in shown.stderr
    assert shown.stdout.startswith("*/10 * * * * ")
    assert shown.stdout.count("\n") == 1, "the line is the data"


def test_installed_shown_and_removed_without_a_trace(box: CronBox, letters: Path) -> None:
    assert "not installed" in box.newsletter("schedule", "show", cwd=letters).stderr
    assert box.newsletter("schedule", "install", cwd=letters).returncode == 64
    first = box.newsletter("schedule", "install", "--yes", cwd=letters)
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "+*/10 * * * * " in first.stderr
    table = box.table()
    again = box.newsletter("schedule", "install", "--yes", cwd=letters)
    assert "installed already" in again.stderr
    assert box.table() == table
    assert "as it should be" in box.newsletter("schedule", "show", cwd=letters).stderr
    assert box.newsletter("schedule", "remove", "--yes", cwd=letters).returncode == 0
    assert box.run("crontab", "-l").returncode == 1, "a table that was empty before is none again"
    assert "nothing to remove" in box.newsletter("schedule", "remove", "--yes", cwd=letters).stderr


def test_another_users_table_and_what_keeps_that_user_from_it(box: CronBox, letters: Path) -> None:
    letters.chmod(0o755)
    ended = box.newsletter("schedule", "install", "--user", "nobody", "--yes", cwd=letters)
    assert ended.returncode == 0, ended.stderr
    assert "nobody " in ended.stderr.partition("Installed")[0], "neither may write there"
    assert "--due" in box.run("crontab", "-u", "nobody", "-l").stdout
    assert box.table() == ""
    nobody = box.newsletter("schedule", "install", "--user", "no-such-one", "--yes", cwd=letters)
    assert nobody.returncode == 64, nobody.stderr


def test_systemd_reads_the_units_as_they_are_meant(box: CronBox, letters: Path) -> None:
    ended = box.newsletter("schedule", "install", "--systemd", "--yes", cwd=letters, NEWSLETTER_LANG="en")
    assert ended.returncode == 0, ended.stderr
    assert "daemon-reload" in ended.stderr, "no systemd runs in the box, so what is left to do is told"
    names = sorted(path.name for path in box.units.iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["service", "timer"]
    verified = box.run("systemd-analyze", "verify", *(f"/etc/systemd/system/{name}" for name in names))
    assert (verified.returncode, verified.stderr) == (0, ""), verified.stderr
    plain = {"SYSTEMD_COLORS": "0", "SYSTEMD_URLIFY": "0"}
    security = ("systemd-analyze", "security", "--offline=yes", f"/etc/systemd/system/{names[0]}")
    shown = box.run(*security, cwd=None, given="", **plain)
    exposure = re.search(r"exposure level for \S+: (\d+\.\d)", shown.stdout)
    assert exposure, (shown.stdout[-300:], shown.stderr)
    assert float(exposure[1]) < 2.5, shown.stdout
    assert (box.units / names[0]).stat().st_mode & 0o777 == 0o644
    assert box.newsletter("schedule", "remove", "--yes", cwd=letters).returncode == 0
    assert list(box.units.iterdir()) == []


def test_a_timer_counts_once_it_is_enabled(box: CronBox, letters: Path) -> None:
    timer_there: dict[str, object] = {"way": "systemd", "user": None, "current": True, "by_hand": []}
    assert box.newsletter("schedule", "install", "--systemd", "--yes", cwd=letters).returncode == 0
    shown = box.newsletter("schedule", "show", "--json", cwd=letters)
    assert json.loads(shown.stdout)["installed"] == [{**timer_there, "starts": False}]
    # `systemctl enable` works on files, also where no systemd runs.
    timer = next(path.name for path in box.units.glob("*.timer"))
    assert box.run("systemctl", "enable", timer).returncode == 0
    shown = box.newsletter("schedule", "show", "--json", cwd=letters)
    assert json.loads(shown.stdout)["installed"] == [{**timer_there, "starts": True}]
    assert box.newsletter("schedule", "remove", "--yes", cwd=letters).returncode == 0
    assert list(box.units.rglob("*.timer")) == [], "the link as well"


def test_a_tick_of_cron_sends_what_is_due_and_mails_what_waits(ticking: Ticking) -> None:
    ticking.room.wait_for(3)
    assert sorted(ticking.room.recipients()) == ["hong@example.com", "jane@example.org", "kim@example.net"]
    log = ticking.root / ".newsletter" / "cron.log"
    deadline = time.monotonic() + PATIENCE
    while not (ticking.box.mails() and log.is_file() and "exit code 0" in log.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, (ticking.box.mails(), log.exists())
        time.sleep(0.05)
    assert "3 sent" in log.read_text(encoding="utf-8"), "the log has what --quiet keeps from the mail"
    (mail,) = ticking.box.mails()
    assert "To: hong@example.com" in mail
    assert "newsletter approve 2026-11" in mail
    assert len(ticking.room.mail) == 3
