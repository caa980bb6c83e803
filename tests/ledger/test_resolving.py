"""What is in doubt is decided by somebody, for all or for some, and can be taken back until it is built upon."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError
from newsletter.ledger.lease_watch import Watch
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.resolving import NotInDoubtError
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import no_reply
from tests.support.books import NOW, edition, planned, reader, sent, tally

HOUR = timedelta(hours=1)


def test_resolved_as_sent_is_sent(book: Ledger) -> None:
    dispatch = _doubtful(book)
    assert book.resolve(dispatch, True, NOW) == 2
    assert tally(book, dispatch) == {"sent": 2}
    assert book.resolve(dispatch, False, NOW) == 0


def test_what_a_person_decided_was_no_rule_of_ours(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease:
        [claim] = book.claim(dispatch, lease, 1, NOW)
        book.turn([], [claim], NOW)
        lost = no_reply("dot", phrase("smtp.lost.closed_by_relay"))
        book.turn([Outcome(claim, State.IN_DOUBT, lost, "lost")], [], NOW)
    book.resolve(dispatch, True, NOW)
    assert [(kind.reply_class, kind.reply_rule) for kind in book.replies(dispatch)] == [("lost", "")]


def test_resolved_to_resend_is_tried_afresh(book: Ledger) -> None:
    dispatch = _doubtful(book)
    assert book.resolve(dispatch, False, NOW) == 2
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 5, NOW)
        assert [claim.first_attempt_at for claim in claims] == [None, None]
        book.turn([], claims, NOW)
        assert book.turn([sent(claim) for claim in claims], [], NOW) == frozenset()
    assert tally(book, dispatch) == {"sent": 2}


def test_a_cancelled_dispatch_is_not_resent(book: Ledger) -> None:
    dispatch = _doubtful(book)
    book.cancel(dispatch, NOW)
    with pytest.raises(RefusedError, match="cancelled"):
        book.resolve(dispatch, False, NOW)
    assert book.resolve(dispatch, True, NOW) == 2


def test_only_those_who_are_named_are_decided_about(book: Ledger) -> None:
    dispatch = _doubtful(book, 3)
    assert book.resolve(dispatch, True, NOW, keys=[reader(1).key]) == 1
    assert {row.key: row.state for row in book.deliveries(dispatch)} == {
        reader(0).key: State.IN_DOUBT,
        reader(1).key: State.SENT,
        reader(2).key: State.IN_DOUBT,
    }


@pytest.mark.parametrize("as_sent", [True, False])
@pytest.mark.parametrize("strange", [reader(1).key, reader(7).key, "nobody@example.net"])
def test_one_who_is_not_in_doubt_stops_the_whole_decision(book: Ledger, as_sent: bool, strange: str) -> None:
    dispatch = _doubtful(book, 3)
    book.resolve(dispatch, True, NOW, keys=[reader(1).key])
    with pytest.raises(NotInDoubtError) as refused:
        book.resolve(dispatch, as_sent, NOW, keys=[reader(0).key, strange, reader(2).key])
    assert (refused.value.keys, refused.value.exit_code) == ((strange,), 65)
    assert strange in str(refused.value)
    assert tally(book, dispatch) == {"in_doubt": 2, "sent": 1}
    assert book.undo_resolve(dispatch) == 1  # of the first decision: the refused one has left nothing behind


def test_more_of_them_than_a_statement_takes(book: Ledger) -> None:
    dispatch = _doubtful(book, 1203)
    assert book.resolve(dispatch, False, NOW, keys=[reader(number).key for number in range(1202)]) == 1202
    assert tally(book, dispatch) == {"in_doubt": 1, "planned": 1202}
    assert book.undo_resolve(dispatch) == 1202


@pytest.mark.parametrize("as_sent", [True, False])
def test_undone_they_are_what_they_were(book: Ledger, as_sent: bool) -> None:
    dispatch = _doubtful(book)
    before = list(book.deliveries(dispatch))
    book.resolve(dispatch, as_sent, NOW + HOUR)
    assert book.undo_resolve(dispatch) == 2
    assert list(book.deliveries(dispatch)) == before
    with book.lease(NOW) as lease:
        assert book.claim(dispatch, lease, 5, NOW + 9 * HOUR) == []


def test_decisions_are_undone_one_after_the_other_last_first(book: Ledger) -> None:
    dispatch = _doubtful(book, 3)
    book.resolve(dispatch, False, NOW, keys=[reader(0).key])
    book.resolve(dispatch, True, NOW, keys=[reader(1).key])
    assert book.undo_resolve(dispatch) == 1
    assert tally(book, dispatch) == {"in_doubt": 2, "planned": 1}
    book.resolve(dispatch, True, NOW)
    assert book.undo_resolve(dispatch) == 2
    assert book.undo_resolve(dispatch) == 1
    assert tally(book, dispatch) == {"in_doubt": 3}
    with pytest.raises(RefusedError, match="nothing was decided"):
        book.undo_resolve(dispatch)


def test_another_issue_keeps_what_was_decided_of_it(book: Ledger) -> None:
    first, second = _doubtful(book), _doubtful(book, slug="2021-08")
    book.resolve(first, True, NOW)
    book.resolve(second, True, NOW)
    with book.lease(NOW) as lease:
        book.claim(planned(book, 1, slug="2021-09"), lease, 1, NOW)
    assert book.undo_resolve(first) == 2
    assert (tally(book, first), tally(book, second)) == ({"in_doubt": 2}, {"sent": 2})


def _claim(book: Ledger, dispatch: int) -> None:
    with book.lease(NOW) as lease:
        assert book.claim(dispatch, lease, 1, NOW)


def _suppress_and_claim(book: Ledger, dispatch: int) -> None:
    for number in range(3):
        book.suppress("*", reason="unsubscribed", now=NOW, key=reader(number).key)
    with book.lease(NOW) as lease:
        assert book.claim(dispatch, lease, 5, NOW) == []


def _cancel(book: Ledger, dispatch: int) -> None:
    book.cancel(dispatch, NOW)


def _revise(book: Ledger, dispatch: int) -> None:
    book.revise(dispatch, {"ko": edition(words="corrected")})


@pytest.mark.parametrize("build", [_claim, _suppress_and_claim, _cancel, _revise])
@pytest.mark.parametrize("as_sent", [True, False])
def test_what_was_built_upon_is_not_undone(book: Ledger, as_sent: bool, build: Callable[[Ledger, int], None]) -> None:
    """Somebody besides them waits, so that there is something to claim whatever was decided."""
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        book.turn([], book.claim(dispatch, lease, 2, NOW), NOW)
    book.resolve(dispatch, as_sent, NOW)
    build(book, dispatch)
    before = list(book.deliveries(dispatch))
    with pytest.raises(RefusedError, match="cannot be undone") as refused:
        book.undo_resolve(dispatch)
    assert refused.value.exit_code == 77
    assert list(book.deliveries(dispatch)) == before


def test_a_look_that_finds_nothing_to_claim_is_no_claim(book: Ledger) -> None:
    dispatch = _doubtful(book)
    book.resolve(dispatch, True, NOW)
    with book.lease(NOW) as lease:
        assert book.claim(dispatch, lease, 5, NOW) == []
    assert book.undo_resolve(dispatch) == 2


def test_sending_again_is_asked_of_the_named_ones_workers_alone(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as gone:
        book.turn([], book.claim(dispatch, gone, 1, NOW), NOW)
    alive = book.lease(NOW)
    [claim] = book.claim(dispatch, alive, 1, NOW)
    book.turn([], [claim], NOW)
    Watch(book._database, book._leases, timedelta(seconds=-1)).take_back(NOW)  # ran out, while its process lives
    assert tally(book, dispatch) == {"in_doubt": 2}
    with pytest.raises(RefusedError, match="still lives"):
        book.resolve(dispatch, False, NOW, keys=[reader(0).key, claim.key])
    assert book.resolve(dispatch, False, NOW, keys=[reader(0).key]) == 1
    alive.close()


def _doubtful(book: Ledger, count: int = 2, slug: str = "2021-07") -> int:
    dispatch = planned(book, count, slug)
    with book.lease(NOW) as lease:
        book.turn([], book.claim(dispatch, lease, count, NOW), NOW)
    assert tally(book, dispatch) == {"in_doubt": count}
    return dispatch
