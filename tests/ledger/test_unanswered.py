"""A turn of which no answer came: in the book or not, it counts once, and nobody is forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger.database import Database
from newsletter.ledger.lease_end import end_lease
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import notes
from newsletter.ledger.schema import leases
from newsletter.ledger.seen_state import from_list
from newsletter.ledger.states import Claim, Outcome, State
from tests.support.books import NOW, planned, sent, tally

CASES = pytest.mark.parametrize("is_in", [True, False], ids=["in the book", "not in it"])


@contextmanager
def no_answer(monkeypatch: pytest.MonkeyPatch, *, is_in: bool) -> Iterator[None]:
    """The link is gone when a commit is to be answered."""
    write = Database.write

    @contextmanager
    def cut(database: Database) -> Iterator[sa.Connection]:
        with write(database) as connection:
            yield connection
            if not is_in:
                raise CannotWriteError(Verbatim("gone"))
        raise CannotWriteError(Verbatim("gone"))

    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", cut)
        with pytest.raises(CannotWriteError):
            yield


def row_of(book: Ledger, lease: Lease) -> tuple[int, int, list[int]]:
    """Turns, messages begun, and marks."""
    with book._database.read() as connection:
        row = connection.execute(sa.select(leases).where(leases.c.id == lease.id)).one()
    return row.turn, row.begun, from_list(row.marks)


@pytest.fixture
def lease(book: Ledger) -> Lease:
    return book.lease(NOW)


def begun(book: Ledger, lease: Lease) -> list[Claim]:
    """Three claims, of which the first has its mark."""
    claims = book.claim(planned(book, 3), lease, 3, NOW)
    book.turn([], claims[:1], NOW)
    return claims


@CASES
def test_it_is_made_again_or_taken_for_made(
    book: Ledger, lease: Lease, monkeypatch: pytest.MonkeyPatch, is_in: bool
) -> None:
    (first, second, third) = begun(book, lease)
    outcomes, intents = [sent(first)], [second]
    with no_answer(monkeypatch, is_in=is_in):
        book.turn(outcomes, intents, NOW)
    assert row_of(book, lease)[0] == (2 if is_in else 1)
    assert book.turn(outcomes, intents, NOW) == frozenset()
    assert row_of(book, lease) == (2, 2, [second.delivery])
    assert tally(book, first.dispatch) == {"sent": 1, "in_flight": 1, "claimed": 1}
    assert [row.attempts for row in book.deliveries(first.dispatch, [State.SENT])] == [1]
    assert book.turn([sent(second)], [third], NOW) == frozenset()
    assert row_of(book, lease) == (3, 3, [third.delivery])
    assert [note.split()[-1].lstrip("0") for note in notes(book._leases).values()] == ["3"]


@CASES
def test_it_tells_who_was_lost_by_it(book: Ledger, lease: Lease, monkeypatch: pytest.MonkeyPatch, is_in: bool) -> None:
    (first, second, _) = begun(book, lease)
    book.pause(first.dispatch, Verbatim("by hand"), NOW)
    outcomes = [sent(first)]
    with no_answer(monkeypatch, is_in=is_in):
        book.turn(outcomes, [second], NOW)
    assert book.turn(outcomes, [second], NOW) == {second.delivery}
    assert row_of(book, lease) == (2, 1, [])
    assert tally(book, first.dispatch)["sent"] == 1


@CASES
def test_what_has_come_since_goes_along(
    book: Ledger, lease: Lease, monkeypatch: pytest.MonkeyPatch, is_in: bool
) -> None:
    """As `last_try` does it: no mark any more, and every answer that came meanwhile."""
    (first, second, _) = begun(book, lease)
    again = Outcome(first, State.CLAIMED, attempted=False)
    with no_answer(monkeypatch, is_in=is_in):
        book.turn([again], [second], NOW)
    later = [again, sent(first), Outcome(second, State.PLANNED)]
    assert book.turn(later, [], NOW) == frozenset()
    assert row_of(book, lease) == (3 if is_in else 2, 2 if is_in else 1, [])
    assert tally(book, first.dispatch) == {"sent": 1, "planned": 1, "claimed": 1}


def test_it_is_in_although_the_lease_was_taken_away_after_it(
    book: Ledger, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, second, _) = begun(book, lease)
    outcomes = [sent(first)]
    with no_answer(monkeypatch, is_in=True):
        book.turn(outcomes, [second], NOW)
    with book._database.write() as connection:
        end_lease(book._database, connection, lease.id, NOW, gone=False)
    assert book.turn(outcomes, [second], NOW) == frozenset()
    assert tally(book, first.dispatch) == {"sent": 1, "in_doubt": 1, "planned": 1}
    assert book.turn([Outcome(second, State.PLANNED)], [], NOW) == frozenset()
    assert tally(book, first.dispatch) == {"sent": 1, "planned": 2}


def test_a_turn_that_the_book_has_lost_is_noticed(book: Ledger, lease: Lease) -> None:
    """It was put back to a moment before it, and has no mark that would tell."""
    (first, second, _) = begun(book, lease)
    book.turn([sent(first)], [], NOW)
    with book._database.write() as connection:
        connection.execute(sa.update(leases).where(leases.c.id == lease.id).values(turn=1))
    with pytest.raises(CannotWriteError, match="put back"):
        book.turn([], [second], NOW)
