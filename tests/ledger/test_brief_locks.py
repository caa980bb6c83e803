"""Who is stopped in the middle of a transaction keeps its session; what it has locked keeps nobody for long."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger import brief_locks
from newsletter.ledger.database_errors import UnreachableError
from newsletter.ledger.lease_end import end_lease
from newsletter.ledger.leases import Lease, beat
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from tests.support.books import NOW, planned, workspace_at
from tests.support.postgres import Cluster

AT_ONCE = timedelta(seconds=-1)
"""A lease that has always run out."""


@pytest.fixture
def both(tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Ledger, Ledger]]:
    """One that will be stopped, and one that waits three seconds for a lock."""
    monkeypatch.setattr(brief_locks, "IDLE_SECONDS", 1)
    workspace = workspace_at(tmp_path, postgres.schema())
    with (
        open_ledger(workspace, Purpose.SENDING) as stopped,
        open_ledger(workspace, Purpose.SENDING, lease_lasts=AT_ONCE, patience=3) as other,
    ):
        yield stopped, other


def in_a_turn(book: Ledger, connection: sa.Connection, lease: Lease) -> None:
    beat(book._database, connection, lease.id)


def taking_back(book: Ledger, connection: sa.Connection, lease: Lease) -> None:
    end_lease(book._database, connection, lease.id, NOW, gone=True)


Stopped = Callable[[Ledger, sa.Connection, Lease], None]


@pytest.mark.parametrize("stopped_there", [in_a_turn, taking_back])
def test_what_it_holds_is_taken_back_although_it_is_in_the_middle(
    both: tuple[Ledger, Ledger], stopped_there: Stopped
) -> None:
    stopped, other = both
    dispatch = planned(stopped, 3)
    lease = stopped.lease(NOW)
    (claim, *_) = stopped.claim(dispatch, lease, 3, NOW)

    def in_the_middle() -> None:
        with stopped._database.write() as connection:
            stopped_there(stopped, connection, lease)
            other.take_back(NOW)
            with other.lease(NOW) as theirs:
                assert len(other.claim(dispatch, theirs, 3, NOW)) == 3

    with pytest.raises(UnreachableError):
        in_the_middle()
    assert stopped.turn([], [claim], NOW) == {claim.delivery}


def test_who_asks_for_a_part_next_does_not_wait_for_it_either(
    both: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, other = both
    clock = stopped._database.clock

    def stopped_until_the_other_has_asked(connection: sa.Connection) -> datetime:
        other.ask_part("relay", theirs)
        return clock(connection)

    with stopped.lease(NOW) as lease, other.lease(NOW) as theirs:
        monkeypatch.setattr(stopped._database, "clock", stopped_until_the_other_has_asked)
        with pytest.raises(UnreachableError):
            stopped.ask_part("relay", lease)
        monkeypatch.undo()
        assert other.sharers("relay").leases == (theirs.id,)
