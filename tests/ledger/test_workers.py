"""Rows of workers, and what waits for one, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.ledger.machine_tables import workers
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, State
from newsletter.ledger.worker_ledger import WorkerLedger, open_worker_ledger
from newsletter.ledger.workers import Doing
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, planned

TROUBLE = phrase("workflow.worker.cannot_send", newsletter=LIST, slug="2021-07", why=phrase("dispatch.stop.asked"))


@pytest.fixture
def book(workspace: Workspace) -> Iterator[WorkerLedger]:
    with open_worker_ledger(workspace, Purpose.SENDING) as opened:
        yield opened


def silent_for(book: WorkerLedger, worker: int, length: timedelta) -> None:
    with book._database.write() as connection:
        moved = book._database.clock(connection) - length
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(beat_at=moved))


def test_a_worker_tells_what_it_does_and_what_troubles_it_until_it_ends(book: WorkerLedger) -> None:
    number = book.worker_begins("0.1.0")
    (idle,) = book.all_workers()
    assert (idle.doing, idle.troubles, idle.lives, idle.version) == ([], [], True, "0.1.0")
    doing = [Doing(LIST, "2021-07", 12, 4.5)]
    book.worker_tells(number, doing, [TROUBLE])
    (busy,) = book.all_workers()
    assert busy.doing == doing
    assert [one.in_language("ko") for one in busy.troubles] == [TROUBLE.in_language("ko")]
    book.worker_ends(number)
    assert book.all_workers() == []


def test_one_that_was_killed_is_shown_as_silent_for_a_day(book: WorkerLedger) -> None:
    killed = book.worker_begins("0.1.0")
    silent_for(book, killed, timedelta(seconds=61))
    other = book.worker_begins("0.1.0")
    assert [(one.id, one.lives) for one in book.all_workers()] == [(killed, False), (other, True)]
    silent_for(book, killed, timedelta(hours=25))
    third = book.worker_begins("0.1.0")
    assert [one.id for one in book.all_workers()] == [other, third]
    book.worker_tells(killed, [], [])  # it was stopped, and wakes up
    assert [one.id for one in book.all_workers()] == [killed, other, third]


def waiting(book: WorkerLedger, after: timedelta = timedelta(0)) -> list[str]:
    return [one.slug for one in book.waiting_dispatches(NOW + after)]


def test_what_runs_and_is_due_waits_for_a_worker(book: WorkerLedger) -> None:
    first, second = planned(book, 2, "2021-07"), planned(book, 1, "2021-08")
    assert waiting(book) == ["2021-07", "2021-08"]
    book.pause(second, phrase("ledger.pause.by_hand"), NOW)
    assert waiting(book) == ["2021-07"]
    with book.lease(NOW) as lease:
        claims = book.claim(first, lease, 5, NOW)
        assert waiting(book) == []
        book.turn([], claims, NOW)
        later, full = NOW + timedelta(minutes=5), Reply("rcpt", 451, "4.2.1", "later")
        book.turn([Outcome(one, State.DEFERRED, full, "greylist", due_at=later) for one in claims], [], NOW)
    assert waiting(book) == []
    assert waiting(book, timedelta(minutes=10)) == ["2021-07"]


def test_a_canary_waits_for_nobody_else(book: WorkerLedger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 1, NOW)
        assert waiting(book) == []


def test_only_one_connection_at_a_time_does_what_is_done_alone(book: WorkerLedger, workspace: Workspace) -> None:
    with open_worker_ledger(workspace, Purpose.READ) as other:
        with book.alone_on_all_machines("due"):
            with other.alone_on_all_machines("due") as second, other.alone_on_all_machines("else") as beside:
                assert (second, beside) == (False, True)
            with other.alone_on_all_machines("due") as third:
                assert third is False
        with other.alone_on_all_machines("due") as free:
            assert free is True
