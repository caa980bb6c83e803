"""When the disk is full or the database gone: nothing half written, exit 73, and no dot (docs/design.md 4.5, 7)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.errors import CannotWriteError, NewsletterError
from newsletter.ledger.database_errors import translate_database_error
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import suppressions
from tests.support.books import LIST, NOW, edition, letterhead, planned, readers, tally, workspace_at
from tests.support.postgres import Cluster


@pytest.fixture
def sqlite_book(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as opened:
        yield opened


def test_a_full_disk_leaves_the_book_as_it_was(sqlite_book: Ledger) -> None:
    dispatch = planned(sqlite_book, 3)
    pages = _pragma(sqlite_book, "page_count")
    with _room_for(pages), pytest.raises(CannotWriteError, match="full") as caught:
        sqlite_book.plan(letterhead("2021-08"), {"ko": edition(words="8월")}, readers(2000), NOW)
    assert caught.value.exit_code == 73
    assert sqlite_book.find(LIST, "2021-08") is None
    assert tally(sqlite_book, dispatch) == {"planned": 3}
    assert sqlite_book.plan(letterhead("2021-08"), {"ko": edition(words="8월")}, readers(2000), NOW).total == 2000


def test_no_room_for_the_index_of_the_log_is_a_full_disk() -> None:
    """What SQLite says at the first look into a ledger on a disk without a byte left."""
    said = sqlite3.OperationalError("disk I/O error")
    said.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    error = translate_database_error(sa.exc.OperationalError("SELECT 1", None, said), where="sqlite:///x")
    assert (error.exit_code, "the disk is full" in str(error)) == (73, True)
    assert "Make room" in str(error.hint)


def test_an_intent_that_cannot_be_written_is_an_error_and_not_a_silence(sqlite_book: Ledger) -> None:
    dispatch = planned(sqlite_book, 3)
    with sqlite_book.lease(NOW) as lease:
        claims = sqlite_book.claim(dispatch, lease, 2, NOW)
        _on_connect(sqlite_book, "PRAGMA query_only=ON")
        with pytest.raises(CannotWriteError, match="read-only"):
            sqlite_book.turn([], claims, NOW)
        _on_connect(sqlite_book, "PRAGMA query_only=OFF")
        assert tally(sqlite_book, dispatch) == {"planned": 1, "claimed": 2}


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_taken_away_under_a_running_process_is_noticed(
    sqlite_book: Ledger, tmp_path: Path, replaced: bool
) -> None:
    """SQLite goes on writing into the deleted file and says nothing."""
    dispatch = planned(sqlite_book, 3)
    lease = sqlite_book.lease(NOW)
    claims = sqlite_book.claim(dispatch, lease, 2, NOW)
    path = tmp_path / ".newsletter" / "ledger.db"
    path.rename(path.with_suffix(".away"))
    if replaced:
        path.write_bytes(b"")
    with pytest.raises(CannotWriteError, match="taken away"):
        sqlite_book.turn([], claims, NOW)
    with pytest.raises(CannotWriteError):
        lease.close()


def test_a_database_server_that_goes_away_is_noticed(tmp_path: Path, postgres: Cluster) -> None:
    book = open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING)
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 2, NOW)

        def end_it(_connection: sa.Connection) -> None:
            postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

        sa.event.listen(book._database.engine, "begin", end_it)
        with pytest.raises(CannotWriteError):
            book.turn([], claims, NOW)
        sa.event.remove(book._database.engine, "begin", end_it)
        assert book.turn([], claims, NOW) == frozenset()
    book.close()


def test_the_database_forbids_what_must_not_happen(book: Ledger) -> None:
    dispatch = planned(book, 2)
    for statement in (
        "UPDATE deliveries SET state = 'read'",
        "UPDATE deliveries SET state = 'claimed'",
        "UPDATE deliveries SET state = 'deferred'",
        "UPDATE deliveries SET lease_id = 99",
        "UPDATE deliveries SET key = 'same@example.com'",
        "UPDATE dispatches SET status = 'paused'",
        "DELETE FROM dispatches",
    ):
        with pytest.raises(NewsletterError) as caught, book._database.write() as connection:
            connection.exec_driver_sql(statement)
        assert caught.value.exit_code == 70
    assert tally(book, dispatch) == {"planned": 2}


def test_an_error_tells_nobodys_address(book: Ledger) -> None:
    with pytest.raises(NewsletterError) as caught, book._database.write() as connection:
        connection.execute(sa.insert(suppressions).values(key="reader0@example.com"))
    assert "reader0" not in str(caught.value)


def _pragma(book: Ledger, name: str) -> int:
    with book._database.read() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())


@contextmanager
def _room_for(pages: int) -> Iterator[None]:
    """No file of SQLite grows beyond so many pages, whichever connection writes."""

    def limit(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        for _, name, file in connection.execute("PRAGMA database_list").fetchall():
            if file:
                connection.execute(f"PRAGMA {name}.max_page_count={pages}")

    sa.event.listen(sa.pool.Pool, "checkout", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.pool.Pool, "checkout", limit)
        pages = 1_000_000


def _on_connect(book: Ledger, pragma: str) -> None:
    @sa.event.listens_for(book._database.engine, "checkout")
    def run(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(pragma)
