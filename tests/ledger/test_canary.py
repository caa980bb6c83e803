"""A canary: a few get it first, from one process alone, and then it pauses, however that process ended."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import RefusedError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import DispatchStatus, Outcome, State
from newsletter.settings.workspace import Workspace
from tests.support.books import NOW, edition, letterhead, planned, readers, sent, tally

PAUSED = (DispatchStatus.PAUSED, phrase("ledger.pause.canary", first=2))
RUNNING = (DispatchStatus.RUNNING, None)


def how(book: Ledger, dispatch: int) -> tuple[DispatchStatus, Said | None]:
    record = book.record(dispatch)
    assert record.canary_lease is None
    assert record.canary_of is None
    return record.status, record.reason


def close(lease: Lease, _workspace: Workspace) -> None:
    lease.close(NOW)


def unlock(lease: Lease) -> None:
    """What the kernel does when a process dies."""
    assert lease._lock._descriptor is not None
    os.close(lease._lock._descriptor)
    lease._lock._descriptor = None


def die(lease: Lease, workspace: Workspace) -> None:
    unlock(lease)
    with open_ledger(workspace, Purpose.DUE) as cron, cron.lease(NOW) as theirs:
        assert cron.claim(1, theirs, 9, NOW) == []


def be_silent(_lease: Lease, workspace: Workspace) -> None:
    with (
        open_ledger(workspace, Purpose.DUE, lease_lasts=timedelta(seconds=-1)) as impatient,
        impatient.lease(NOW) as theirs,
    ):
        assert impatient.claim(1, theirs, 9, NOW) == []


@pytest.mark.parametrize("end", [close, die, be_silent])
@pytest.mark.parametrize("progress", ["not begun", "claimed", "in flight", "sent"])
def test_it_pauses_however_it_ends(
    book: Ledger, workspace: Workspace, end: Callable[[Lease, Workspace], None], progress: str
) -> None:
    dispatch = planned(book, 4)
    lease = book.lease(NOW)
    book.begin_canary(dispatch, lease, 2, NOW)
    if progress != "not begun":
        claims = book.claim(dispatch, lease, 2, NOW)
        if progress != "claimed":
            book.turn([], claims, NOW)
        if progress == "sent":
            book.turn([sent(claim) for claim in claims], [], NOW)
    end(lease, workspace)
    assert how(book, dispatch) == PAUSED
    with book.lease(NOW) as later:
        assert book.claim(dispatch, later, 9, NOW) == []
        assert book.resume(dispatch, NOW)
        assert len(book.claim(dispatch, later, 9, NOW)) >= 2


def test_nobody_else_is_handed_anything_meanwhile(book: Ledger) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        book.begin_canary(dispatch, mine, 2, NOW)
        record = book.record(dispatch)
        assert (record.status, record.canary_of, record.canary_lease) == (DispatchStatus.RUNNING, 2, mine.id)
        assert book.claim(dispatch, theirs, 9, NOW) == []
        assert len(book.claim(dispatch, mine, 2, NOW)) == 2


def test_where_nothing_is_left_it_does_not_pause(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 2, NOW)
        claims = book.claim(dispatch, lease, 2, NOW)
        book.turn([], claims, NOW)
        book.turn([sent(claims[0]), Outcome(claims[1], State.IN_DOUBT)], [], NOW)
    assert how(book, dispatch) == RUNNING


def test_it_is_refused_while_another_process_is_at_work(book: Ledger) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        book.claim(dispatch, theirs, 1, NOW)
        with pytest.raises(RefusedError, match="Another process is sending 2021-07"):
            book.begin_canary(dispatch, mine, 2, NOW)
    assert how(book, dispatch) == RUNNING


def test_two_canaries_at_once_are_one_too_many(book: Ledger) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        book.begin_canary(dispatch, theirs, 2, NOW)
        with pytest.raises(RefusedError):
            book.begin_canary(dispatch, mine, 2, NOW)
    assert how(book, dispatch) == PAUSED


def test_what_a_dead_process_held_refuses_no_canary(book: Ledger) -> None:
    dispatch = planned(book, 4)
    dead = book.lease(NOW)
    book.claim(dispatch, dead, 1, NOW)
    unlock(dead)
    with book.lease(NOW) as mine:
        book.begin_canary(dispatch, mine, 2, NOW)
        assert len(book.claim(dispatch, mine, 2, NOW)) == 2


@pytest.mark.parametrize("word", ["cancelled", "by hand"])
def test_what_people_said_meanwhile_stands(book: Ledger, word: str) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 2, NOW)
        if word == "cancelled":
            book.cancel(dispatch, NOW)
        else:
            book.pause(dispatch, Verbatim(word), NOW)
    expected = {"cancelled": (DispatchStatus.CANCELLED, None), "by hand": (DispatchStatus.PAUSED, Verbatim("by hand"))}
    assert how(book, dispatch) == expected[word]


def test_resumed_before_its_process_is_gone_it_goes_on(book: Ledger) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as lease, book.lease(NOW) as theirs:
        book.begin_canary(dispatch, lease, 2, NOW)
        book.pause(dispatch, Verbatim("by hand"), NOW)
        book.resume(dispatch, NOW)
        assert len(book.claim(dispatch, theirs, 9, NOW)) == 4
    assert how(book, dispatch) == RUNNING


@pytest.mark.parametrize("stopped", ["paused", "cancelled"])
def test_what_does_not_run_stays_as_it_is(book: Ledger, stopped: str) -> None:
    dispatch = planned(book, 4)
    if stopped == "paused":
        book.pause(dispatch, Verbatim("by hand"), NOW)
    else:
        book.cancel(dispatch, NOW)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 2, NOW)
        assert book.claim(dispatch, lease, 2, NOW) == []
    assert how(book, dispatch)[0] == stopped


def test_planned_for_a_canary_nobody_can_begin_with_everybody(book: Ledger) -> None:
    dispatch = book.plan(letterhead(), {"ko": edition()}, readers(4), NOW, canary=2).dispatch
    record = book.record(dispatch)
    assert (record.status, record.reason, record.canary_of) == (*PAUSED, 2)
    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        assert book.claim(dispatch, theirs, 9, NOW) == []
        book.begin_canary(dispatch, mine, 2, NOW)
        assert len(book.claim(dispatch, mine, 2, NOW)) == 2
    assert how(book, dispatch) == PAUSED


def test_planned_for_a_canary_and_paused_by_hand_it_does_not_begin(book: Ledger) -> None:
    dispatch = book.plan(letterhead(), {"ko": edition()}, readers(4), NOW, canary=2).dispatch
    book.pause(dispatch, Verbatim("by hand"), NOW)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 2, NOW)
        assert book.claim(dispatch, lease, 2, NOW) == []
    assert tally(book, dispatch) == {"planned": 4}
