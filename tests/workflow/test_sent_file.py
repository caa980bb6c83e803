"""`issues/<slug>.sent.json`: written after a run, and believed where the ledger knows less."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.find import find_issue, issue_paths
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerBehindError, Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.adopt import adopt, prepare_adoption
from newsletter.workflow.control import pause, resume
from newsletter.workflow.ledger import verified
from newsletter.workflow.resolve import prepare_resolve, resolve
from newsletter.workflow.send import Started, find_started, send
from newsletter.workflow.steps.prepare import prepare
from tests.support.backups import Backup
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
SQLITE = "sqlite:///.newsletter/ledger.db"


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", NEWSLETTER_SMTP__RETRY="1s")


@pytest.fixture
def file(workspace: Workspace) -> Path:
    return workspace.issues / "2026-11.sent.json"


def by_hand(workspace: Workspace, **options: int) -> tuple[str, ...]:
    """What it warned of."""
    prepared = find_started(workspace, "2026-11") or prepare(workspace, "2026-11")
    ending = send(workspace, prepared, advance=lambda *_: None, **options)  # type: ignore[arg-type]
    return tuple(map(str, ending.warnings))


def states(file: Path) -> dict[str, int]:
    return {state: count for state, count in json.loads(file.read_text())["states"].items() if count}


def test_after_a_run_the_numbers_stand_beside_the_issue_and_no_address(
    workspace: Workspace, file: Path, room: Mailroom
) -> None:
    room.replies = {"jane@example.org": "451 4.7.1 greylisted"}
    (workspace.issues / "2026-11.yaml").chmod(0o664)
    by_hand(workspace)
    told = json.loads(file.read_text())
    assert (told["issue"], told["total"], states(file)) == ("2026-11", 3, {"sent": 2, "deferred": 1})
    with open_ledger(workspace, Purpose.READ) as ledger:
        assert told["ledger"] == ledger.identity() != ""
    assert "@" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o664
    before = file.read_bytes()
    by_hand(workspace)
    assert file.read_bytes() == before, "nothing new to commit"
    assert [path.name for path in issue_paths(workspace)] == ["2026-11.yaml"]
    assert find_issue(workspace, None).name == "2026-11.yaml"


def test_where_nobody_was_tried_there_is_no_file(open_workspace: Reload, file: Path) -> None:
    gone = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", NEWSLETTER_SMTP__URL="smtp://127.0.0.1:1")
    by_hand(gone)
    assert not file.exists()


def test_a_clone_without_a_ledger_mails_nobody_again(workspace: Workspace, file: Path, room: Mailroom) -> None:
    by_hand(workspace)
    secret = workspace.secret_file.read_text()
    shutil.rmtree(workspace.state)
    with pytest.raises(LedgerBehindError, match=r"2026-11\.sent\.json says that 3 readers have 2026-11") as refused:
        by_hand(workspace)
    assert "newsletter ledger adopt" in str(refused.value)
    assert refused.value.exit_code == 77
    assert not workspace.state.exists()
    adoption = prepare_adoption(workspace)
    assert "stays refused" in str(adoption.summary())
    adopt(workspace)
    workspace.secret_file.write_text(secret)  # of which there is a copy elsewhere
    with pytest.raises(LedgerBehindError):
        by_hand(workspace)
    assert len(room.mail) == 3
    file.unlink()  # as the words say: only if everybody is to get it again
    by_hand(workspace)
    assert len(room.mail) == 6


def test_cron_refuses_it_too_and_does_not_call_missed_what_was_sent(
    workspace: Workspace, file: Path, room: Mailroom
) -> None:
    write_issue(workspace.root, due=HOUR)
    by_hand(workspace)
    shutil.rmtree(workspace.state)
    begun_long_ago(workspace.root)
    cron = Cron(workspace)
    assert cron.run() == 77
    assert "2026-11.sent.json" in cron.warnings[0]
    assert (cron.run(), cron.warnings) == (77, [])
    write_issue(workspace.root, due=97 * HOUR)
    assert (cron.run(), cron.warnings) == (0, [])
    assert len(room.mail) == 3
    assert file.exists()


def test_a_folder_that_was_put_back_as_a_whole_mails_nobody_again(
    workspace: Workspace, file: Path, room: Mailroom, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The mark goes back with it; git does not."""
    by_hand(workspace, first=1)
    resume(workspace, "2026-11")
    kept = tmp_path_factory.mktemp("kept") / "state"
    shutil.copytree(workspace.state, kept)
    by_hand(workspace)
    assert states(file) == {"sent": 3}
    shutil.rmtree(workspace.state)
    shutil.copytree(kept, workspace.state)
    cron = Cron(workspace)
    assert cron.run() == 77
    with pytest.raises(LedgerBehindError, match="knows of 1 only"):
        find_started(workspace, "2026-11")
    pause(workspace, "2026-11")
    with pytest.raises(LedgerBehindError):
        resume(workspace, "2026-11")
    assert [str(found.named[0]) for found in verified(workspace) if found.broken] == [
        "issues/2026-11.sent.json says that 3 readers have 2026-11 already, and the ledger knows of 1 only."
    ]
    assert "2 people may have it already" in str(prepare_adoption(workspace).summary())
    assert "In doubt by that: 2" in str(adopt(workspace))
    assert states(file) == {"sent": 1, "in_doubt": 2}
    assert len(room.mail) == 3
    # Whoever decides to send again is not kept from it by the file.
    resolve(workspace, prepare_resolve(workspace, "2026-11"), as_sent=False)
    resume(workspace, "2026-11")
    by_hand(workspace)
    assert (len(room.mail), states(file)) == (5, {"sent": 3})
    assert prepare_adoption(workspace).why is None


