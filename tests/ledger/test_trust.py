"""Adopting: a person takes an older book, or another one; who may have a letter by then becomes in doubt, by name."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, LedgerBehindError, Purpose
from newsletter.ledger.staging import BATCH
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.settings.workspace import Workspace
from tests.ledger.test_mark import as_it_is, begin
from tests.support.backups import Backup
from tests.support.books import NOW, planned, readers, tally, workspace_at

LATER = NOW + timedelta(hours=1)


def put_back(workspace: Workspace) -> int:
    """A dispatch of which two went out before the back-up, one was refused for now, and one went out since."""
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 5)
        begin(book, dispatch, 2)
        with book.lease(NOW) as lease:
            (claim,) = book.claim(dispatch, lease, 1, NOW)
            book.turn([], [claim], NOW)
            book.turn([Outcome(claim, State.DEFERRED, due_at=LATER)], [], NOW)
    backup = Backup(workspace.settings.ledger.url, workspace.root)
    with open_ledger(workspace, Purpose.SENDING) as book:
        begin(book, dispatch, 1)
    backup.restore()
    return dispatch


def adopted(workspace: Workspace) -> int:
    with open_ledger(workspace, Purpose.ADOPTING) as book:
        return book.adopt(LATER)


def test_whoever_is_not_settled_is_in_doubt_and_held_until_somebody_decides(workspace: Workspace) -> None:
    dispatch = put_back(workspace)
    with open_ledger(workspace, Purpose.READ) as book:
        assert [(record.slug, record.total) for record in book.at_stake()] == [("2021-07", 5)]
    assert adopted(workspace) == 3
    with open_ledger(workspace, Purpose.DUE) as book:
        assert tally(book, dispatch) == {"sent": 2, "in_doubt": 3}
        assert [found.promise for found in book.verify() if found.broken] == []
        with book.lease(LATER) as lease:
            assert book.claim(dispatch, lease, 5, LATER) == []
        assert book.at_stake() == []
        assert book.armed_at() == LATER
        assert book.resolve(dispatch, False, LATER) == 3
        begin(book, dispatch, 3)
        assert tally(book, dispatch) == {"sent": 5}
    as_it_is(workspace)


def test_what_a_dead_process_held_in_that_book_is_in_doubt_too(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 4)
        begin(book, dispatch, 2, killed=True, settled=False)
        assert adopted(workspace) == 4
        assert tally(book, dispatch) == {"in_doubt": 4}
        assert [found.promise for found in book.verify() if found.broken] == []
    assert list((workspace.state / "leases").glob("*.lock")) == []


def test_while_a_process_works_with_it_nothing_is_adopted(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 4)
        with book.lease(NOW) as lease:
            book.claim(dispatch, lease, 2, NOW)
            with pytest.raises(RefusedError, match="just now"):
                adopted(workspace)
            assert tally(book, dispatch) == {"claimed": 2, "planned": 2}


def test_the_former_book_is_noticed_when_it_turns_up_again(workspace: Workspace) -> None:
    put_back(workspace)
    former = Backup(workspace.settings.ledger.url, workspace.root)
    adopted(workspace)
    as_it_is(workspace)
    former.restore()
    with pytest.raises(LedgerBehindError, match="is another one"):
        open_ledger(workspace, Purpose.SENDING)


def test_another_machine_need_not_decide_again(workspace: Workspace, tmp_path: Path) -> None:
    url = workspace.settings.ledger.url
    if "sqlite" in url:
        url = f"sqlite:///{workspace.state / 'ledger.db'}"
    other = workspace_at(tmp_path / "other", url)
    dispatch = put_back(workspace)
    with open_ledger(other, Purpose.SENDING) as book:  # it has seen the book as it is now
        book.lease(NOW).close()
    adopted(workspace)
    with open_ledger(other, Purpose.DUE) as book:
        book.resolve(dispatch, False, NOW)
        begin(book, dispatch, 1)
        assert tally(book, dispatch) == {"sent": 3, "planned": 2}
    as_it_is(workspace)


def test_a_plan_that_was_half_made_is_not_in_doubt(book: Ledger) -> None:
    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(BATCH)
        with pytest.raises(RefusedError):  # the planner lives
            book.adopt(LATER)
        for lease in (book._leases).glob("*.lock"):
            lease.unlink()  # it does not
        assert book.adopt(LATER) == 0
        yield from readers(BATCH + 1)

    with pytest.raises(LeaseLostError):
        planned(book, rows())
