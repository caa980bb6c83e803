"""Transactions that meet on PostgreSQL, where several write at once: who waits for whom, and who begins anew.

Each test stops a real transaction in the middle, by a row that another connection holds.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError, RefusedError
from newsletter.ledger import lease_watch
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import leases
from newsletter.ledger.states import Claim, Learned
from tests.support.books import LIST, NOW, edition, letterhead, planned, readers, sent, tally, workspace_at
from tests.support.postgres import Cluster

NEW = "letter.city.example.org"
_WAITING = "SELECT count(*), pg_sleep(0.01)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

_Result = TypeVar("_Result")


@pytest.fixture
def shared(tmp_path: Path, postgres: Cluster) -> Iterator[PeopleLedger]:
    with open_people_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as opened:
        yield opened


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as pool:
        yield pool


@contextmanager
def holding(book: Ledger, statement: str) -> Iterator[None]:
    """A transaction of somebody else's that stays open for as long as the block."""
    with book._database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
        yield


def until_waiting(postgres: Cluster, count: int, future: "Future[_Result]") -> None:
    """Until so many transactions wait for others; at once, if this one does not wait at all."""
    with postgres.connect() as connection:
        while not future.done():
            row = connection.execute(_WAITING).fetchone()
            if row and row[0] == count:
                return


