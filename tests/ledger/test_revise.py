"""A corrected edition reaches all who wait, and nobody is sent the old words any more, whoever holds claims."""

from datetime import timedelta

import pytest

from newsletter.catalogue import Verbatim
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Outcome, State
from tests.support.books import LIST, NOW, edition, letterhead, planned, reader, readers, sent, tally

CORRECTED = edition(words="고친 글")


def words_of(book: Ledger, dispatch: int) -> dict[str, str]:
    """By reader, the subject that the delivery's own edition has."""
    with book._database.read() as connection:
        rows = connection.exec_driver_sql(f"SELECT key, edition_id FROM deliveries WHERE dispatch_id = {dispatch}")
        return {key.partition("@")[0]: book.edition(number).subject.split()[-1] for key, number in rows}


def test_those_who_wait_get_the_corrected_words_and_the_others_keep_theirs(book: Ledger) -> None:
    dispatch = planned(book, 6)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 5, NOW)
        book.turn([], claims[:4], NOW)
        later = Outcome(claims[1], State.DEFERRED, due_at=NOW)
        book.turn([sent(claims[0]), later, Outcome(claims[2], State.IN_DOUBT)], [], NOW)
        # 0 sent, 1 deferred, 2 in doubt, 3 in flight, 4 claimed, 5 planned
        assert book.revise(dispatch, {"ko": CORRECTED}) == 3
        old, new = "2021-07", "글"
        assert words_of(book, dispatch) == {
            "reader0": old, "reader1": new, "reader2": old, "reader3": old, "reader4": new, "reader5": new,
        }  # fmt: skip
        assert book.turn([sent(claims[3])], [], NOW) == frozenset()
    assert tally(book, dispatch) == {"sent": 2, "deferred": 1, "in_doubt": 1, "planned": 2}
    assert book.frozen(dispatch) == (letterhead(), {"ko": CORRECTED})


def test_a_claim_with_the_old_words_may_not_be_sent(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 2, NOW)
        book.revise(dispatch, {"ko": CORRECTED})
        assert book.turn([], claims, NOW) == {claim.delivery for claim in claims}
        again = book.claim(dispatch, lease, 2, NOW)
        assert [claim.key for claim in again] == [claim.key for claim in claims]
        assert {book.edition(claim.edition).subject for claim in again} == {CORRECTED.subject}
        assert book.turn([], again, NOW) == frozenset()


def test_what_is_in_doubt_is_sent_again_as_it_was(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with book.lease(NOW) as lease:
        book.turn([], book.claim(dispatch, lease, 1, NOW), NOW)
    assert book.revise(dispatch, {"ko": CORRECTED}) == 0
    book.resolve(dispatch, False, NOW)
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        assert book.edition(claim.edition).subject.endswith("2021-07")


def test_it_can_be_revised_again_and_back(book: Ledger) -> None:
    dispatch = planned(book, 1)
    first = edition(words="2021-07")
    for letter in (CORRECTED, edition(words="once more"), first):
        assert book.revise(dispatch, {"ko": letter}) == 1
        assert book.frozen(dispatch)[1] == {"ko": letter}


def test_what_is_the_same_is_no_correction(book: Ledger) -> None:
    dispatch = planned(book, 1)
    with pytest.raises(RefusedError, match="nothing to correct"):
        book.revise(dispatch, {"ko": edition(words="2021-07")})


def test_a_copy_of_the_corrected_issue_is_known_too(book: Ledger) -> None:
    """Promise 8 holds for what was revised: neither may it be what another issue said, nor may another say it later."""
    dispatch = planned(book, 1)
    planned(book, [reader(9)], slug="2021-06")
    with pytest.raises(RefusedError, match="2021-06"):
        book.revise(dispatch, {"ko": edition(words="2021-06")})
    assert book.revise(dispatch, {"ko": CORRECTED}) == 1
    record = book.find(LIST, "2021-07")
    assert record is not None
    with pytest.raises(RefusedError, match="2021-07"):
        book.plan(letterhead("2021-09"), {"ko": edition("2021-09", words="고친 글")}, readers(1), NOW)


def test_words_that_were_corrected_before_anybody_got_them_are_free_for_the_issue_they_belong_to(book: Ledger) -> None:
    """The wrong file was planned, noticed, and put right: nobody was sent what the other issue says."""
    dispatch = planned(book, 2)
    book.revise(dispatch, {"ko": CORRECTED})
    other = book.plan(letterhead("2021-08"), {"ko": edition("2021-08", words="2021-07")}, readers(2), NOW)
    assert not other.existing


def test_words_that_somebody_got_or_still_may_get_are_not(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        book.turn([], book.claim(dispatch, lease, 1, NOW), NOW)
    book.revise(dispatch, {"ko": CORRECTED})
    for decide in (lambda: None, lambda: book.resolve(dispatch, False, NOW)):
        decide()
        with pytest.raises(RefusedError, match="2021-07"):
            book.plan(letterhead("2021-08"), {"ko": edition("2021-08", words="2021-07")}, readers(2), NOW)


def test_nobody_is_left_behind_with_the_old_words(book: Ledger) -> None:
    letters = {"ko": edition(), "en": edition(variant="en", words="growth")}
    audience = [reader(0), reader(1, "en")]
    dispatch = book.plan(letterhead(), letters, audience, NOW).dispatch
    with pytest.raises(RefusedError, match="wait for the edition en"):
        book.revise(dispatch, {"ko": CORRECTED})
    assert book.frozen(dispatch)[1] == letters


def test_a_cancelled_dispatch_is_not_revised_and_a_paused_one_is(book: Ledger) -> None:
    dispatch = planned(book, 1)
    book.pause(dispatch, Verbatim(""), NOW)
    assert book.revise(dispatch, {"ko": CORRECTED}) == 1
    book.cancel(dispatch, NOW)
    with pytest.raises(RefusedError, match="cancelled"):
        book.revise(dispatch, {"ko": edition(words="2021-07")})


def test_who_waits_can_be_asked_with_the_values_frozen_for_them(book: Ledger) -> None:
    dispatch = planned(book, 1200)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 2, NOW)
        book.turn([], claims, NOW)
        book.turn([sent(claim) for claim in claims], [], NOW + timedelta(hours=1))
        assert [row.key for row in book.waiting(dispatch)] == [row.key for row in readers(1200)[2:]]
    assert list(book.waiting(dispatch, [claims[0].key, "reader7@example.com"])) == [reader(7)]
