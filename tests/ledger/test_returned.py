"""What came back of an issue is counted for it: refused as bad, bounced since, complained since."""

from datetime import timedelta

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Outcome, State, SuppressionReason
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, hash_of, planned, sent

BAD, COMPLAINED = SuppressionReason.BAD_ADDRESS, SuppressionReason.COMPLAINED
NO_SUCH_USER = Reply("rcpt", 550, "5.1.1", "no such user")
BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.fixture
def issue(book: Ledger) -> int:
    """Went to reader0 to reader3; reader4 does not exist, reader5 was refused for another reason."""
    dispatch = planned(book, 6)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 6, NOW)
        outcomes = [sent(claim) for claim in claims[:4]]
        outcomes.append(Outcome(claims[4], State.FAILED, NO_SUCH_USER, "bad_address"))
        outcomes.append(Outcome(claims[5], State.FAILED, Reply("rcpt", 550, "5.7.1", "no"), "policy"))
        book.turn([], claims, NOW)
        book.turn(outcomes, [], NOW)
    return dispatch


def key(number: int) -> str:
    return f"reader{number}@example.com"


def test_only_who_does_not_exist_was_refused_as_such(book: Ledger, issue: int) -> None:
    assert book.refused_addresses(issue) == 1


def test_counted_is_who_got_it_and_was_suppressed_since(book: Ledger, issue: int) -> None:
    book.suppress("*", key=key(0), reason=COMPLAINED, now=LATER)
    book.suppress(LIST, address_hash=hash_of(key(1)), reason=COMPLAINED, now=LATER)
    book.suppress("*", key=key(2), reason=BAD, now=LATER)
    not_of_it = [
        ("*", key(3), COMPLAINED, BEFORE),  # before the issue
        ("*", "stranger@example.com", COMPLAINED, LATER),  # never had it
        ("another.news.example.org", key(3), COMPLAINED, LATER),  # of another newsletter alone
        ("*", key(4), BAD, LATER),  # counted as refused
        (LIST, key(3), SuppressionReason.UNSUBSCRIBED, LATER),
    ]
    for newsletter, who, reason, at in not_of_it:
        book.suppress(newsletter, key=who, reason=reason, now=at)
    assert book.suppressed_since(issue, COMPLAINED) == 2
    assert book.suppressed_since(issue, BAD) == 1


def test_what_was_lifted_counts_no_more(book: Ledger, issue: int) -> None:
    book.suppress("*", key=key(0), reason=COMPLAINED, now=LATER)
    book.unsuppress(LIST, key(0), b"", LATER)
    assert book.suppressed_since(issue, COMPLAINED) == 0


def test_what_was_said_once_is_known_without_saying_it(book: Ledger) -> None:
    assert not book.was_said(LIST, "bounces 2021-07")
    assert book.say_once(LIST, "bounces 2021-07", NOW)
    assert book.was_said(LIST, "bounces 2021-07")
    assert not book.was_said("another.news.example.org", "bounces 2021-07")
