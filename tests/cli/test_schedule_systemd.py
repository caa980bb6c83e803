"""`newsletter schedule … --systemd` where a systemd runs: what it is told, and what it refuses.

Here `systemctl` is a program of the test that writes down what it was told; units as a real systemd reads them are in
tests/schedule/test_units.py and test_real_cron.py.
"""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace

PROGRAM = """#!/bin/sh
env | grep -q ^NEWSLETTER_ && exit 9
echo "$*" >> "$CALLS"
for word; do case $word in
"$REFUSED") echo 'Failed to connect to bus: No medium found' >&2; exit 1;;
enable) mkdir -p "$UNITS/timers.target.wants"; ln -sf x "$UNITS/timers.target.wants/$(basename "$UNITS"/*.timer)";;
esac; done
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "letters")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of the units: of the machine or of the user, by who runs the tests."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("newsletter.schedule.systemd._RUNS", tmp_path)
    monkeypatch.setattr("newsletter.schedule.systemd._OF_MACHINE", tmp_path / "units")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    units = tmp_path / "units" if os.geteuid() == 0 else tmp_path / "config" / "systemd" / "user"
    for name, value in {"PATH": f"{program.parent}:/usr/bin:/bin", "CALLS": tmp_path / "calls", "UNITS": units}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("REFUSED", "nothing")
    return units


def told(tmp_path: Path) -> list[str]:
    """The words of every call since the last look, without the names of units."""
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    (tmp_path / "calls").unlink()
    return [" ".join(word for word in call.split() if word != "--user" and ".timer" not in word) for call in calls]


def test_the_timer_is_started_now_and_stopped_before_it_goes(
    call: Call, small: Path, tmp_path: Path, folder: Path
) -> None:
    ended = call("schedule", "install", "--systemd", "--yes", cwd=small, NEWSLETTER_LANG="en")
    assert ended.code == 0, ended.err
    assert told(tmp_path) == ["daemon-reload", "enable --now"]
    assert "not enabled" not in ended.err
    assert "[operator] notify" in ended.err, "systemd mails nobody"
    assert call("schedule", "install", "--systemd", "--yes", cwd=small, NEWSLETTER_LANG="en").code == 0
    assert told(tmp_path) == ["enable --now"], "a timer that somebody stopped runs again"
    assert call("schedule", "remove", "--systemd", "--yes", cwd=small).code == 0
    assert told(tmp_path) == ["disable --now", "daemon-reload"]
    assert not list(folder.rglob("*newsletter*")), "nor the link"


@pytest.mark.parametrize(("refused", "code"), [("daemon-reload", 69), ("enable", 69)])
def test_what_systemd_refuses_is_told_with_the_command(
    call: Call, small: Path, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, refused: str, code: int
) -> None:
    monkeypatch.setenv("REFUSED", refused)
    ended = call("schedule", "install", "--systemd", "--yes", cwd=small)
    assert (ended.code, "No medium found" in ended.err, f" {refused}" in ended.err) == (code, True, True), ended.err
    monkeypatch.setenv("REFUSED", "nothing")
    (tmp_path / "calls").unlink()
    assert call("schedule", "install", "--systemd", "--yes", cwd=small).code == 0
    assert told(tmp_path)[-1] == "enable --now", "the same command again goes on"
    assert len(list(folder.glob("newsletter-*"))) == 2


def test_a_unit_that_somebody_changed_is_shown_and_put_right(call: Call, small: Path, folder: Path) -> None:
    assert call("schedule", "install", "--systemd", "--yes", cwd=small).code == 0
    (service,) = folder.glob("*.service")
    text = service.read_text(encoding="utf-8")
    service.write_text(text.replace("ProtectSystem=strict", "ProtectSystem=no"), encoding="utf-8")
    assert "not as it would be" in call("schedule", "show", cwd=small).err
    ended = call("schedule", "install", "--systemd", "--yes", cwd=small)
    assert "-ProtectSystem=no\n+ProtectSystem=strict" in ended.err
    assert service.read_text(encoding="utf-8") == text


def test_a_folder_that_takes_no_file_is_told(call: Call, small: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file", encoding="utf-8")
    ended = call("schedule", "install", "--systemd", "--yes", cwd=small)
    assert (ended.code, "--cron" in ended.err) == (73, True), ended.err


def test_a_user_that_is_not_there(call: Call, small: Path, folder: Path) -> None:
    ended = call("schedule", "install", "--systemd", "--user", "no-such-one", "--yes", cwd=small)
    assert (ended.code, folder.exists()) == (64, False), ended.err


def test_who_may_have_no_crontab_is_rid_of_the_timer_without_naming_it(
    call: Call, small: Path, tmp_path: Path, folder: Path
) -> None:
    assert call("schedule", "install", "--systemd", "--yes", cwd=small).code == 0
    crontab = tmp_path / "bin" / "crontab"
    crontab.write_text("#!/bin/sh\necho 'You are not allowed to use this program' >&2; exit 1\n", encoding="utf-8")
    crontab.chmod(0o755)
    assert call("schedule", "remove", "--yes", cwd=small).code == 0
    assert not list(folder.rglob("*newsletter*"))
    assert call("schedule", "remove", "--yes", cwd=small).code == 77, "it may stand in the crontab"
