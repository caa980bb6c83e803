"""Clicks from a log: each counts with the time of its line, however late and however often it is read."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.ledger.clicks import CountedClicks
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Suppression
from newsletter.ledger.subscriptions import Subscription
from newsletter.ledger.suppressions import keep_other_hashes
from tests.support.books import LIST, NOW, hash_of, workspace_at

KEY = "reader0@example.com"
HASH = hash_of(KEY)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def confirmed(book: Ledger, ago: timedelta) -> None:
    person = Subscription(HASH, key=KEY, address=KEY, consent_at=NOW - ago, source="form")
    book.subscribe(LIST, [person], NOW - ago)
    book.unsuppress(LIST, KEY, HASH, NOW - ago, reasons={"unsubscribed"})


def click(book: Ledger, ago: timedelta) -> CountedClicks:
    return book.count_clicks(LIST, {HASH: NOW - ago}, NOW)


def test_a_click_suppresses_with_the_time_of_its_line_and_once(book: Ledger) -> None:
    assert click(book, HOUR) == CountedClicks(left=1)
    assert list(book.suppressions(LIST)) == [Suppression(LIST, "unsubscribed", NOW - HOUR, "", HASH)]
    assert click(book, HOUR) == CountedClicks(again=1)
    assert click(book, -HOUR) == CountedClicks(again=1)
    assert len(list(book.suppressions(LIST))) == 1


def test_a_line_of_the_future_counts_as_of_now(book: Ledger) -> None:
    assert click(book, -HOUR) == CountedClicks(left=1)
    assert [found.at for found in book.suppressions(LIST)] == [NOW]


def test_who_subscribed_anew_behind_the_click_stays(book: Ledger) -> None:
    confirmed(book, HOUR)
    assert click(book, 2 * HOUR) == CountedClicks(came_back=1)
    assert not book.is_suppressed(LIST, KEY, HASH)
    assert click(book, HOUR / 2) == CountedClicks(left=1)
    assert book.is_suppressed(LIST, KEY, HASH)


def test_a_click_that_was_read_is_not_read_into_a_new_subscription(book: Ledger) -> None:
    click(book, 3 * HOUR)
    confirmed(book, HOUR)
    assert click(book, 3 * HOUR) == CountedClicks(came_back=1)
    assert not book.is_suppressed(LIST, KEY, HASH)


def test_who_was_taken_back_by_hand_stays(book: Ledger) -> None:
    click(book, 3 * HOUR)
    assert book.unsuppress(LIST, KEY, HASH, NOW - HOUR)
    assert click(book, 2 * HOUR) == CountedClicks(came_back=1)
    assert click(book, HOUR - SECOND) == CountedClicks(left=1)


def test_within_one_second_leaving_wins(book: Ledger) -> None:
    """A line says whole seconds: what came first is not known."""
    confirmed(book, HOUR)
    assert click(book, HOUR + SECOND / 2) == CountedClicks(left=1)


def test_another_reason_does_not_hide_that_somebody_left(book: Ledger) -> None:
    book.suppress("*", key=KEY, reason="bad_address", now=NOW)
    assert click(book, HOUR) == CountedClicks(left=1)
    assert {found.reason for found in book.suppressions(LIST)} == {"bad_address", "unsubscribed"}


def test_a_link_of_a_former_name_knows_of_the_new_subscription(book: Ledger) -> None:
    old = b"hash under the former name"
    book.require_newsletter(LIST, [])
    confirmed(book, HOUR)
    book.suppress(LIST, address_hash=old, reason="manual", now=NOW)
    with book._database.write() as connection:
        keep_other_hashes(book._database, connection, [(KEY, [HASH, old])])
    assert book.count_clicks(LIST, {old: NOW - 2 * HOUR}, NOW) == CountedClicks(came_back=1)
    assert book.count_clicks(LIST, {old: NOW}, NOW) == CountedClicks(left=1)


def test_many_are_counted_in_one_call(book: Ledger) -> None:
    many = {hash_of(f"reader{number}@example.com"): NOW for number in range(500)}
    assert book.count_clicks(LIST, many, NOW) == CountedClicks(left=500)
    assert book.suppressed_hashes(LIST, list(many)) == set(many)


def test_a_place_never_goes_back(book: Ledger) -> None:
    assert book.log_place("a") == 0
    book.keep_log_place("a", 700, NOW)
    book.keep_log_place("a", 300, NOW)
    book.keep_log_place("b", 5, NOW)
    assert (book.log_place("a"), book.log_place("b")) == (700, 5)
    book.keep_log_place("a", 900, NOW)
    assert book.log_place("a") == 900


def test_a_batch_of_clicks_does_not_go_through_everybody_of_the_newsletter(tmp_path: Path) -> None:
    """By SQLite's own word, of each question that names the people."""
    asked: list[tuple[str, Sequence[Any]]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Sequence[Any], *_more: object) -> None:
        if "subscriptions" in statement:
            asked.append((statement, values))

    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as book:
        sa.event.listen(book._database.engine, "before_cursor_execute", note)
        click(book, HOUR)
        sa.event.remove(book._database.engine, "before_cursor_execute", note)
        with book._database.read() as connection:
            ways = [
                str(step.detail)
                for statement, values in asked
                for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
    found = [way for way in ways if "subscriptions" in way]
    assert found
    assert all("address_hash=?" in way for way in found), found
