"""What `doctor` says of what starts the letters: the crontab of this user, its last run, workers."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.records import Purpose
from newsletter.ledger.worker_ledger import open_worker_ledger
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.schedule import install
from newsletter.workflow.steps.doctor.health_check import CheckResult
from newsletter.workflow.steps.installed_job import Way
from tests.cli.conftest import ISSUE, make_workspace
from tests.cli.test_schedule import PROGRAM
from tests.doctor.conftest import Examine
from tests.support.books import begun_long_ago

HOUR = timedelta(hours=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a ledger that has sent before, and an issue without a date."""
    root = make_workspace(tmp_path / "letters")
    begun_long_ago(root)
    return find_workspace(root, explicit=None, environ={})


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a cron ran on this machine."""
    monkeypatch.setattr("newsletter.schedule.cron._runs_nowhere", lambda: False)


def put_crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> Path:
    """Install the job in a crontab; the file with its text."""
    (tmp_path / "crontab").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    install(workspace, way=Way.CRON, user=None, agree=print, say=print)
    return tmp_path / "table"


def date(workspace: Workspace, when: timedelta) -> None:
    text = f"{ISSUE}publish_at: {(datetime.now(UTC) + when).isoformat()}\n"
    (workspace.issues / "2026-11.yaml").write_text(text, encoding="utf-8")


def ran(workspace: Workspace, ago: timedelta) -> None:
    log = workspace.state / "cron.log"
    log.touch()
    moment = (datetime.now(UTC) - ago).timestamp()
    os.utime(log, (moment, moment))


def brief(found: CheckResult) -> tuple[str, str]:
    return found.level, found.next_command


def test_without_a_date_nothing_need_be_installed(examine: Examine, workspace: Workspace) -> None:
    found = examine(workspace)
    assert brief(found["schedule"]) == ("ok", "")
    assert "schedule-run" not in found


@pytest.mark.parametrize("when", [-HOUR, 100 * HOUR])
def test_a_dated_issue_that_nobody_looks_after_is_a_warning(
    examine: Examine, workspace: Workspace, when: timedelta
) -> None:
    date(workspace, when)
    found = examine(workspace)["schedule"]
    assert brief(found) == ("warning", "newsletter schedule install")
    assert "2026-11 is dated" in str(found.found)


def test_an_issue_that_cron_would_never_begin_needs_no_cron(examine: Examine, workspace: Workspace) -> None:
    date(workspace, -200 * HOUR)
    assert examine(workspace)["schedule"].level == "ok"


def test_a_living_worker_looks_after_it(examine: Examine, workspace: Workspace) -> None:
    date(workspace, -HOUR)
    with open_worker_ledger(workspace, Purpose.READ) as ledger:
        ledger.worker_begins("1.0")
    found = examine(workspace)["schedule"]
    assert found.level == "ok"
    assert "1 worker is at it" in str(found.found)


@pytest.mark.usefixtures("daemon")
def test_a_job_as_it_should_be_is_in_order_and_so_is_its_last_run(
    examine: Examine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_crontab(tmp_path, monkeypatch, workspace)
    found = examine(workspace)
    assert (brief(found["schedule"]), brief(found["schedule-run"])) == (("ok", ""), ("ok", ""))
    date(workspace, -HOUR)
    found = examine(workspace)
    assert brief(found["schedule-run"]) == ("warning", "newsletter schedule show")
    assert "2026-11 is due since" in str(found["schedule-run"].found)
    ran(workspace, timedelta(minutes=9))
    assert examine(workspace)["schedule-run"].level == "ok"
    ran(workspace, 2 * HOUR)
    assert examine(workspace)["schedule-run"].level == "warning"


@pytest.mark.usefixtures("daemon")
def test_a_machine_with_a_wrong_clock_knows_what_is_due_by_the_ledgers_and_when_cron_ran_by_its_own(
    examine: Examine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_crontab(tmp_path, monkeypatch, workspace)
    monkeypatch.setattr("newsletter.ledger.ledger.Ledger.now", lambda _ledger: datetime.now(UTC) + 2 * HOUR)
    date(workspace, HOUR)
    assert "2026-11 is due since" in str(examine(workspace)["schedule-run"].found)
    ran(workspace, timedelta(minutes=9))
    assert examine(workspace)["schedule-run"].level == "ok"


@pytest.mark.usefixtures("daemon")
def test_a_job_that_was_changed_since_is_told_with_the_command(
    examine: Examine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = put_crontab(tmp_path, monkeypatch, workspace)
    table.write_text(table.read_text(encoding="utf-8").replace("send --due", "send --due --retry-now"), "utf-8")
    assert brief(examine(workspace)["schedule"]) == ("warning", "newsletter schedule install --cron")


def test_a_machine_on_which_no_cron_runs_is_told(
    examine: Examine, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_crontab(tmp_path, monkeypatch, workspace)
    monkeypatch.setattr("newsletter.schedule.cron._runs_nowhere", lambda: True)
    found = examine(workspace)["schedule"]
    assert brief(found) == ("warning", "newsletter schedule show")
    assert "in cron, and whether it starts is not sure" in str(found.found)


def test_a_crontab_that_nobody_may_look_at_is_a_warning(examine: Examine, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "crontab").write_text(
        "#!/bin/sh\necho 'you are not allowed to use this program' >&2\nexit 1\n", "utf-8"
    )
    assert examine(workspace)["schedule"].level == "warning"
