"""Domains that are left out of a claim, and what is remembered of a relay's pace."""

from datetime import timedelta

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Learned, Outcome, PlannedDelivery, State
from tests.support.books import NOW, hash_of, planned, sent

RELAY = "relay.example.org:587"


def to(address: str) -> PlannedDelivery:
    return PlannedDelivery(address, address, hash_of(address), "ko", {"email": address}, 2)


def test_recipients_in_a_domain_that_is_left_out_stay_where_they_are(book: Ledger) -> None:
    rows = ["a@naver.com", "b@mail.naver.com", "c@notnaver.com", "d@example.com", "e@naver.com.example.org"]
    dispatch = planned(book, [to(address) for address in rows])
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 10, NOW, without=["naver.com", "under_score.example"])
        assert [claim.key for claim in claims] == rows[2:]
        assert [claim.key for claim in book.claim(dispatch, lease, 10, NOW)] == rows[:2]


def test_a_deferred_one_is_left_out_too_and_keeps_its_time(book: Ledger) -> None:
    dispatch = planned(book, [to("a@naver.com"), to("b@example.com")])
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 2, NOW)
        book.turn([], claims, NOW)
        book.turn([Outcome(claim, State.DEFERRED, due_at=NOW) for claim in claims], [], NOW)
        taken = book.claim(dispatch, lease, 2, NOW, without=["naver.com"])
        assert [claim.key for claim in taken] == ["b@example.com"]
        book.turn([sent(taken[0])], [], NOW)
        assert book.next_due(dispatch) == NOW


def test_what_was_learned_is_kept_for_a_day_and_for_its_relay(book: Ledger) -> None:
    lessons = [Learned("", 2.5), Learned("naver.com", 1.0, 12, NOW + timedelta(minutes=5))]
    book.learn(RELAY, lessons, NOW)
    book.learn("another:25", [Learned("", 1.0)], NOW)
    assert book.learned(RELAY, NOW + timedelta(hours=23)) == lessons
    assert [(one.domain, one.rests_until) for one in book.resting(NOW)] == [("naver.com", NOW + timedelta(minutes=5))]
    assert book.resting(NOW + timedelta(minutes=5)) == []
    assert book.learned(RELAY, NOW + timedelta(hours=24)) == []
    book.learn(RELAY, lessons[1:], NOW)
    assert book.learned(RELAY, NOW) == lessons[1:]
    book.learn(RELAY, [], NOW + timedelta(hours=30))
    assert book.learned("another:25", NOW) == []  # too old for anybody, so it is cleared away
