"""What time it is for a book: the server's clock on PostgreSQL, however wrong this machine's own is."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger import book_time
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, State
from tests.support.books import ACCEPTED, planned, workspace_at
from tests.support.postgres import Cluster

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def shared(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_ledger(workspace_at(tmp_path_factory.mktemp("shared"), postgres.schema()), Purpose.SENDING)


def server_time(book: Ledger) -> datetime:
    with book._database.read() as connection:
        return book._database.clock(connection)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_wrong_clock_of_this_machine_changes_no_due_time(shared: Ledger, minutes: int) -> None:
    wrong = datetime.now(UTC) + timedelta(minutes=minutes)
    with time_machine.travel(wrong), shared, shared.lease(shared.now()) as lease:
        dispatch = planned(shared, 1)
        (claim,) = shared.claim(dispatch, lease, 1, shared.now())
        before, now, after = server_time(shared), shared.now(), server_time(shared)
        assert before - A_SECOND < now < after + A_SECOND
        due = shared.now() + timedelta(minutes=5)
        shared.turn([], [claim], shared.now())
        shared.turn([Outcome(claim, State.DEFERRED, ACCEPTED, "greylisted", due_at=due)], [], shared.now())
        assert shared.claim(dispatch, lease, 1, shared.now()) == []
        assert shared.claim(dispatch, lease, 1, due - A_SECOND) == []
        assert len(shared.claim(dispatch, lease, 1, due)) == 1


def test_between_two_questions_the_clock_of_the_boot_tells_what_has_passed(
    shared: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, asked = [500.0], list[datetime]()
    monkeypatch.setattr(book_time, "boot_seconds", lambda: seconds[0])
    clock = shared._database.clock

    def ask(connection: sa.Connection) -> datetime:
        asked.append(clock(connection))
        return asked[-1]

    monkeypatch.setattr(shared._database, "clock", ask)
    with shared:
        first = shared.now()
        seconds[0] += 20
        assert (shared.now() - first, len(asked)) == (timedelta(seconds=20), 1)
        seconds[0] += 20
        assert shared.now() - first < timedelta(seconds=20)  # asked anew: these 40 seconds were not real ones
        assert len(asked) == 2


def test_while_the_server_is_away_it_goes_on_and_before_it_was_asked_there_is_none(
    shared: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [500.0]
    monkeypatch.setattr(book_time, "boot_seconds", lambda: seconds[0])
    with shared:
        first = shared.now()
        monkeypatch.setattr(shared._database, "clock", _is_away)
        seconds[0] += 100
        assert shared.now() - first == timedelta(seconds=100)
        shared._database.time._asked = None
        with pytest.raises(CannotWriteError, match="away"):
            shared.now()


def _is_away(_connection: object) -> datetime:
    raise CannotWriteError(Verbatim("the server is away"))


def test_with_sqlite_it_is_this_machines_clock(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_ledger(workspace_at(tmp_path_factory.mktemp("one")), Purpose.SENDING) as book:
        moment = datetime(2030, 1, 1, tzinfo=UTC)
        with time_machine.travel(moment, tick=False):
            assert book.now() == moment
