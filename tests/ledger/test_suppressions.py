"""Suppressions: per newsletter or for all, known by address or by hash, lifted but kept on record."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.ledger.database import BUSY_SECONDS
from newsletter.ledger.database_errors import BusyError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Suppression, SuppressionReason, reason_said
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, hash_of, workspace_at

KEY = "reader0@example.com"
OTHER = "another.news.example.org"


def test_known_reasons_are_shown_in_words_and_an_operators_own_as_they_stand() -> None:
    for reason in SuppressionReason:
        said = reason_said(str(reason))
        assert (said.in_language("en"), said.in_language("ko") != reason) == (reason, True)
    assert reason_said("메일로 알려 옴") == Verbatim("메일로 알려 옴")


def test_unsubscribed_holds_for_one_newsletter(book: Ledger) -> None:
    assert book.suppress(LIST, address_hash=hash_of(KEY), reason="unsubscribed", now=NOW)
    assert book.is_suppressed(LIST, KEY, hash_of(KEY))
    assert not book.is_suppressed(OTHER, KEY, hash_of(KEY))


def test_a_complaint_holds_for_all_newsletters(book: Ledger) -> None:
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    assert book.is_suppressed(OTHER, KEY)
    assert list(book.suppressions(OTHER)) == [Suppression("*", "complained", NOW, KEY, b"")]


def test_the_same_again_changes_nothing(book: Ledger) -> None:
    assert book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    assert not book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    assert book.suppress(LIST, key=KEY, reason="unsubscribed", now=NOW)
    assert [found.reason for found in book.suppressions(LIST)] == ["manual", "unsubscribed"]


def test_a_sign_up_lifts_unsubscribed_and_never_complained(book: Ledger) -> None:
    book.suppress(LIST, address_hash=hash_of(KEY), reason="unsubscribed", now=NOW)
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    assert book.unsuppress(LIST, KEY, hash_of(KEY), NOW, reasons={"unsubscribed"})
    assert [found.reason for found in book.suppressions(LIST)] == ["complained"]
    assert not book.unsuppress(LIST, KEY, hash_of(KEY), NOW, reasons={"unsubscribed"})
    assert book.is_suppressed(LIST, KEY, hash_of(KEY))


def test_a_person_lifts_everything_and_who_leaves_again_is_suppressed_again(book: Ledger) -> None:
    book.suppress("*", key=KEY, reason="bad address", now=NOW)
    assert book.unsuppress(LIST, KEY, hash_of(KEY), NOW)
    assert not book.is_suppressed(LIST, KEY, hash_of(KEY))
    assert book.suppress("*", key=KEY, reason="bad address", now=NOW)
    assert book.is_suppressed(LIST, KEY)


@pytest.mark.parametrize(("key", "hashed"), [("", b""), ("", hash_of("b@example.com")), ("b@example.com", b"")])
def test_nobody_else_is_meant(book: Ledger, key: str, hashed: bytes) -> None:
    book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    book.suppress(LIST, address_hash=hash_of(KEY), reason="manual", now=NOW)
    assert not book.is_suppressed(LIST, key, hashed)
    assert not book.unsuppress(LIST, key, hashed, NOW)


def test_many_links_at_once_are_suppressed_together_and_found_together(book: Ledger) -> None:
    readers = [hash_of(f"reader{number}@example.com") for number in range(600)]
    book.suppress_hashes(LIST, readers[:2], reason="unsubscribed", now=NOW)
    book.suppress_hashes(LIST, [*readers[:400], *readers[:400]], reason="unsubscribed", now=NOW + timedelta(days=1))
    book.suppress_hashes(LIST, [], reason="unsubscribed", now=NOW)
    assert book.suppressed_hashes(LIST, readers[:500]) == set(readers[:400])
    assert book.suppressed_hashes(LIST, []) == set()
    assert book.suppressed_hashes("another.news.example.org", readers[:500]) == set()
    held = list(book.suppressions(LIST))
    assert len(held) == 400
    assert [one.at for one in held[:2]] == [NOW, NOW], "the first time stands"


def test_what_was_lifted_is_not_found_and_may_be_said_again(book: Ledger) -> None:
    reader = hash_of("reader0@example.com")
    book.suppress_hashes(LIST, [reader], reason="unsubscribed", now=NOW)
    book.unsuppress(LIST, "reader0@example.com", reader, NOW)
    assert book.suppressed_hashes(LIST, [reader]) == set()
    book.suppress_hashes(LIST, [reader], reason="unsubscribed", now=NOW)
    assert book.suppressed_hashes(LIST, [reader]) == {reader}


def test_whoever_is_patient_for_a_second_is_told_in_a_second_that_another_holds_the_book(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as holder, open_ledger(workspace, Purpose.PAGES, patience=1) as book:
        with holder._database.write() as connection:
            if not holder._database.is_sqlite:
                connection.execute(sa.text("LOCK TABLE suppressions IN EXCLUSIVE MODE"))
            started = time.monotonic()
            with pytest.raises(BusyError):
                book.suppress_hashes(LIST, [bytes(16)], reason="unsubscribed", now=NOW)
            assert time.monotonic() - started < BUSY_SECONDS / 2
        book.suppress_hashes(LIST, [bytes(16)], reason="unsubscribed", now=NOW)
        assert holder.suppressed_hashes(LIST, [bytes(16)]) == {bytes(16)}


def test_whoever_waits_for_the_book_comes_back_again_and_again(tmp_path: Path) -> None:
    # SQLite's own waiting comes back each tenth of a second, and a writer that never rests is always there before it.
    workspace = workspace_at(tmp_path)
    with open_ledger(workspace, Purpose.PAGES) as book:
        other = sqlite3.connect(workspace.state / "ledger.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        tries = 0

        def count(statement: str) -> None:
            nonlocal tries
            if statement == "BEGIN IMMEDIATE":
                tries += 1
                if tries == 10:
                    other.execute("COMMIT")

        @sa.event.listens_for(book._database.engine, "checkout")
        def listen(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
            connection.set_trace_callback(count)

        assert book.suppress(LIST, key=KEY, reason="unsubscribed", now=NOW)
        other.close()
    assert tries >= 10
