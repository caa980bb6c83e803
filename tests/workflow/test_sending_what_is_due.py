"""`send --due`, as cron runs it: what is due and approved, once, and silence otherwise."""

from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.ledger.records import LedgerMissingError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approving import keep, propose
from newsletter.workflow.control import make_ledger, pause
from newsletter.workflow.due import send_due
from newsletter.workflow.leaving import leaving
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, write_issue

HOUR = timedelta(hours=1)


class Cron:
    """Runs `send --due` and keeps what it says."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.words: list[str] = []

    def run(self) -> int:
        self.words = []
        say = self.words.append
        return send_due(self.workspace, say=say, warn=say, advance=lambda _done, _total: None)


@pytest.fixture
def cron(open_workspace: Reload) -> Cron:
    workspace = open_workspace()
    make_ledger(workspace)
    return Cron(workspace)


def approve(workspace: Workspace, slug: str = "2026-11") -> None:
    keep(workspace, propose(workspace, slug), by="Jane Doe")


def test_nothing_due_is_silence(cron: Cron, room: Mailroom) -> None:
    approve(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    write_issue(cron.workspace.root, due=-HOUR)
    approve(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    assert room.mail == []


def test_what_is_due_and_approved_goes_out_once(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    assert len(room.mail) == 3
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 3


def test_what_is_not_approved_is_refused(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    assert cron.run() == 77
    assert "not approved" in cron.words[0]
    assert room.mail == []


def test_a_change_since_the_approval_is_refused_and_named(cron: Cron, room: Mailroom) -> None:
    path = write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    path.write_text(path.read_text(encoding="utf-8").replace("신성장동력", "청년정책"), encoding="utf-8")
    assert cron.run() == 77
    assert "issues/2026-11.yaml: title" in cron.words[0]
    assert room.mail == []


def test_an_old_issue_is_not_started_and_told_of_once(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=97 * HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    assert "was missed" in cron.words[0]
    assert (cron.run(), cron.words) == (0, [])
    assert room.mail == []


def test_without_a_ledger_nothing_is_sent(open_workspace: Reload, room: Mailroom) -> None:
    cron = Cron(open_workspace())
    assert (cron.run(), cron.words) == (0, [])
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    with pytest.raises(LedgerMissingError):
        cron.run()
    # The pages may have made one since, but it knows nothing of what was sent before.
    with leaving(cron.workspace), pytest.raises(LedgerMissingError):
        cron.run()
    assert room.mail == []


def test_a_broken_issue_stops_only_itself(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, "2026-10", due=HOUR, more="bogus: 1\n")
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 65
    assert "issues/2026-10.yaml" in cron.words[0]
    assert len(room.mail) == 3


def test_a_file_with_a_name_that_is_no_slug_stops_only_itself(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, "Bad Name", due=HOUR)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 65
    assert "Bad Name" in cron.words[0]
    assert len(room.mail) == 3


def test_a_paused_issue_is_left_alone(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    pause(cron.workspace, "2026-11")
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 3


def test_the_operator_is_told_at_the_end(open_workspace: Reload, room: Mailroom) -> None:
    cron = Cron(open_workspace(NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]'))
    make_ledger(cron.workspace)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    notice = room.letter_to("ops@example.org")
    assert notice["Subject"] == "[newsletter] 2026-11: finished"
    assert notice["Auto-Submitted"] == "auto-generated"
    assert "3 sent" in notice.get_content()
    assert cron.run() == 0
    assert len(room.mail) == 4


def test_deferred_ones_wait_for_their_time(open_workspace: Reload, tmp_path: Path, room: Mailroom) -> None:
    room.replies = {"jane@example.org": "451 4.7.1 greylisted"}
    cron = Cron(open_workspace())
    make_ledger(cron.workspace)
    write_issue(tmp_path, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 75
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 2
