"""Second thoughts about what was written down: fenced by what has happened to the delivery since."""

from datetime import timedelta

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import Reply
from tests.support.books import NOW, planned, sent, tally

LATER = NOW + timedelta(hours=1)
REFUSED = Reply("rcpt", 550, "", "no more of this")


def test_what_was_cancelled_meanwhile_is_not_taken_up_again(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        expired, failed, waits = book.claim(dispatch, lease, 3, NOW)
        outcomes = [
            Outcome(expired, State.EXPIRED, REFUSED, "temporary"),
            Outcome(failed, State.FAILED, REFUSED, "permanent"),
            Outcome(waits, State.DEFERRED, REFUSED, "permanent", due_at=LATER),
        ]
        book.turn(outcomes, [], NOW)
        book.cancel(dispatch, NOW)
        before = tally(book, dispatch)
        assert before == {"expired": 1, "failed": 1, "cancelled": 1}
        book.untry(outcomes, LATER)
        book.doubt_refusals([failed], LATER)
        assert tally(book, dispatch) == before


@pytest.mark.parametrize("becomes", [State.SENT, State.CLAIMED])
def test_what_somebody_has_taken_up_meanwhile_stays(book: Ledger, becomes: State) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease, book.lease(NOW) as other:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        outcome = Outcome(claim, State.DEFERRED, REFUSED, "permanent", due_at=NOW)
        book.turn([outcome], [], NOW)
        (taken,) = book.claim(dispatch, other, 1, LATER)
        if becomes is State.SENT:
            book.turn([], [taken], LATER)
            book.turn([sent(taken)], [], LATER)
        book.untry([outcome], LATER)
        book.believe([claim], LATER)
        assert tally(book, dispatch) == {str(becomes): 1}
