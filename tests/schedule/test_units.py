"""The units of a user's own manager, as systemd reads them; those of the machine are in test_real_cron.py."""

import os
import subprocess
from pathlib import Path

import pytest

from newsletter.schedule.job import CronJob
from newsletter.schedule.units import unit_name, units

NAMES = ["letter", "뉴스레터", '100% "a" b\\', "it's $HOME: %h", "a;b #c", "-x", "a" * 100]


@pytest.mark.parametrize("manager", ["system", "user"])
def test_systemd_finds_nothing_wrong_whatever_the_folder_is_called(tmp_path: Path, manager: str) -> None:
    files: list[str] = []
    for name in NAMES:
        folder = tmp_path / "letters" / name
        folder.mkdir(parents=True)
        environ = (("LANG", "C.UTF-8"), ("NEWSLETTER_SMTP__PASSWORD_FILE", f"/etc/{name}"))
        job = CronJob(folder, ("/bin/true",), environ, needed=(folder,), writable=(Path(f"/srv/{name}"),))
        made = units(job, newsletter=name, system=manager == "system", user="daemon" if manager == "system" else None)
        for file, text in made.files.items():
            (tmp_path / file).write_text(text, encoding="utf-8")
            files.append(str(tmp_path / file))
    assert len(set(files)) == 2 * len(NAMES)
    ended = subprocess.run(
        ["systemd-analyze", f"--{manager}", "verify", *files],
        # A short one: a unit of the machine may have a socket there, whose path has 107 bytes at most.
        env={**os.environ, "XDG_RUNTIME_DIR": "/tmp", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_name_is_one_of_systemd_and_of_one_workspace() -> None:
    assert unit_name(Path("/srv/Letter")) == unit_name(Path("/srv/Letter"))
    assert unit_name(Path("/srv/Letter")).startswith("newsletter-letter-")
    assert unit_name(Path("/srv/뉴스")) != unit_name(Path("/srv/레터"))
    assert unit_name(Path("/srv/a")) != unit_name(Path("/mnt/a"))


def test_no_secret_and_no_foreign_line_gets_in() -> None:
    job = CronJob(Path("/srv/100% %h\\"), ("/opt/x",), (("A", 'b" "C=d'),))
    service = units(job, newsletter="a\\", system=True, user="letter").service
    assert 'Environment="A=b\\" \\"C=d"\n' in service
    assert 'ExecStart=":/opt/x" "--workspace" "/srv/100%% %%h\\\\" "send" "--due"\n' in service
    assert 'ReadWritePaths="/srv/100%% %%h\\\\"\n' in service
    assert "Description=Send what is due of a\n" in service
    assert "User=letter\n" in service
