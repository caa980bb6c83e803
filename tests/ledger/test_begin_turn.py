"""A turn that is written in one thread and committed in another, and waits for nobody."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from tests.support.books import NOW, planned, sent, tally, workspace_at

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def lite(tmp_path: Path) -> Ledger:
    return open_ledger(workspace_at(tmp_path), Purpose.SENDING)


def test_it_is_the_same_turn_and_counts_from_its_commit_on(lite: Ledger) -> None:
    with lite, lite.lease(NOW) as lease, ThreadPoolExecutor(1) as thread:
        first, second, third = lite.claim(planned(lite, 3), lease, 3, NOW)
        commit = lite.begin_turn([], [first, second], NOW)
        assert commit is not None
        assert tally(lite, first.dispatch) == {"claimed": 3}
        assert thread.submit(commit).result() == frozenset()
        assert tally(lite, first.dispatch) == {"in_flight": 2, "claimed": 1}
        commit = lite.begin_turn([sent(first)], [third], LATER)
        assert commit is not None
        assert thread.submit(commit).result() == frozenset()
        assert tally(lite, first.dispatch) == {"sent": 1, "in_flight": 2}
        assert lite.turn([sent(second), sent(third)], [], LATER) == frozenset()
        assert tally(lite, first.dispatch) == {"sent": 3}


def test_what_is_lost_is_told_by_the_commit(lite: Ledger) -> None:
    with lite, lite.lease(NOW) as lease:
        (claim,) = lite.claim(planned(lite, 1), lease, 1, NOW)
        lite.pause(claim.dispatch, Verbatim("by hand"), NOW)
        commit = lite.begin_turn([], [claim], NOW)
        assert commit is not None
        assert commit() == {claim.delivery}


def test_it_does_not_wait_for_another_writer_and_holds_nobody_up_then(lite: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / ".newsletter" / "ledger.db", isolation_level=None)
    with lite, lite.lease(NOW) as lease:
        (claim,) = lite.claim(planned(lite, 1), lease, 1, NOW)
        other.execute("BEGIN IMMEDIATE")
        assert lite.begin_turn([], [claim], NOW) is None
        other.execute("COMMIT")
        other.close()
        assert lite.turn([], [claim], NOW) == frozenset()


def test_it_does_not_wait_for_a_claim_of_its_own_process(lite: Ledger) -> None:
    with lite, lite.lease(NOW) as lease:
        (claim,) = lite.claim(planned(lite, 1), lease, 1, NOW)
        with lease.alone:
            assert lite.begin_turn([], [claim], NOW) is None


def test_a_claim_waits_for_the_commit(lite: Ledger) -> None:
    with lite, lite.lease(NOW) as lease, ThreadPoolExecutor(1) as thread:
        dispatch = planned(lite, 2)
        (claim,) = lite.claim(dispatch, lease, 1, NOW)
        commit = lite.begin_turn([], [claim], NOW)
        assert commit is not None
        begun = threading.Event()

        def ask() -> list[int]:
            begun.set()
            return [one.delivery for one in lite.claim(dispatch, lease, 1, NOW)]

        waiting = thread.submit(ask)
        begun.wait()
        assert not waiting.done()
        commit()
        assert waiting.result() != [claim.delivery]


def test_what_goes_wrong_leaves_nothing_begun(lite: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with lite, lite.lease(NOW) as lease:
        (claim,) = lite.claim(planned(lite, 1), lease, 1, NOW)
        with monkeypatch.context() as broken:
            broken.setattr("newsletter.ledger.lease_turn.as_list", lambda _marks: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                lite.begin_turn([], [claim], NOW)
        assert lite.turn([], [claim], NOW) == frozenset()
        assert tally(lite, claim.dispatch) == {"in_flight": 1}


def test_a_ledger_that_was_taken_away_is_told_by_the_commit(lite: Ledger, tmp_path: Path) -> None:
    lease = lite.lease(NOW)
    (claim,) = lite.claim(planned(lite, 1), lease, 1, NOW)
    commit = lite.begin_turn([], [claim], NOW)
    assert commit is not None
    (tmp_path / ".newsletter" / "ledger.db").unlink()
    with pytest.raises(CannotWriteError):
        commit()
    with pytest.raises(CannotWriteError):
        lease.close(NOW)
    lite.close()


def test_of_a_server_it_is_never_had_at_once(book: Ledger) -> None:
    with book.lease(NOW) as lease:
        (claim,) = book.claim(planned(book, 1), lease, 1, NOW)
        commit = book.begin_turn([], [claim], NOW)
        assert (commit is not None) == book._database.is_sqlite
        assert (commit or (lambda: book.turn([], [claim], NOW)))() == frozenset()
        assert tally(book, claim.dispatch) == {"in_flight": 1}