def test_a_folder_that_takes_no_file_is_told_once_and_changes_nothing(
    workspace: Workspace, file: Path, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cron's user may read the issues, and not write there; root, as whom tests may run, may write everywhere."""

    def refuse(*_what: object, **_how: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("newsletter.workflow.steps.sent_file.replace_file", refuse)
    room.replies = {"jane@example.org": "451 4.7.1 greylisted"}
    warned = by_hand(workspace)
    assert ["could not be written to issues/2026-11.sent.json" in one for one in warned] == [True]
    room.replies = {}
    assert by_hand(workspace, retry_now=True) == ()
    assert len(room.mail) == 3
    assert not file.exists()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:50])


def conflict(file: Path) -> None:
    file.write_text("<<<<<<< HEAD\n" + file.read_text() + "=======\n")


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def changed(old: str, new: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        conflict,
        a_pipe,
        a_folder,
        changed('"sent": 3', '"sent": "3"'),
        changed('"sent": 3', '"sent": -3'),
        changed('"sent": 3', '"sent": true'),
        changed('"sent": 3,', ""),
        changed('"states": {', '"states": ' + "[" * 20_000 + "{"),
        changed('"states"', '"stats"'),
    ],
)
def test_a_file_that_says_nothing_is_named_and_stops_its_issue_alone(
    workspace: Workspace, file: Path, room: Mailroom, spoil: Callable[[Path], None]
) -> None:
    write_issue(workspace.root, due=HOUR)
    by_hand(workspace)
    spoil(file)
    with pytest.raises(InputError, match=r"issues/2026-11\.sent\.json: .*\n.*from git"):
        find_started(workspace, "2026-11")
    shutil.rmtree(workspace.state)
    begun_long_ago(workspace.root)
    write_issue(workspace.root, "2026-12", due=HOUR)
    cron = Cron(workspace)
    assert cron.run() == 65
    assert len(room.mail) == 6


def test_windows_line_endings_change_nothing(workspace: Workspace, file: Path) -> None:
    by_hand(workspace)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    started = find_started(workspace, "2026-11")
    assert isinstance(started, Started)


def test_an_older_ledger_and_the_file_say_the_same(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    backup = Backup(SQLITE, cron.workspace.root)
    assert cron.run() == 0
    assert states(cron.workspace.issues / "2026-11.sent.json") == {"sent": 3}
    backup.restore()
    assert cron.run() == 77
    shutil.rmtree(cron.workspace.state / "leases")
    (cron.workspace.state / "ledger.mark.json").unlink()
    assert cron.run() == 77
    assert len(room.mail) == 3
