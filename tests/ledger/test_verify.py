"""What verify says of a book in order, and of books that a hand or a disk has spoiled."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger.database import Database
from newsletter.ledger.engines import database_url
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, State
from newsletter.ledger.verify import verify
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, edition, planned, sent, workspace_at
from tests.support.postgres import Cluster

REFUSED = Reply("rcpt", 550, "5.1.1", "no such user")
GREYLISTED = Reply("rcpt", 451, "4.7.1", "greylisted")


def finish(book: Ledger, dispatch: int) -> None:
    """The first is sent, the second failed, the third deferred."""
    with book.lease(NOW) as lease:
        first, second, third = book.claim(dispatch, lease, 3, NOW)
        book.turn([], [first, second, third], NOW)
        later = Outcome(third, State.DEFERRED, REFUSED, "greylist", due_at=NOW + timedelta(minutes=5))
        book.turn([sent(first), Outcome(second, State.FAILED, REFUSED, "unknown"), later], [], NOW)


def broken(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """The promises that are broken, and what is named."""
    database = Database(database_url(workspace.settings.ledger.url, workspace.root))
    try:
        return {str(found.promise): tuple(map(str, found.named)) for found in verify(database) if found.broken}
    finally:
        database.close()


def spoil(workspace: Workspace, *statements: str) -> None:
    """By hand, with what would forbid it taken out of the way."""
    database = Database(database_url(workspace.settings.ledger.url, workspace.root))
    try:
        with database.write() as connection:
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                connection.execute(sa.text(statement))
    finally:
        database.close()


@pytest.fixture
def finished(workspace: Workspace) -> Workspace:
    with open_ledger(workspace, Purpose.SENDING) as book:
        finish(book, planned(book))
    return workspace


def test_a_book_in_order_keeps_every_promise(finished: Workspace) -> None:
    assert broken(finished) == {}


def test_a_book_whose_issue_was_corrected_in_between_keeps_every_promise(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 8)
        finish(book, dispatch)
        book.revise(dispatch, {"ko": edition(words="고친 글")})
        finish(book, dispatch)
    assert broken(workspace) == {}


def test_a_book_with_nothing_in_it_keeps_every_promise(workspace: Workspace) -> None:
    open_ledger(workspace, Purpose.SENDING).close()
    assert broken(workspace) == {}


def test_what_a_person_decided_after_a_crash_is_no_fault(workspace: Workspace) -> None:
    """Its last try has no answer; that of the try before is not the answer to this one."""
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch, later = planned(book, 1), NOW + timedelta(minutes=5)
        with book.lease(NOW) as lease:
            [claim] = book.claim(dispatch, lease, 1, NOW)
            book.turn([], [claim], NOW)
            book.turn([Outcome(claim, State.DEFERRED, GREYLISTED, "greylist", due_at=later)], [], NOW)
            book.turn([], book.claim(dispatch, lease, 1, later), later)
        assert [(row.state, row.reply, row.reply_class) for row in book.deliveries(dispatch)] == [
            (State.IN_DOUBT, None, "")
        ]
        book.resolve(dispatch, as_sent=True, now=later)
    assert broken(workspace) == {}


@dataclass(frozen=True)
class Fault:
    statements: tuple[str, ...]
    promise: str
    named: str


FAULTS = [
    Fault(
        ("DELETE FROM deliveries WHERE state = 'failed'",),
        "the counts of all states add up to the total",
        "2021-07: dispatch 1",
    ),
    Fault(
        ("UPDATE dispatches SET total = 4",),
        "the counts of all states add up to the total",
        "2021-07: dispatch 1",
    ),
    Fault(
        ("UPDATE deliveries SET state = 'claimed', due_at = NULL, lease_id = 1 WHERE state = 'deferred'",),
        "what is claimed or in flight belongs to a process that has not ended",
        "2021-07: delivery 3",
    ),
    Fault(
        ("UPDATE deliveries SET reply_code = 451 WHERE state = 'sent'",),
        "what was sent was taken by the relay, or a person said so",
        "2021-07: delivery 1",
    ),
    Fault(
        ("UPDATE deliveries SET attempts = 0 WHERE state = 'sent'",),
        "what was sent or is in doubt was tried",
        "2021-07: delivery 1",
    ),
    Fault(
        ("UPDATE deliveries SET reply_code = NULL WHERE state = 'failed'",),
        "what failed has the relay's words",
        "2021-07: delivery 2",
    ),
    Fault(
        ("UPDATE dispatches SET status = 'cancelled'",),
        "nothing is left to send of a cancelled issue",
        "2021-07: delivery 3",
    ),
    Fault(
        ("UPDATE editions SET content = replace(content, '2021-07', '2021-08')",),
        "every frozen letter is as it was planned",
        "2021-07: edition ko, revision 1",
    ),
    Fault(
        ("UPDATE editions SET content = 'nothing'",),
        "every frozen letter is as it was planned",
        "2021-07: edition ko, revision 1",
    ),
    Fault(
        ("UPDATE pictures SET data = CAST(digest AS BLOB)",), "every frozen picture is as it was planned", "picture "
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.statements[0][:60] for fault in FAULTS])
def test_what_breaks_a_promise_is_named(finished: Workspace, fault: Fault) -> None:
    statements = fault.statements
    if "AS BLOB" in statements[0] and finished.settings.ledger.url.startswith("postgresql"):
        statements = ("UPDATE pictures SET data = convert_to(digest, 'UTF8')",)
    spoil(finished, *statements)
    found = broken(finished)
    assert fault.promise in found
    assert found[fault.promise][0].startswith(fault.named)


def test_who_left_and_was_mailed_two_hours_later_is_found(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        finish(book, planned(book))
        book.suppress(LIST, key="reader0@example.com", reason="unsubscribed", now=NOW - timedelta(hours=2))
        book.suppress(LIST, key="reader1@example.com", reason="unsubscribed", now=NOW - timedelta(hours=2))
    assert broken(workspace) == {"nobody was mailed after leaving": ("2021-07: delivery 1",)}


def test_who_left_while_the_letter_was_on_its_way_or_came_back_is_no_fault(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        finish(book, planned(book))
        key = "reader0@example.com"
        book.suppress(LIST, key=key, reason="unsubscribed", now=NOW - timedelta(minutes=5))
        book.unsuppress(LIST, key, b"", NOW + timedelta(days=1))
        book.suppress(LIST, key=key, reason="manual", now=NOW - timedelta(hours=3))
        book.unsuppress(LIST, key, b"", NOW - timedelta(hours=2))
        book.suppress("other.example.org", key=key, reason="manual", now=NOW - timedelta(hours=3))
    assert broken(workspace) == {}


def test_a_letter_that_went_out_under_two_names_is_found(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        for slug in ("2021-07", "2021-08"):
            finish(book, planned(book, slug=slug))
    spoil(workspace, "UPDATE editions SET digest = (SELECT min(digest) FROM editions)")
    assert broken(workspace)["no letter went out under two names"] == ("2021-08: edition 2",)


def test_a_delivery_with_the_letter_of_another_issue_is_found(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        for slug in ("2021-07", "2021-08"):
            finish(book, planned(book, slug=slug))
    spoil(workspace, "UPDATE deliveries SET edition_id = 1 WHERE id = 6")
    assert broken(workspace) == {"every letter is one of its own issue": ("2021-08: delivery 6",)}


@pytest.mark.parametrize(("column", "parent"), [("edition_id", "editions"), ("dispatch_id", "dispatches")])
def test_a_row_that_points_at_nothing_is_found(workspace: Workspace, column: str, parent: str) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        finish(book, planned(book))
    if workspace.settings.ledger.url.startswith("postgresql"):
        spoil(workspace, f"UPDATE deliveries SET {column} = 77 WHERE id = 1")
    else:
        with closing(sqlite3.connect(workspace.state / "ledger.db")) as file, file:
            file.execute(f"UPDATE deliveries SET {column} = 77 WHERE id = 1")
    assert broken(workspace)["the database is whole"] == (f"row 1 of deliveries points at nothing in {parent}",)


_WITHOUT_CHECKS = """
DO $$ DECLARE known text; BEGIN
  FOR known IN SELECT conname FROM pg_constraint WHERE conrelid = CAST('deliveries' AS regclass) AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE deliveries DROP CONSTRAINT %I', known);
  END LOOP;
