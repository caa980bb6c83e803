"""What `doctor` says of the ledger: that it opens, is the newest, is whole and has room; and it changes nothing."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.doctor import ledger_checks
from tests.doctor.conftest import Examine
from tests.support.books import NOW, planned, sent, workspace_at
from tests.support.postgres import Cluster

ABOUT_THE_LEDGER = {"ledger", "ledger-newest", "list-id", "ledger-integrity", "disk-space"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a plan for three readers, of whom one has the letter."""
    found = workspace_at(tmp_path / "letters")
    found.root.mkdir()
    with open_ledger(found, Purpose.SENDING) as book, book.lease(NOW) as lease:
        (claim,) = book.claim(planned(book), lease, 1, NOW)
        book.turn([], [claim], NOW)
        book.turn([sent(claim)], [], NOW)
    return found


def by_hand(workspace: Workspace, *statements: str) -> None:
    with closing(sqlite3.connect(workspace.state / "ledger.db", isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


def test_a_ledger_in_order_is_told_line_by_line(examine: Examine, workspace: Workspace) -> None:
    found = examine(workspace)
    assert {name: found[name].level for name in ABOUT_THE_LEDGER} == dict.fromkeys(ABOUT_THE_LEDGER, "ok")
    assert "newsletter ledger verify" in str(found["ledger-integrity"].found)


def test_without_a_ledger_none_is_made_and_that_is_in_order(examine: Examine, tmp_path: Path) -> None:
    found = examine(workspace_at(tmp_path))
    assert (found["ledger"].level, found["ledger"].next_command) == ("ok", "newsletter ledger init")
    assert ABOUT_THE_LEDGER & found.keys() == {"ledger"}
    assert not (tmp_path / ".newsletter").exists()


def test_a_ledger_that_was_lost_is_a_failure(examine: Examine, workspace: Workspace) -> None:
    (workspace.state / "ledger.db").unlink()
    found = examine(workspace)
    assert found["ledger"].level == "failure"
    assert "newsletter ledger adopt" in str(found["ledger"].found)
    assert found["ledger-integrity"].level == "failure"
    assert not (workspace.state / "ledger.db").exists()


@pytest.mark.parametrize(("revision", "level"), [("0017", "warning"), ("9999", "failure")])
def test_a_ledger_of_another_version_is_told_and_left_as_it_is(
    examine: Examine, workspace: Workspace, revision: str, level: str
) -> None:
    by_hand(workspace, f"UPDATE ledger_version SET version_num = '{revision}'")
    found = examine(workspace)
    assert (found["ledger"].level, found["ledger-newest"].level) == (level, level)
    with closing(sqlite3.connect(workspace.state / "ledger.db")) as file:
        assert file.execute("SELECT version_num FROM ledger_version").fetchall() == [(revision,)]


def test_a_file_that_is_no_ledger_is_a_line_and_no_traceback(examine: Examine, workspace: Workspace) -> None:
    (workspace.state / "ledger.db").write_bytes(b"no database at all" * 1000)
    found = examine(workspace)
    assert found["ledger"].level == "failure"
    assert "bug" not in str(found["ledger"].found)


def test_an_older_copy_is_a_failure(examine: Examine, workspace: Workspace) -> None:
    by_hand(workspace, "UPDATE leases SET begun = 0")
    found = examine(workspace)["ledger-newest"]
    assert (found.level, found.next_command) == ("failure", "")
    assert "Put the newest ledger in its place" in str(found.found)


def test_another_list_id_is_a_failure_with_the_command(examine: Examine, workspace: Workspace) -> None:
    by_hand(workspace, "UPDATE newsletters SET list_id = 'other.example.org'")
    found = examine(workspace)["list-id"]
    assert found.level == "failure"
    assert "newsletter rename-list" in str(found.found)


def test_counts_that_do_not_add_up_are_named(examine: Examine, workspace: Workspace) -> None:
    by_hand(workspace, "UPDATE dispatches SET total = 7")
    found = examine(workspace)["ledger-integrity"]
    assert (found.level, found.next_command) == ("failure", "newsletter ledger verify")
    assert "2021-07: the counts" in str(found.found)


def test_a_damaged_file_is_a_failure(examine: Examine, workspace: Workspace) -> None:
    by_hand(workspace, "CREATE TABLE less (x)", "INSERT INTO less VALUES (NULL)")
    by_hand(
        workspace,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE less (x NOT NULL)' WHERE name = 'less'",
    )
    found = examine(workspace)["ledger-integrity"]
    assert found.level == "failure"
    assert "NULL value in less.x" in str(found.found)


def test_a_long_look_is_ended_in_time_and_says_so(
    examine: Examine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each row takes SQLite a hundredth of a second to check.
    rows = "WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 300) SELECT 5000000 FROM n"
    by_hand(
        workspace,
        "CREATE TABLE slow (x CHECK (length(hex(zeroblob(x))) > 0))",
        "PRAGMA ignore_check_constraints = ON",
        f"INSERT INTO slow {rows}",
    )
    monkeypatch.setattr(ledger_checks, "_LOOK", 0.02)
    found = examine(workspace)["ledger-integrity"]
    assert found.level == "ok"
    assert "After 0.02 seconds" in str(found.found)


def test_a_disk_with_less_room_than_two_ledgers_is_a_warning(examine: Examine, workspace: Workspace) -> None:
    ledger = workspace.state / "ledger.db"
    assert examine(workspace)["disk-space"].level == "ok"
    os.truncate(ledger, 1 << 42)  # of which the disk holds nothing
    assert examine(workspace)["disk-space"].level == "warning"


def test_of_a_server_no_disk_is_told(examine: Examine, tmp_path: Path, server: Cluster) -> None:
    workspace = workspace_at(tmp_path / "letters", server.schema())
    open_ledger(workspace, Purpose.SENDING).close()
    found = examine(workspace)
    assert ABOUT_THE_LEDGER - found.keys() == {"disk-space"}
    assert {found[name].level for name in ABOUT_THE_LEDGER & found.keys()} == {"ok"}
