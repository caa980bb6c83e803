"""Leases: who is gone or silent loses what it held, and a process that wakes up late can change nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError, RefusedError
from newsletter.ledger import book_time, lease_watch, leases
from newsletter.ledger.lease_watch import Watch
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, Purpose
from newsletter.ledger.schema import deliveries
from newsletter.ledger.schema import leases as lease_rows
from newsletter.ledger.states import Outcome, State
from newsletter.settings.workspace import Workspace
from tests.support.books import ACCEPTED, NOW, planned, sent, tally

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def impatient(workspace: Workspace) -> Iterator[Ledger]:
    """Another process's view of the same book, for which every lease but its own has run out."""
    with open_ledger(workspace, Purpose.PAGES, lease_lasts=timedelta(seconds=-1)) as opened:
        yield opened


def test_closing_gives_everything_back(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        first, second, _third = book.claim(dispatch, lease, 3, NOW)
        book.turn([Outcome(first, State.DEFERRED, due_at=LATER)], [second], NOW)
        book.claim(dispatch, lease, 3, LATER)
    assert tally(book, dispatch) == {"planned": 1, "deferred": 1, "in_doubt": 1}
    assert book.next_due(dispatch) == LATER


def test_numbers_of_leases_are_never_used_again(book: Ledger) -> None:
    numbers = []
    for _ in range(3):
        with book.lease(NOW) as lease:
            numbers.append(lease.id)
    assert numbers == sorted(set(numbers))


def test_a_living_process_keeps_what_it_holds(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        held = book.claim(dispatch, one, 2, NOW)
        assert book.claim(dispatch, two, 2, NOW + timedelta(days=1)) == []
        assert book.turn([], held, NOW) == frozenset()


def test_run_out_claimed_becomes_planned_and_in_flight_in_doubt(book: Ledger, impatient: Ledger) -> None:
    dispatch = planned(book, 3)
    silent = book.lease(NOW)
    first, second, third = book.claim(dispatch, silent, 3, NOW)
    book.turn([], [first], NOW)
    with impatient.lease(NOW) as lease:
        taken = impatient.claim(dispatch, lease, 3, NOW)
        assert [claim.key for claim in taken] == [second.key, third.key]
        assert tally(book, dispatch) == {"in_doubt": 1, "claimed": 2}
        # the silent one wakes up, and knows what became of the first
        assert book.turn([sent(first)], [second, third], NOW) == {claim.delivery for claim in (second, third)}
        with pytest.raises(LeaseLostError):
            silent.heartbeat()
        with pytest.raises(LeaseLostError):
            book.claim(dispatch, silent, 1, NOW)
        silent.close()
        assert tally(book, dispatch) == {"sent": 1, "claimed": 2}


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.DEFERRED, State.PLANNED])
def test_a_late_answer_is_booked_and_its_try_counted_once(book: Ledger, impatient: Ledger, state: State) -> None:
    dispatch = planned(book, 1)
    silent = book.lease(NOW)
    (claim,) = book.claim(dispatch, silent, 1, NOW)
    book.turn([], [claim], NOW)
    impatient.take_back(NOW)
    assert [(row.state, row.attempts) for row in book.deliveries(dispatch)] == [(State.IN_DOUBT, 1)]
    due = LATER if state is State.DEFERRED else None
    answer = Outcome(claim, state, ACCEPTED, "accepted", attempted=state is not State.PLANNED, due_at=due)
    assert book.turn([answer], [], NOW) == frozenset()
    (row,) = book.deliveries(dispatch)
    assert (row.state, row.attempts, row.due_at) == (state, 0 if state is State.PLANNED else 1, due)
    # The same once more changes nothing.
    assert book.turn([answer], [], NOW) == {claim.delivery}
    silent.close()
    assert tally(book, dispatch) == {state.value: 1}


def test_a_late_answer_that_is_no_try_is_none(book: Ledger, impatient: Ledger) -> None:
    """A limit of the relay: nobody loses a try by it, nor begins to be given up."""
    dispatch = planned(book, 1)
    silent = book.lease(NOW)
    (claim,) = book.claim(dispatch, silent, 1, NOW)
    book.turn([], [claim], NOW)
    impatient.take_back(NOW)
    answer = Outcome(claim, State.DEFERRED, ACCEPTED, "quota", attempted=False, due_at=LATER)
    assert book.turn([answer], [], NOW) == frozenset()
    (row,) = book.deliveries(dispatch)
    assert (row.state, row.attempts, row.first_attempt_at, row.due_at) == (State.DEFERRED, 0, None, LATER)
    silent.close()