END $$
"""


def test_a_state_that_there_is_not_is_found(finished: Workspace) -> None:
    if finished.settings.ledger.url.startswith("postgresql"):
        spoil(finished, _WITHOUT_CHECKS)
    spoil(finished, "UPDATE deliveries SET state = 'lost' WHERE id = 1")
    assert broken(finished)["every state is one of the ten"] == ("2021-07: delivery 1",)


def test_somebody_who_stands_twice_in_one_issue_is_found(tmp_path: Path, postgres: Cluster) -> None:
    workspace = workspace_at(tmp_path, postgres.schema())
    with open_ledger(workspace, Purpose.SENDING) as book:
        finish(book, planned(book))
    spoil(
        workspace,
        "ALTER TABLE deliveries DROP CONSTRAINT uq_deliveries_dispatch_id_key",
        "UPDATE deliveries SET key = 'reader0@example.com' WHERE id = 2",
    )
    assert broken(workspace) == {"nobody stands twice in one issue": ("2021-07: delivery 2",)}


def test_promises_and_what_breaks_them_are_said_in_korean_too(finished: Workspace) -> None:
    spoil(finished, "UPDATE deliveries SET attempts = 0 WHERE state = 'sent'")
    with open_ledger(finished, Purpose.READ) as book:
        verdicts = list(book.verify())
    assert all(found.promise.in_language("ko") != str(found.promise) for found in verdicts)
    assert [one.in_language("ko") for found in verdicts for one in found.named] == ["2021-07: 1번 편지"]
