"""A book that is found on another server than before: what is not done waits for a person."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.ledger.fail_over import PLACE
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import facts, leases
from newsletter.ledger.states import DispatchStatus
from newsletter.settings.workspace import Workspace
from tests.support.books import NOW, planned, sent, tally, workspace_at
from tests.support.postgres import Cluster

BEFORE = "server 1, timeline 00000001"


@pytest.fixture
def workspace(tmp_path: Path, postgres: Cluster) -> Workspace:
    return workspace_at(tmp_path, postgres.schema())


def was_elsewhere(book: Ledger) -> None:
    """As if a standby had taken over since."""
    with book._database.write() as connection:
        connection.execute(sa.update(facts).where(facts.c.name == PLACE).values(value=BEFORE))


def finds_out(book: Ledger) -> None:
    """As if its next link were the first one to the new server."""
    was_elsewhere(book)
    assert book._database.links is not None
    book._database.links._known = BEFORE


def place_of(book: Ledger) -> str | None:
    with book._database.read() as connection:
        place: str | None = connection.scalar(sa.select(facts.c.value).where(facts.c.name == PLACE))
    return place


def test_who_opens_it_to_send_pauses_what_is_not_done_and_ends_what_others_hold(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book, open_ledger(workspace, Purpose.READ) as reader:
        here = place_of(book)
        waiting, done, stopped = planned(book, 3, "a"), planned(book, 1, "b"), planned(book, 1, "c")
        book.pause(stopped, Verbatim("by hand"), NOW)
        lease = book.lease(NOW)
        (last,) = book.claim(done, lease, 1, NOW)
        book.turn([], [last], NOW)
        book.turn([sent(last)], [], NOW)
        first, *_ = book.claim(waiting, lease, 3, NOW)
        book.turn([], [first], NOW)
        was_elsewhere(book)
        assert reader.record(waiting).status is DispatchStatus.RUNNING  # who only reads changes nothing
        open_ledger(workspace, Purpose.SENDING).close()
        assert place_of(book) == here
        record = book.record(waiting)
        assert record.status is DispatchStatus.PAUSED
        assert BEFORE in str(record.reason)
        assert str(here) in str(record.reason)
        assert tally(book, waiting) == {"in_doubt": 1, "planned": 2}
        assert book.record(done).status is DispatchStatus.RUNNING
        assert str(book.record(stopped).reason) == "by hand"
        # The process that holds it lives: the reply that it has by now is booked all the same.
        assert book.turn([sent(first)], [], NOW) == frozenset()
        assert tally(book, waiting) == {"sent": 1, "planned": 2}
        book.resume(waiting, NOW)
        open_ledger(workspace, Purpose.SENDING).close()
        assert book.record(waiting).status is DispatchStatus.RUNNING


def test_who_sends_finds_out_before_it_asks_anything_there(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book, book.lease(NOW) as lease:
        dispatch = planned(book, 2)
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([], [first], NOW)
        finds_out(book)
        assert book.turn([sent(first)], [second], NOW) == {second.delivery}
        assert tally(book, dispatch) == {"sent": 1, "planned": 1}
        assert book.record(dispatch).status is DispatchStatus.PAUSED


def test_commits_that_the_new_server_lacks_are_told(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        lease = book.lease(NOW)
        dispatch = planned(book, 2)
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([], [first], NOW)
        book.turn([sent(first)], [second], NOW)
        with book._database.write() as connection:
            connection.execute(sa.update(leases).where(leases.c.id == lease.id).values(turn=0))
        finds_out(book)
        assert "lacks 2 commits of this run" in str(book.record(dispatch).reason)
        assert tally(book, dispatch) == {"sent": 1, "in_doubt": 1}