@pytest.mark.parametrize("as_sent", [True, False])
def test_after_somebody_decided_a_late_answer_is_only_reported(book: Ledger, impatient: Ledger, as_sent: bool) -> None:
    dispatch = planned(book, 1)
    silent = book.lease(NOW)
    (claim,) = book.claim(dispatch, silent, 1, NOW)
    book.turn([], [claim], NOW)
    impatient.take_back(NOW)
    if as_sent:
        impatient.resolve(dispatch, True, NOW)
    else:
        with impatient.lease(NOW) as other:
            # Taken up by another process in the meantime, as after `resolve --resend`.
            with impatient._database.write() as connection:
                connection.execute(sa.update(deliveries).values(state=State.IN_DOUBT, lease_id=other.id))
            assert book.turn([sent(claim)], [], NOW) == {claim.delivery}
        return
    before = list(book.deliveries(dispatch))
    assert book.turn([Outcome(claim, State.FAILED, ACCEPTED, "policy")], [], NOW) == {claim.delivery}
    assert list(book.deliveries(dispatch)) == before


def test_a_lease_may_have_ended_once_it_has_been_silent_for_as_long_as_it_lasts(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch = planned(book, 2)
    # Whole seconds, so that adding and taking away again are exact.
    now = float(int(book_time.boot_seconds()))
    later = [0.0]
    monkeypatch.setattr(leases, "boot_seconds", lambda: now + later[0])
    with book.lease(NOW) as lease:
        ended = []
        for seconds in (59.0, 60.0, 119.0, 120.0):
            later[0] = seconds
            ended.append(lease.may_have_ended)
            if lease.may_have_ended:
                lease.heartbeat()
    assert ended == [False, True, False, True]
    assert tally(book, dispatch) == {"planned": 2}


def test_a_process_that_slept_and_was_not_missed_goes_on(book: Ledger, impatient: Ledger) -> None:
    dispatch = planned(book, 2)
    with impatient.lease(NOW) as lease:
        first = impatient.claim(dispatch, lease, 1, NOW)
        second = impatient.claim(dispatch, lease, 1, NOW)
        lease.heartbeat()
        assert impatient.turn([], [*first, *second], NOW) == frozenset()


def test_resend_is_refused_while_the_old_worker_lives(book: Ledger, impatient: Ledger) -> None:
    dispatch = planned(book, 1)
    stopped = book.lease(NOW)
    claims = book.claim(dispatch, stopped, 1, NOW)
    book.turn([], claims, NOW)
    with pytest.raises(RefusedError, match="still lives"):
        impatient.resolve(dispatch, False, NOW)
    assert tally(book, dispatch) == {"in_doubt": 1}
    stopped.close()
    assert impatient.resolve(dispatch, False, NOW) == 1
    assert tally(book, dispatch) == {"planned": 1}


def test_what_comes_into_doubt_while_resend_asks_about_the_others_stays(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as gone:
        book.turn([], book.claim(dispatch, gone, 1, NOW), NOW)
    stopped = book.lease(NOW)
    book.turn([], book.claim(dispatch, stopped, 1, NOW), NOW)

    another = Watch(book._database, book._leases, timedelta(seconds=-1))

    class Meanwhile(Watch):
        def may_write(self, lease: int) -> bool:
            another.take_back(NOW)  # another process does so just now; the stopped one may still write its dot
            return super().may_write(lease)

    book._watch = Meanwhile(book._database, book._leases)
    assert book.resolve(dispatch, False, NOW) == 1
    assert tally(book, dispatch) == {"in_doubt": 1, "planned": 1}
    stopped.close()


def test_resend_is_allowed_for_what_its_own_worker_reported(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        book.turn([], [claim], NOW)
        book.turn([Outcome(claim, State.IN_DOUBT)], [], NOW)
        assert book.resolve(dispatch, False, NOW) == 1


def test_a_lease_of_another_machine_runs_out_by_its_heartbeat_alone(
    book: Ledger, impatient: Ledger, workspace: Workspace
) -> None:
    dispatch = planned(book, 1)
    elsewhere = book.lease(NOW)
    book.turn([], book.claim(dispatch, elsewhere, 1, NOW), NOW)
    for lock in (workspace.state / "leases").glob("*.lock"):
        lock.unlink()  # what another machine's lock looks like from here
    assert book.resolve(dispatch, False, NOW) == 0
    assert tally(book, dispatch) == {"in_flight": 1}
    assert impatient.resolve(dispatch, False, NOW) == 1


class _Elsewhere:
    """A lease of another machine, and the clock of the one that watches it."""

    def __init__(self, book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        self.book = book
        self.dispatch = planned(book, 1)
        self.lease = book.lease(NOW)
        self.claim = book.claim(self.dispatch, self.lease, 1, NOW)[0]
        book.turn([], [self.claim], NOW)
        for lock in book._leases.glob("*.lock"):
            lock.unlink()  # what another machine's lock looks like from here
        self.seconds = 1000.0
        monkeypatch.setattr(lease_watch, "boot_seconds", lambda: self.seconds)

    def is_silent(self, since: timedelta = timedelta(days=1)) -> None:
        """Its last heartbeat is so old by the book's clock, which may have jumped."""
        with self.book._database.write() as connection:
            at = self.book._database.clock(connection) - since
            connection.execute(sa.update(lease_rows).where(lease_rows.c.id == self.lease.id).values(beat_at=at))

    def look(self, after: float) -> bool:
        """Whether it is taken back by a look that many seconds after the last."""
        self.seconds += after
        self.book.take_back(NOW)
        return tally(self.book, self.dispatch) == {"in_doubt": 1}

    def look_in_vain(self, after: float, monkeypatch: pytest.MonkeyPatch) -> None:
        """The database is away."""
        with monkeypatch.context() as away:
            away.setattr(self.book._database, "clock", _is_away)
            with pytest.raises(CannotWriteError):
                self.look(after)


@pytest.fixture
def elsewhere(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> _Elsewhere:
    return _Elsewhere(book, monkeypatch)


def test_who_takes_a_lease_of_another_machine_has_seen_its_silence_itself(elsewhere: _Elsewhere) -> None:
    elsewhere.is_silent()
    assert [elsewhere.look(after) for after in (0, 10, 20, 20, 9.5, 0.5)] == [False] * 5 + [True]


def test_a_heartbeat_begins_the_watching_anew(elsewhere: _Elsewhere) -> None:
    elsewhere.is_silent()
    assert not any(elsewhere.look(after) for after in (0, 20, 20, 19))
    elsewhere.is_silent(timedelta(hours=1))  # it was heard of, and its machine's clock is as it is
    assert [elsewhere.look(after) for after in (1, 20, 20, 20)] == [False, False, False, True]


def test_the_time_before_a_look_that_came_late_does_not_count(elsewhere: _Elsewhere) -> None:
    """Nobody knows whether the database answered in it; after it, two heartbeats have to be missed in one piece."""
    elsewhere.is_silent()
    assert [elsewhere.look(after) for after in (0, 20, 20, 20.5, 19.5, 0.5)] == [False] * 5 + [True]


def test_what_was_seen_before_the_end_has_to_be_seen_whole(elsewhere: _Elsewhere) -> None:
    elsewhere.is_silent()
    assert [elsewhere.look(after) for after in (0, 20, 90, 20, 19.5, 0.5)] == [False] * 5 + [True]


def test_a_look_that_failed_is_a_gap(elsewhere: _Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that was away at the end of a lease does not have its time waited for anew."""
    elsewhere.is_silent()
    assert not any(elsewhere.look(after) for after in (0, 20, 20, 10))
    elsewhere.look_in_vain(5, monkeypatch)
    assert [elsewhere.look(after) for after in (5, 10, 9.5, 0.5)] == [False, False, False, True]


def test_who_is_heard_of_after_a_gap_keeps_what_it_has(elsewhere: _Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere.is_silent()
    assert not any(elsewhere.look(after) for after in (0, 20, 20, 19))
    elsewhere.look_in_vain(5, monkeypatch)
    assert not elsewhere.look(5)
    elsewhere.is_silent(timedelta(hours=1))
    assert not any(elsewhere.look(after) for after in (5, 20, 20, 19))


def _is_away(_connection: sa.Connection) -> datetime:
    raise CannotWriteError(Verbatim("the server is away"))


def test_what_was_silent_may_be_sent_again_after_two_leases(elsewhere: _Elsewhere) -> None:
    book, dispatch = elsewhere.book, elsewhere.dispatch
    elsewhere.is_silent()
    assert [elsewhere.look(after) for after in (0, 20, 20, 20)] == [False, False, False, True]
    _ended_before(book, elsewhere.lease.id, timedelta(seconds=59))
    with pytest.raises(RefusedError, match="still lives"):
        book.resolve(dispatch, False, NOW)
    _ended_before(book, elsewhere.lease.id, timedelta(seconds=61))
    assert book.resolve(dispatch, False, NOW) == 1


def _ended_before(book: Ledger, lease: int, length: timedelta) -> None:
    with book._database.write() as connection:
        at = book._database.clock(connection) - length
        connection.execute(sa.update(lease_rows).where(lease_rows.c.id == lease).values(ended_at=at))


def test_whose_lock_was_free_may_be_sent_again_at_once(book: Ledger) -> None:
    dispatch = planned(book, 1)
    gone = book.lease(NOW)
    book.turn([], book.claim(dispatch, gone, 1, NOW), NOW)
    gone._lock.abandon()
    book.take_back(NOW)
    assert book.resolve(dispatch, False, NOW) == 1


def test_what_another_machine_holds_is_counted_apart(elsewhere: _Elsewhere) -> None:
    with elsewhere.book.lease(NOW) as mine:
        assert elsewhere.book.held_elsewhere(elsewhere.dispatch, mine) == 1
        assert elsewhere.book.held_by_others(elsewhere.dispatch, mine) == 1
