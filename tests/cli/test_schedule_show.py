"""What `schedule show` says of issues that nothing sends any more, and of tables that `install` did not write so."""

import json
import os
import pwd
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.schedule.systemd import Systemd
from newsletter.settings.load import find_workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.schedule import overview
from tests.cli.conftest import ISSUE, Call, make_workspace
from tests.cli.test_schedule import PROGRAM, put_program
from tests.support.books import begun_long_ago

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "letters")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file behind a `crontab` on the path."""
    put_program(tmp_path, monkeypatch, PROGRAM)
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


def dated(root: Path, ago: timedelta, slug: str = "2026-11") -> Path:
    path = root / "issues" / f"{slug}.yaml"
    path.write_text(f"{ISSUE}publish_at: {(datetime.now(UTC) - ago).isoformat()}\n", encoding="utf-8")
    return path


def approved(root: Path, ago: timedelta) -> None:
    settings = root / "newsletter.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("_approval = false", "_approval = true"), "utf-8")
    dated(root, ago)
    workspace = find_workspace(root, explicit=None, environ={})
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")


def rows(root: Path) -> list[tuple[str | None, str | None]]:
    found = overview(find_workspace(root, explicit=None, environ={})).rows
    return [(row.standing, row.late) for row in found]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("ago", "begins", "late"), [(HOUR, "now", "was due before the ledger"), (5 * DAY, "then", "was missed")]
)
def test_what_cron_never_sends_is_told_as_status_tells_it(
    call: Call, small: Path, language: str, ago: timedelta, begins: str, late: str
) -> None:
    approved(small, ago)
    if begins == "then":
        begun_long_ago(small)
    else:
        assert call("ledger", "init", cwd=small).code == 0
    assert rows(small) == [("approved", late)]
    shown, status = (
        call(*words, cwd=small, NEWSLETTER_LANG=language) for words in (("schedule", "show"), ("status", "2026-11"))
    )
    reason = next(line for line in status.out.splitlines() if line.endswith(": newsletter send 2026-11"))
    assert f"    {reason.strip()}" in shown.err.splitlines()


def test_what_may_still_go_and_what_went_is_not_called_missed(call: Call, small: Path) -> None:
    approved(small, HOUR)
    begun_long_ago(small)
    assert rows(small) == [("due", None)]
    approved(small, 5 * DAY)
    assert rows(small) == [("approved", "was missed")]
    assert call("send", "2026-11", "--yes", cwd=small).code == 69
    dated(small, 400 * DAY, "ancient")
    dated(small, 5 * DAY, "draft")
    assert {late for _, late in rows(small)} == {None}


def test_of_a_file_that_cannot_be_read_nothing_else_is_said(call: Call, small: Path) -> None:
    rule = (datetime.now(UTC) + timedelta(hours=9) + 2 * DAY).strftime("day %d %H:%M")
    settings = small / "newsletter.toml"
    settings.write_text(f'{settings.read_text(encoding="utf-8")}every = "{rule}"\n', "utf-8")
    slug = overview(find_workspace(small, explicit=None, environ={})).rows[0].slug
    (small / "issues" / f"{slug}.yaml").write_text("{", encoding="utf-8")
    assert rows(small)[0] == ("broken", None)
    shown = call("schedule", "show", cwd=small, NEWSLETTER_LANG="ko").err
    assert "늦" not in shown
    assert f"newsletter check {slug}\n" in shown


def test_half_a_block_is_no_reason_to_install(call: Call, small: Path, table: Path) -> None:
    assert call("schedule", "install", "--yes", cwd=small).code == 0
    table.write_text(table.read_text(encoding="utf-8").replace("# END", "# end"), encoding="utf-8")
    shown = call("schedule", "show", cwd=small).err
    assert "Nobody can tell" in shown
    assert "It is not installed" not in shown
    assert "nothing was changed" not in shown


def test_a_line_by_hand_is_told_with_its_number(call: Call, small: Path, table: Path) -> None:
    line = call("schedule", "show", cwd=small).out
    table.write_text(f"# mine\n{line}", encoding="utf-8")
    shown = call("schedule", "show", cwd=small).err
    assert "Line 2 of the crontab" in shown
    assert "not installed" not in shown
    (told,) = json.loads(call("schedule", "show", "--json", cwd=small).out)["installed"]
    assert (told["current"], told["by_hand"]) == (None, [2])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root looks at the table of somebody else")
def test_root_finds_what_it_installed_for_the_owner_of_the_workspace(
    call: Call, small: Path, tmp_path: Path, table: Path
) -> None:
    of_user = 'if [ "$1" = -u ]; then TABLE="$TABLE.$2"; shift 2; fi'
    (tmp_path / "bin" / "crontab").write_text(PROGRAM.replace("case", f"{of_user}\ncase"), encoding="utf-8")
    nobody = pwd.getpwnam("nobody")
    assert "--user USER" in call("schedule", "show", cwd=small).err
    assert "--user USER" in call("schedule", "remove", "--yes", cwd=small).err
    ended = call("schedule", "install", "--cron", "--user", "nobody", "--yes", cwd=small)
    assert "newsletter schedule show --user nobody\n" in ended.err
    assert "not installed" in call("schedule", "show", cwd=small).err
    os.chown(small, nobody.pw_uid, nobody.pw_gid)
    assert "Installed (cron, nobody), as it should be" in call("schedule", "show", cwd=small).err
    assert not table.exists()
    assert table.with_name("table.nobody").exists()
    assert "Removed" in call("schedule", "remove", "--yes", cwd=small).err
    assert not table.with_name("table.nobody").exists()


def test_where_no_systemd_runs_cron_is_started_without_it(
    call: Call, small: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert table.parent.is_dir()
    monkeypatch.setattr("newsletter.schedule.cron._runs_nowhere", lambda: True)
    for has_systemd, told in ((True, "systemctl enable --now cron"), (False, "service cron start")):
        monkeypatch.setattr(Systemd, "is_there", staticmethod(lambda there=has_systemd: there))
        said = call("schedule", "install", "--cron", "--yes", cwd=small).err
        assert told in said
        assert ("install --systemd" in said) is has_systemd


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_password_file_that_others_may_read_is_told_before_the_question(
    call: Call, small: Path, tmp_path: Path, table: Path, mode: int, warned: bool
) -> None:
    secret = tmp_path / "the password"
    secret.write_text("hunter2", encoding="utf-8")
    secret.chmod(mode)
    ended = call("schedule", "install", "--cron", cwd=small, NEWSLETTER_SMTP__PASSWORD_FILE=str(secret))
    assert (ended.code, table.exists()) == (64, False), "nobody is there to be asked"
    assert (f"chmod 600 '{secret}'" in ended.err) is warned
    assert "hunter2" not in ended.err


def test_a_folder_that_the_job_cannot_write_is_told_before_the_question(
    call: Call, small: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / ".newsletter").mkdir()
    real = os.access

    def access(path: str, mode: int, **more: bool) -> bool:
        return Path(path).name != ".newsletter" and real(path, mode, **more)

    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "supports_effective_ids", {access})
    ended = call("schedule", "install", "--cron", cwd=small, NEWSLETTER_LANG="ko")
    assert not table.exists()
    assert f"sudo chown -R USER {small / '.newsletter'}\n" in ended.err


def test_an_approval_has_the_ledgers_time_and_is_shown_to_scripts(
    call: Call, small: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not table.exists()
    begun_long_ago(small)
    dated(small, -HOUR)
    moment = datetime.now(UTC) + 10 * timedelta(minutes=1)  # this machine's clock is slow
    monkeypatch.setattr("newsletter.ledger.ledger.Ledger.now", lambda _ledger: moment)
    assert call("approve", "2026-11", "--yes", "--by", "Kim", cwd=small).code == 0
    for command, where in (("status 2026-11", "approval"), ("schedule show", "dates")):
        found = json.loads(call(*command.split(), "--json", cwd=small).out)[where]
        kept = found[0]["approval"] if where == "dates" else found
        assert datetime.fromisoformat(kept["approved_at"]) == moment.replace(microsecond=0)
        assert kept["approved_by"] == "Kim"
        assert kept["due_at"] is not None
