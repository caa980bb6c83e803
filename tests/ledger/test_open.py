"""Opening: who may make a ledger, where it lives, and what is said when it cannot be."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.errors import CannotWriteError, NewsletterError, SettingsError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerLostError, LedgerMissingError, Purpose
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, planned, workspace_at
from tests.support.postgres import Cluster


@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.DUE])
def test_a_missing_ledger_is_not_made_by_those_who_only_need_one(workspace: Workspace, purpose: Purpose) -> None:
    for _ in range(2):
        with pytest.raises(LedgerMissingError) as caught:
            open_ledger(workspace, purpose)
        assert caught.value.exit_code == 78
    assert not (workspace.state / "ledger.db").exists()


def test_a_ledger_made_by_the_pages_is_not_trusted_by_due(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book:
        book.suppress(LIST, key="reader0@example.com", reason="unsubscribed", now=NOW)
    with pytest.raises(LedgerMissingError, match="Nothing was ever sent"):
        open_ledger(workspace, Purpose.DUE)
    open_ledger(workspace, Purpose.SENDING).close()
    with open_ledger(workspace, Purpose.DUE) as book:
        assert book.is_suppressed(LIST, "reader0@example.com")


@pytest.mark.parametrize("by_the_pages", [False, True])
def test_a_ledger_that_was_lost_is_not_made_anew_but_when_somebody_says_so(
    workspace: Workspace, by_the_pages: bool
) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        planned(book, 2)
        book.lease(NOW).close()
        if not book._database.is_sqlite:
            with book._database.engine.begin() as connection:
                there = sa.MetaData()
                there.reflect(connection)
                there.drop_all(connection)
    for path in workspace.state.glob("ledger.db*"):
        path.unlink()
    if by_the_pages:  # one click goes on working, and hides nothing
        open_ledger(workspace, Purpose.PAGES).close()
    for purpose in (Purpose.SENDING, Purpose.DUE, Purpose.BEGINNING):
        with pytest.raises(LedgerLostError, match="Restore it from your back-up"):
            open_ledger(workspace, purpose)
    assert by_the_pages or not (workspace.state / "ledger.db").exists()
    with open_ledger(workspace, Purpose.ADOPTING) as book:
        assert book.adopt(NOW) == 0
    for purpose in (Purpose.SENDING, Purpose.DUE, Purpose.BEGINNING):
        open_ledger(workspace, purpose).close()


def test_the_file_is_readable_by_its_user_only(tmp_path: Path) -> None:
    open_ledger(workspace_at(tmp_path), Purpose.PAGES).close()
    assert stat.S_IMODE((tmp_path / ".newsletter" / "ledger.db").stat().st_mode) == 0o600


def test_a_relative_path_starts_at_the_workspace_and_may_be_of_any_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    open_ledger(workspace_at(tmp_path, "sqlite:///책 #1/100%.db"), Purpose.PAGES).close()
    assert (tmp_path / "책 #1" / "100%.db").exists()


def test_commits_are_as_durable_as_promised(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.write() as connection:
        if book._database.is_sqlite:
            pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
            assert pragmas == PRAGMAS
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_waits_for_the_book_after_a_writer_had_the_same_connection(tmp_path: Path) -> None:
    with open_ledger(workspace_at(tmp_path), Purpose.PAGES, patience=7) as book:
        for _ in range(2):
            with book._database.write():
                pass
            with book._database.read() as connection:
                assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 7000


@pytest.mark.parametrize(
    "url",
    [
        "no url",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/news",
        "postgresql+nodriver://localhost/news",
        "postgresql://reader:hunter2@localhost:port/news",
    ],
)
def test_a_url_no_ledger_can_have_is_a_settings_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"ledger\.url") as caught:
        open_ledger(workspace_at(tmp_path, url), Purpose.SENDING)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_ledger_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader, " * 100)
    with pytest.raises(SettingsError, match="not a database") as caught:
        open_ledger(workspace_at(tmp_path, "sqlite:///letter.txt"), Purpose.READ)
    assert "데이터베이스 파일이 아닙니다" in caught.value.in_language("ko")


def test_a_server_that_does_not_answer_cannot_be_written_to(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://news:hunter2@127.0.0.1:{closed.getsockname()[1]}/news"
        with pytest.raises(CannotWriteError) as caught:
            open_ledger(workspace_at(tmp_path, url), Purpose.READ)
    assert caught.value.exit_code == 73
    _says_no_password(caught.value)


def test_a_database_that_does_not_exist_is_a_settings_error(tmp_path: Path, postgres: Cluster) -> None:
    url = postgres.schema().replace("/postgres?", "/nowhere?")
    with pytest.raises(SettingsError, match="does not exist") as caught:
        open_ledger(workspace_at(tmp_path, url), Purpose.SENDING)
    _says_no_password(caught.value)


def _says_no_password(error: NewsletterError) -> None:
    assert "hunter2" not in str(error)
    assert "hunter2" not in repr(error.__cause__)


_LOOK = (
    "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM suppressions').fetchone())"
)


def test_a_second_opening_in_one_process_loses_no_lock_and_no_commit(tmp_path: Path) -> None:
    # Whoever closes a file of SQLite's by themselves gives up their process's locks on it: the next one who closes the
    # book, and takes nobody to be there, clears away the log that is still written to.
    workspace = workspace_at(tmp_path)
    look = [sys.executable, "-c", _LOOK, str(workspace.state / "ledger.db")]
    with open_ledger(workspace, Purpose.PAGES) as first, open_ledger(workspace, Purpose.PAGES):
        for number in range(3):
            first.suppress(LIST, key=f"reader{number}@example.com", reason="unsubscribed", now=NOW)
            assert subprocess.run(look, capture_output=True, text=True, check=True).stdout == f"{number + 1}\n"


def test_a_book_that_was_taken_away_is_not_believed(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    with open_ledger(workspace, Purpose.PAGES) as book:
        book.suppress(LIST, key="reader0@example.com", reason="unsubscribed", now=NOW)
        for path in workspace.state.glob("ledger.db*"):
            path.unlink()
        with pytest.raises(CannotWriteError, match="taken away"):
            book.is_suppressed(LIST, "reader0@example.com")
