"""Claims, intents and outcomes: nobody gets it twice, nobody is lost, and the counts always add up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.catalogue import Verbatim
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, hash_of, planned, sent, tally

LATER = NOW + timedelta(minutes=5)
UNKNOWN = Reply("rcpt", 550, "5.1.1", "User unknown")


def test_a_delivery_goes_from_planned_to_sent(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 5, NOW)
        assert tally(book, dispatch) == {"claimed": 1}
        assert book.turn([], [claim], NOW) == frozenset()
        assert tally(book, dispatch) == {"in_flight": 1}
        assert book.turn([sent(claim)], [], LATER) == frozenset()
    (record,) = book.deliveries(dispatch, [State.SENT])
    assert (record.reply, record.attempts, record.changed_at, record.line) == (ACCEPTED, 1, LATER, 2)
    assert book.unfinished(LIST) == []


def test_outcomes_and_intents_share_one_turn(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 5, NOW)
        book.turn([], [first], NOW)
        assert book.turn([sent(first)], [second], NOW) == frozenset()
        assert tally(book, dispatch) == {"sent": 1, "in_flight": 1}


def test_two_leases_never_get_the_same_delivery(book: Ledger) -> None:
    dispatch = planned(book, 9)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        mine = book.claim(dispatch, one, 4, NOW)
        theirs = book.claim(dispatch, two, 9, NOW)
        assert (len(mine), len(theirs)) == (4, 5)
        assert not {claim.delivery for claim in mine} & {claim.delivery for claim in theirs}
        assert (book.held_by_others(dispatch, one), book.held_by_others(dispatch, two)) == (5, 4)


def test_what_is_sent_or_failed_is_never_claimed_again(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 5, NOW)
        book.turn([], [first, second], NOW)
        book.turn([sent(first), Outcome(second, State.FAILED, UNKNOWN)], [], NOW)
        assert book.claim(dispatch, lease, 5, NOW + timedelta(days=9), retry_now=True) == []
        late = [Outcome(first, State.DEFERRED, due_at=NOW), sent(second)]
        assert book.turn(late, [first, second], NOW) == {first.delivery, second.delivery}
    assert tally(book, dispatch) == {"sent": 1, "failed": 1}


def test_a_foreign_fence_is_lost_and_the_rest_of_the_turn_counts(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        claims = book.claim(dispatch, one, 3, NOW)
        stranger = replace(claims[1], lease=two.id)
        assert book.turn([], [claims[0], stranger, claims[2]], NOW) == {stranger.delivery}
        assert tally(book, dispatch) == {"in_flight": 2, "claimed": 1}
        mixed = [sent(claims[0]), sent(stranger), Outcome(replace(claims[2], lease=two.id), State.PLANNED)]
        assert book.turn(mixed, [], NOW) == {stranger.delivery, claims[2].delivery}
        assert tally(book, dispatch) == {"sent": 1, "in_flight": 1, "claimed": 1}


def test_deferred_waits_until_it_is_due_and_keeps_its_attempts(book: Ledger) -> None:
    dispatch = planned(book, 1)
    grey = Reply("rcpt", 451, "4.7.1", "Greylisted")
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        book.turn([], [claim], NOW)
        book.turn([Outcome(claim, State.DEFERRED, grey, "greylist", due_at=LATER)], [], NOW)
        assert book.next_due(dispatch) == LATER
        assert book.claim(dispatch, lease, 1, LATER - timedelta(seconds=1)) == []
        (again,) = book.claim(dispatch, lease, 1, LATER)
    assert (again.attempts, again.first_attempt_at) == (1, NOW)
    (record,) = book.deliveries(dispatch, [State.DEFERRED])
    assert (record.due_at, record.reply, record.reply_class) == (LATER, grey, "greylist")


def test_whatever_a_relay_says_can_be_kept(book: Ledger) -> None:
    dispatch = planned(book, 1)
    rubbish = Reply("rcpt", 550, "5.0.0", "no\0 \udcff " + "거절 " * 1000)
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        book.turn([Outcome(claim, State.FAILED, rubbish)], [], NOW)
    book.pause(dispatch, Verbatim(rubbish.text), NOW)
    (record,) = book.deliveries(dispatch, [State.FAILED])
    assert record.reply is not None
    assert record.reply.text.startswith("no\ufffd ? 거절 거절")
    assert len(record.reply.text) == 500


def test_put_back_goes_where_it_came_from_and_uses_no_attempt(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([Outcome(first, State.DEFERRED, due_at=NOW)], [], NOW)
        (again,) = book.claim(dispatch, lease, 1, NOW)
        assert again.delivery == first.delivery
        book.turn([], [second], NOW)
        back = [Outcome(claim, State.PLANNED, attempted=False) for claim in (again, second)]
        assert book.turn(back, [], NOW) == frozenset()
        assert tally(book, dispatch) == {"deferred": 1, "planned": 1}
        assert [claim.attempts for claim in book.claim(dispatch, lease, 2, NOW)] == [1, 0]


def test_retry_now_ignores_waiting_times_but_only_once_a_run(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        book.turn([Outcome(claim, State.DEFERRED, due_at=NOW + timedelta(hours=4))], [], NOW)
    with book.lease(LATER) as lease:
        assert book.claim(dispatch, lease, 1, LATER) == []
        (claim,) = book.claim(dispatch, lease, 1, LATER, retry_now=True)
        book.turn([Outcome(claim, State.DEFERRED, due_at=NOW + timedelta(hours=8))], [], LATER)
        assert book.claim(dispatch, lease, 1, LATER, retry_now=True) == []


def test_who_leaves_during_a_run_does_not_get_it(book: Ledger) -> None:
    dispatch = planned(book, 4)
    with book.lease(NOW) as lease:
        book.suppress(LIST, address_hash=hash_of("reader0@example.com"), reason="unsubscribed", now=NOW)
        claims = book.claim(dispatch, lease, 3, NOW)
        assert [claim.key for claim in claims] == [f"reader{n}@example.com" for n in (1, 2, 3)]
        book.suppress(LIST, key="reader2@example.com", reason="manual", now=NOW)
        assert book.turn([], claims, NOW) == {claims[1].delivery}
        assert tally(book, dispatch) == {"suppressed": 2, "in_flight": 2}


@pytest.mark.parametrize("stop", ["pause", "cancel"])
def test_no_intent_gets_through_after_the_kill_switch(book: Ledger, stop: str) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([], [first], NOW)
        if stop == "pause":
            assert book.pause(dispatch, Verbatim("asked to"), NOW)
        else:
            assert book.cancel(dispatch, NOW) == 2
        assert book.turn([sent(first)], [second], NOW) == {second.delivery}
        assert book.claim(dispatch, lease, 5, NOW) == []
    rest = {"planned": 2} if stop == "pause" else {"cancelled": 2}
    assert tally(book, dispatch) == {"sent": 1, **rest}


def test_what_the_relay_said_of_an_envelope_counts_although_its_mark_was_refused(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease, book.lease(NOW) as other:
        first, second, third = book.claim(dispatch, lease, 3, NOW)
        book.pause(dispatch, Verbatim("enough"), NOW)
        assert len(book.turn([], [first, second, third], NOW)) == 3
        assert book.turn([Outcome(first, State.FAILED, UNKNOWN)], [], NOW) == frozenset()
        book.resume(dispatch, NOW)
        (taken,) = (claim for claim in book.claim(dispatch, other, 1, NOW) if claim.key == second.key)
        assert book.turn([Outcome(second, State.FAILED, UNKNOWN)], [taken], NOW) == {second.delivery}
        assert tally(book, dispatch) == {"failed": 1, "in_flight": 1, "planned": 1}
        # Once more is once too often.
        assert book.turn([Outcome(first, State.FAILED, UNKNOWN)], [], NOW) == {first.delivery}
    assert [str(found.promise) for found in book.verify() if found.broken] == []


def test_what_comes_back_unsent_to_a_cancelled_dispatch_is_cancelled(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([], [first, second], NOW)
        book.cancel(dispatch, NOW)
        back = [Outcome(first, State.DEFERRED, due_at=LATER), Outcome(second, State.PLANNED, attempted=False)]
        assert book.turn(back, [], NOW) == frozenset()
    assert tally(book, dispatch) == {"cancelled": 2}
    with pytest.raises(RefusedError, match="cancelled"):
        book.resume(dispatch, NOW)
