"""What waits for a person is told to a quiet cron run, too: at once, then daily, and anew when it has come back."""

import json
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.control import pause, resume
from newsletter.workflow.steps import begin_due
from newsletter.workflow.steps.letter import Letter, open_letter
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare_fresh
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
NOBODY_THERE = "smtp://127.0.0.1:1"


def relay_is_down(cron: Cron) -> int:
    cron.workspace.settings.smtp.__dict__["url"] = NOBODY_THERE
    return 69


def paused_by_hand(cron: Cron) -> int:
    with open_ledger(cron.workspace, Purpose.SENDING) as ledger:
        plan_dispatch(cron.workspace, ledger, prepare_fresh(cron.workspace, "2026-11", ledger))
    pause(cron.workspace, "2026-11")
    return 0


def broken_issue(cron: Cron) -> int:
    write_issue(cron.workspace.root, due=HOUR, more="bogus: 1\n")
    return 65


def changed_since(cron: Cron) -> int:
    write_issue(cron.workspace.root, due=HOUR, more="author: 홍길동\n")
    return 77


def ledger_is_gone(cron: Cron) -> int:
    for path in cron.workspace.state.glob("ledger.db*"):
        path.unlink()
    return 78


TROUBLES = [relay_is_down, paused_by_hand, broken_issue, changed_since, ledger_is_gone]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_told_at_once_and_then_daily_while_it_lasts(cron: Cron, trouble: Callable[[Cron], int]) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    code = trouble(cron)
    begun = datetime.now(UTC)
    told = []
    for ten_minutes in range(3 * 6 * 24):
        if ten_minutes % 36 > 1:  # every sixth hour, twice; what lies between is no other
            continue
        cron.now = begun + timedelta(minutes=10 * ten_minutes)
        assert cron.run() == code
        if cron.warnings:
            told.append((cron.now - begun) // HOUR)
            assert "newsletter " in "\n".join(cron.warnings), "no next command"
    assert told == [0, 24, 48]


def test_what_is_mended_and_comes_back_is_told_at_once(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    paused_by_hand(cron)
    assert (cron.run(), len(cron.warnings)) == (0, 1)
    assert (cron.run(), cron.warnings) == (0, [])
    room.replies = dict.fromkeys(("hong@example.com", "jane@example.org"), "451 4.7.1 greylisted")
    resume(cron.workspace, "2026-11")
    assert cron.run() == 75
    pause(cron.workspace, "2026-11")
    assert (cron.run(), len(cron.warnings)) == (0, 1)


def test_a_file_remembers_where_the_ledger_cannot_be_opened(cron: Cron) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    ledger = cron.workspace.state / "ledger.db"
    for path in cron.workspace.state.glob("ledger.db*"):
        path.unlink()
    ledger.mkdir()
    code = cron.run()
    assert (code, len(cron.warnings)) == (73, 1)
    assert (cron.run(), cron.warnings) == (73, [])
    file = cron.workspace.state / "told.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("[not what we wrote", encoding="utf-8")
    assert (cron.run(), len(cron.warnings)) == (73, 1)
    ledger.rmdir()
    begun_long_ago(cron.workspace.root)
    assert cron.run() == 0
    assert not file.exists()


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A program that keeps what it was given, and what it sees of the environment."""
    program = tmp_path / "a pager.py"
    program.write_text(
        "import json, os, pathlib, sys\n"
        "given = json.load(sys.stdin)\n"
        "pathlib.Path(sys.argv[1]).write_text(json.dumps([given, dict(os.environ)]))\n",
        encoding="utf-8",
    )
    return program


def test_the_command_is_told_what_mail_cannot_carry(
    open_workspace: Reload, pager: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.json"
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "geheim")
    monkeypatch.setenv("PGPASSWORD", "geheim")
    cron = Cron(
        open_workspace(
            NEWSLETTER_SMTP__URL=NOBODY_THERE,
            NEWSLETTER_OPERATOR__COMMAND=f"{sys.executable} '{pager}' {out}",
        )
    )
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 69
    given, environ = json.loads(out.read_text(encoding="utf-8"))
    assert (given["newsletter"], given["issue"], given["exit_code"]) == (
        "issue-curator.news.example.org",
        "2026-11",
        69,
    )
    assert given["states"]["planned"] == 3
    assert "발송이 멈췄습니다" in given["message"]
    assert "geheim" not in str(environ)
    out.unlink()
    assert cron.run() == 69
    assert not out.exists(), "told every ten minutes"


def test_an_address_in_what_the_command_is_told_is_masked(
    open_workspace: Reload, pager: Path, tmp_path: Path, room: Mailroom
) -> None:
    out = tmp_path / "out.json"
    refused = "554 5.7.1 <hong@example.com>: relay access denied"
    room.replies = dict.fromkeys(("hong@example.com", "jane@example.org", "kim@example.net"), refused)
    command = f"{sys.executable} '{pager}' {out}"
    cron = Cron(open_workspace(NEWSLETTER_OPERATOR__COMMAND=command, NEWSLETTER_SMTP__CONNECTIONS="1"))
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 69
    given, _ = json.loads(out.read_text(encoding="utf-8"))
    assert "relay access denied" in given["message"]
    assert "hong@" not in given["message"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/no/such/program", "cannot be started: "),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "ended with exit code 3."),
        (f"{sys.executable} -c 'import os; os.kill(os.getpid(), 9)'", "ended with exit code -9."),
    ],
)
def test_a_command_that_fails_is_a_warning(open_workspace: Reload, command: str, said: str) -> None:
    cron = Cron(open_workspace(NEWSLETTER_OPERATOR__COMMAND=command))
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    assert said in cron.warnings[-1]


def test_a_command_with_an_open_quote_is_told_when_the_settings_are_read(open_workspace: Reload) -> None:
    with pytest.raises(SettingsError, match="a quote that is not closed"):
        open_workspace(NEWSLETTER_OPERATOR__COMMAND="page 'me")


def test_whatever_is_wrong_about_one_issue_the_others_are_sent(
    cron: Cron, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_issue(cron.workspace.root, "2026-10", due=2 * HOUR)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)

    def open_or_break(workspace: Workspace, given: str) -> Letter:
        if "2026-10" in given:
            raise ZeroDivisionError("division by zero")
        return open_letter(workspace, given)

    monkeypatch.setattr(begin_due, "open_letter", open_or_break)
    assert cron.run() == 70
    assert "2026-10: this is a bug in newsletter: ZeroDivisionError: division by zero" in cron.warnings[0]
    assert len(room.mail) == 3


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1899-12-31", "3000-01-01T00:00Z"]
)
def test_a_time_near_the_ends_of_the_calendar_stops_its_own_issue(cron: Cron, room: Mailroom, moment: str) -> None:
    write_issue(cron.workspace.root, "2026-10", more=f"publish_at: {moment}\n")
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 65
    assert "must be between the years 1900 and 2999" in cron.warnings[0]
    assert len(room.mail) == 3