def test_who_has_paused_has_seen_the_last_intent(
    shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    dispatch = planned(shared, 2)
    with shared.lease(NOW) as lease:
        answered, claim = shared.claim(dispatch, lease, 2, NOW)
        with holding(shared, f"SELECT FROM deliveries WHERE id = {answered.delivery} FOR UPDATE"):
            turn = threads.submit(shared.turn, [sent(answered)], [claim], NOW)
            until_waiting(postgres, 1, turn)
            pause = threads.submit(shared.pause, dispatch, Verbatim("enough"), NOW)
            until_waiting(postgres, 2, pause)
            assert not pause.done()
        assert turn.result() == frozenset()
        assert pause.result() is True


def test_who_wants_to_pause_is_not_overtaken_by_those_who_come_later(
    shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    """With row locks, each turn of ten busy processes went past the waiting pause: it took 8 seconds."""
    dispatch = planned(shared, 3)
    with shared.lease(NOW) as lease:
        early, late = shared.claim(dispatch, lease, 2, NOW)
        with holding(shared, f"SELECT FROM deliveries WHERE id = {early.delivery} FOR UPDATE"):
            at_work = threads.submit(shared.turn, [sent(early)], [], NOW)
            until_waiting(postgres, 1, at_work)
            pause = threads.submit(shared.pause, dispatch, Verbatim("enough"), NOW)
            until_waiting(postgres, 2, pause)
            later = threads.submit(_turn_of_another, shared, dispatch)
            until_waiting(postgres, 3, later)
            assert not later.done()
        assert at_work.result() == frozenset()
        assert pause.result() is True
        assert later.result() == []
        assert shared.turn([], [late], NOW) == {late.delivery}


def _turn_of_another(book: Ledger, dispatch: int) -> list[Claim]:
    with book.lease(NOW) as lease:
        return book.claim(dispatch, lease, 1, NOW)


def test_one_that_was_heard_of_meanwhile_is_not_taken_back(
    shared: Ledger, postgres: Cluster, tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_watch, "SEEN_FOR", timedelta())  # the silence is written into the book
    with shared.lease(NOW) as silent:
        for lock in (tmp_path / ".newsletter" / "leases").glob("*.lock"):
            lock.unlink()  # as a lease of another machine looks from here
        with shared._database.write() as connection:
            connection.execute(sa.update(leases).values(beat_at=NOW.replace(year=2020)))
        with holding(shared, f"UPDATE leases SET beat_at = beat_at + 1 WHERE id = {silent.id}"):
            taking = threads.submit(shared._watch.take_back, NOW)
            until_waiting(postgres, 1, taking)
            assert not taking.done()
        taking.result()
        silent.heartbeat()


def test_giving_back_holds_the_dispatch_before_its_deliveries(
    shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    """As pausing and cancelling do: in any other order each could hold deliveries that the other waits for."""
    dispatch = planned(shared, 2)
    lease = shared.lease(NOW)
    claims = shared.claim(dispatch, lease, 2, NOW)
    shared.turn([], claims[:1], NOW)
    with holding(shared, f"SELECT FROM deliveries WHERE id = {claims[0].delivery} FOR UPDATE"):
        close = threads.submit(lease.close, NOW)
        until_waiting(postgres, 1, close)
        pause = threads.submit(shared.pause, dispatch, Verbatim(""), NOW)
        until_waiting(postgres, 2, pause)
        assert not pause.done()
    close.result()
    assert pause.result() is True
    assert tally(shared, dispatch) == {"in_doubt": 1, "planned": 1}


def test_who_left_before_the_claim_and_was_written_down_after_it_does_not_get_it(shared: Ledger) -> None:
    """PostgreSQL commits in another order than it numbers: a later number that is seen says nothing of an earlier."""
    dispatch = planned(shared, 2)
    first = shared._database.engine.connect()
    first.exec_driver_sql(
        "INSERT INTO suppressions (newsletter, reason, key, address_hash, at)"
        f" VALUES ('{LIST}', 'unsubscribed', 'reader0@example.com', '', 1)"
    )
    shared.suppress(LIST, key="another@example.com", reason="unsubscribed", now=NOW)
    with shared.lease(NOW) as lease:
        claims = shared.claim(dispatch, lease, 2, NOW)
        assert [claim.key for claim in claims] == ["reader0@example.com", "reader1@example.com"]
        first.commit()
        first.close()
        assert shared.turn([], claims, NOW) == {claims[0].delivery}
        assert tally(shared, dispatch) == {"suppressed": 1, "in_flight": 1}


class Crossing:
    """Two pieces of work that lock the same two rows, each in its own order: one of them has to give way."""

    def __init__(self, book: Ledger) -> None:
        self.tries = 0
        self._book = book
        self._met = threading.Barrier(2)

    def work(self, *order: int) -> Callable[[sa.Connection], None]:
        began: list[bool] = []

        def lock_both(connection: sa.Connection) -> None:
            self.tries += 1
            for number in order:
                connection.execute(sa.select(leases.c.id).where(leases.c.id == number).with_for_update())
                if not began:
                    began.append(True)
                    self._met.wait()

        return lock_both

    def once(self, work: Callable[[sa.Connection], None]) -> None:
        with self._book._database.write() as connection:
            work(connection)


def test_a_deadlock_is_tried_again(shared: Ledger, threads: ThreadPoolExecutor) -> None:
    crossing = Crossing(shared)
    with shared.lease(NOW) as one, shared.lease(NOW) as two:
        orders = [(one.id, two.id), (two.id, one.id)]
        both = [threads.submit(shared._database.transact, crossing.work(*order)) for order in orders]
        for each in both:
            each.result()
    assert crossing.tries >= 3  # PostgreSQL may find the deadlock from both sides at once


def test_where_it_cannot_be_tried_again_a_deadlock_is_no_bug(shared: Ledger, threads: ThreadPoolExecutor) -> None:
    crossing = Crossing(shared)
    with shared.lease(NOW) as one, shared.lease(NOW) as two:
        orders = [(one.id, two.id), (two.id, one.id)]
        both = [threads.submit(crossing.once, crossing.work(*order)) for order in orders]
        (error,) = (failed for each in both if (failed := each.exception()) is not None)
    assert isinstance(error, CannotWriteError)
    assert "Run the command again" in str(error.hint)


def test_two_processes_may_learn_a_pace_at_once(shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor) -> None:
    shared.learn("relay.example.org:587", [Learned("", 4.0)], NOW)
    with holding(shared, "SELECT FROM learned FOR UPDATE"):
        one = threads.submit(shared.learn, "relay.example.org:587", [Learned("", 3.0)], NOW)
        until_waiting(postgres, 1, one)
        two = threads.submit(shared.learn, "relay.example.org:587", [Learned("", 2.0)], NOW)
        until_waiting(postgres, 2, two)
    one.result()
    two.result()
    assert shared.learned("relay.example.org:587", NOW) == [Learned("", 2.0)]


def test_who_leaves_while_the_newsletter_is_renamed_stands_under_its_new_name(
    shared: PeopleLedger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    planned(shared, 1)
    with holding(shared, "LOCK TABLE dispatches IN ACCESS EXCLUSIVE MODE"):
        rename = threads.submit(shared.rename_newsletter, LIST, NEW, NOW)
        until_waiting(postgres, 1, rename)
        click = threads.submit(shared.suppress, LIST, address_hash=b"one", reason="unsubscribed", now=NOW)
        clicks = threads.submit(shared.suppress_hashes, LIST, [b"many"], reason="unsubscribed", now=NOW)
        until_waiting(postgres, 3, rename)
    assert rename.result().issues == 1
    assert click.result() is True
    clicks.result()
    assert {one.address_hash for one in shared.suppressions(NEW)} == {b"one", b"many"}
    assert list(shared.suppressions(LIST)) == []


def test_clicks_do_not_wait_for_each_other(shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor) -> None:
    planned(shared, 1)
    with holding(shared, "SELECT FROM newsletters FOR KEY SHARE"):
        click = threads.submit(shared.suppress, LIST, address_hash=b"one", reason="unsubscribed", now=NOW)
        until_waiting(postgres, 1, click)
        assert click.result() is True


def test_what_is_planned_under_a_name_that_is_being_given_up_is_refused(
    shared: PeopleLedger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    planned(shared, 1)
    with holding(shared, "LOCK TABLE said IN ACCESS EXCLUSIVE MODE"):
        rename = threads.submit(shared.rename_newsletter, LIST, NEW, NOW)
        until_waiting(postgres, 1, rename)
        plan = threads.submit(planned, shared, 1, slug="2021-08")
        until_waiting(postgres, 2, plan)
        assert not plan.done()
    rename.result()
    with pytest.raises(RefusedError, match=f"is called {NEW}"):
        plan.result()
    assert [one.slug for one in shared.dispatches(NEW)] == ["2021-07"]


def test_of_two_first_plans_under_two_names_one_makes_its_own_known(
    shared: Ledger, postgres: Cluster, threads: ThreadPoolExecutor
) -> None:
    with holding(shared, "LOCK TABLE newsletters IN ROW EXCLUSIVE MODE; LOCK TABLE deliveries IN SHARE MODE"):
        plans = [
            threads.submit(shared.plan, letterhead("2021-07", name), {"ko": edition()}, readers(1), NOW)
            for name in (LIST, NEW)
        ]
        until_waiting(postgres, 2, plans[0])
    ends = [plan.exception() for plan in plans]
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "UnknownNewsletterError"]
    assert len(shared.newsletters()) == 1
