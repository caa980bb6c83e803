"""All that the book knows of one address: what suppressed it, when that ended, and what each issue did to it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import EVERYWHERE, Outcome, State
from newsletter.smtp.reply import Reply
from tests.support.books import (
    ACCEPTED,
    LIST,
    NOW,
    edition,
    hash_of,
    letterhead,
    planned,
    reader,
    readers,
    workspace_at,
)

ANOTHER = "another.news.example.org"
KEY = reader(1).key
DAY = timedelta(days=1)


def test_each_issue_of_each_newsletter_is_there_and_nobody_elses(book: PeopleLedger) -> None:
    first = planned(book, 3)
    book.plan(letterhead("2021-08"), {"ko": edition("2021-08", words="b")}, readers(1), NOW + DAY)  # not for this one
    book.add_newsletter(ANOTHER, NOW)
    other = letterhead("spring", ANOTHER)
    book.plan(other, {"ko": edition("spring", words="c")}, readers(2), NOW + 2 * DAY)
    with book.lease(NOW) as lease:
        claims = book.claim(first, lease, 3, NOW)
        book.turn([], claims, NOW)
        refused = Reply("rcpt", 550, "5.1.1", "nobody here")
        ends = {KEY: Outcome(claims[1], State.FAILED, refused, "bad_address", rule="no-such-user")}
        book.turn([ends.get(one.key, Outcome(one, State.SENT, ACCEPTED, "accepted")) for one in claims], [], NOW)
    told = [(one.newsletter, one.slug, one.delivery.state, one.delivery.reply) for one in book.received_by(KEY)]
    assert told == [(LIST, "2021-07", State.FAILED, refused), (ANOTHER, "spring", State.PLANNED, None)]
    assert {one.delivery.key for one in book.received_by(KEY)} == {KEY}
    assert book.received_by("nobody@example.com") == []


def test_a_plan_that_is_still_being_written_is_not_told(book: PeopleLedger) -> None:
    seen = []

    def rows() -> object:
        for row in readers(1001):  # the first thousand are in the book already
            if row.line == 1002:
                seen.append(book.received_by(KEY))
            yield row

    book.plan(letterhead(), {"ko": edition()}, rows(), NOW)  # type: ignore[arg-type]
    assert seen == [[]]
    assert len(book.received_by(KEY)) == 1


@pytest.mark.parametrize("by_link", [True, False])
def test_what_suppresses_and_what_did_by_address_or_by_link(book: PeopleLedger, by_link: bool) -> None:
    known = {"address_hash": hash_of(KEY)} if by_link else {"key": KEY}
    book.suppress(LIST, reason="unsubscribed", now=NOW, **known)
    book.suppress(LIST, reason="unsubscribed", now=NOW, key="another@example.com", address_hash=b"0123456789abcdef")
    book.unsuppress(LIST, KEY, hash_of(KEY), NOW + DAY)
    book.suppress(EVERYWHERE, reason="bad address", now=NOW + 2 * DAY, key=KEY)
    told = [
        (one.newsletter, one.reason, one.at, one.lifted_at, one.by_link)
        for one in book.suppressions_of(KEY, [hash_of(KEY)])
    ]
    assert told == [
        (LIST, "unsubscribed", NOW, NOW + DAY, by_link),
        (EVERYWHERE, "bad address", NOW + 2 * DAY, None, False),
    ]
    assert book.suppressions_of("nobody@example.com", [b"", hash_of("nobody@example.com")]) == []


def test_one_address_is_looked_up_and_not_searched_for(tmp_path: Path) -> None:
    """As SQLite explains what it does."""
    with open_people_ledger(workspace_at(tmp_path), Purpose.SENDING) as book:
        planned(book, 3)
        plan = "\n".join(_explained(book))
    assert "deliveries USING INDEX sqlite_autoindex_deliveries_1 (dispatch_id=? AND key=?)" in plan


def _explained(book: PeopleLedger) -> list[str]:
    seen: list[str] = []

    @sa.event.listens_for(book._database.engine, "before_cursor_execute")
    def keep(_c: object, _cursor: object, statement: str, _values: object, _context: object, _many: object) -> None:
        if "deliveries" in statement and not statement.startswith("EXPLAIN"):
            seen.append(statement.replace("?", f"'{KEY}'"))

    book.received_by(KEY)
    with book._database.read() as connection:
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[-1]}")]
