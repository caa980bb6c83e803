"""Which processes are at an issue: the living, the killed, the silent; on both databases."""

import os
import socket
from datetime import timedelta

import pytest
import sqlalchemy as sa

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.run_terms import DomainTerms, RunTerms
from newsletter.ledger.schema import leases
from newsletter.ledger.states import PlannedDelivery, State
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, edition, letterhead, planned, readers, sent


def test_who_sends_an_issue_is_named_until_it_ends(book: Ledger) -> None:
    dispatch, other = planned(book, 3), planned(book, 3, slug="2021-08")
    assert book.workers(dispatch) == []
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 1, NOW)
        book.turn([], claims, NOW)
        book.turn([sent(claims[0])], [], NOW)
        assert book.begin_work(dispatch, lease)[State.SENT] == 1
        [worker] = book.workers(dispatch)
        assert (worker.pid, worker.machine, worker.since) == (os.getpid(), socket.gethostname(), NOW)
        assert (worker.lives, worker.done_before) == (True, 1)
        assert book.workers(other) == []
    assert book.workers(dispatch) == []


def test_one_that_only_plans_or_looks_is_not_at_it(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW):
        assert book.workers(dispatch) == []


def test_one_that_was_killed_is_told_from_one_that_lives(book: Ledger) -> None:
    dispatch = planned(book, 3)
    killed, living = book.lease(NOW), book.lease(NOW + timedelta(seconds=1))
    for lease in (killed, living):
        book.begin_work(dispatch, lease)
    assert killed._lock._descriptor is not None
    os.close(killed._lock._descriptor)  # what the kernel does when a process dies
    killed._lock._descriptor = None
    assert [worker.lives for worker in book.workers(dispatch)] == [False, True]
    book.take_back(NOW)
    assert [worker.lives for worker in book.workers(dispatch)] == [True]
    living.close()


@pytest.mark.parametrize(("seconds", "lives"), [(120, True), (-1, False)])
def test_of_another_machine_only_the_heartbeat_speaks(
    book: Ledger, workspace: Workspace, seconds: int, lives: bool
) -> None:
    dispatch = planned(book, 3)
    elsewhere = book.lease(NOW)
    book.begin_work(dispatch, elsewhere)
    for lock in (workspace.state / "leases").glob("*.lock"):
        lock.unlink()  # what another machine's lock looks like from here
    with open_ledger(workspace, Purpose.READ, lease_lasts=timedelta(seconds=seconds)) as here:
        assert [worker.lives for worker in here.workers(dispatch)] == [lives]


def test_while_a_plan_is_written_its_planner_is_known(book: Ledger) -> None:
    seen = []

    def seeing(row: PlannedDelivery) -> PlannedDelivery:
        seen.append(book.planners(LIST, "2021-07"))
        return row

    book.plan(letterhead(), {"ko": edition()}, map(seeing, readers(3)), NOW)
    assert [[worker.lives for worker in one] for one in seen] == [[True]] * 3
    assert book.planners(LIST, "2021-07") == []


def test_the_terms_of_a_run_are_kept_with_it(book: Ledger) -> None:
    dispatch = planned(book, 1)
    terms = RunTerms("relay.example.com:587", 4, 20.0, {"naver.com": DomainTerms(1, None), "*": DomainTerms(None, 2.5)})
    with book.lease(NOW) as lease:
        book.begin_work(dispatch, lease, terms)
        with book._database.read() as connection:
            kept = connection.execute(sa.select(leases.c.terms).where(leases.c.id == lease.id)).scalar_one()
    assert RunTerms.from_json(kept) == terms
