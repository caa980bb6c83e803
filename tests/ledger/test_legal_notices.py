"""Notices of the law: begun once, ended with the relay's words, and in doubt where nobody knows."""

from datetime import timedelta

from newsletter.ledger.legal_notices import NoticeKind
from newsletter.ledger.people_ledger import PeopleLedger
from tests.support.books import LIST, NOW, hash_of

HASH = hash_of("hong@example.com")
OTHER = hash_of("jane@example.org")
ABOUT = NOW - timedelta(days=3)
CONSENT, YEARS = NoticeKind.CONSENT, NoticeKind.TWO_YEARS


def test_one_is_begun_once_for_each_kind_and_what_it_is_about(book: PeopleLedger) -> None:
    assert book.begin_notice(LIST, HASH, CONSENT, ABOUT, "<1@example.org>", NOW)
    assert not book.begin_notice(LIST, HASH, CONSENT, ABOUT, "<1@example.org>", NOW)
    assert book.begin_notice(LIST, HASH, YEARS, ABOUT, "<2@example.org>", NOW)
    assert book.begin_notice(LIST, HASH, CONSENT, NOW, "<3@example.org>", NOW)
    assert book.begin_notice(LIST, OTHER, CONSENT, ABOUT, "<4@example.org>", NOW)
    found = list(book.begun_notices(CONSENT, [HASH]))
    assert sorted(one.message_id for one in found) == ["<1@example.org>", "<3@example.org>"]


def test_its_end_is_the_proof(book: PeopleLedger) -> None:
    for number, one in enumerate((HASH, OTHER, hash_of("x"), hash_of("y"))):
        book.begin_notice(LIST, one, CONSENT, ABOUT, f"<{number}@example.org>", NOW)
    book.end_notice(HASH, CONSENT, ABOUT, reply="2.0.0 queued as 4cR9", at=NOW)
    book.end_notice(OTHER, CONSENT, ABOUT, reply="550 5.1.1 no such user\0", at=None)
    book.drop_notice(hash_of("x"), CONSENT, ABOUT)
    found = {one.address_hash: one for one in book.begun_notices(CONSENT, [HASH, OTHER, hash_of("x"), hash_of("y")])}
    assert (found[HASH].sent_at, found[HASH].reply) == (NOW, "2.0.0 queued as 4cR9")
    assert (found[OTHER].refused, found[OTHER].in_doubt) == (True, False)
    assert found[hash_of("y")].in_doubt
    assert hash_of("x") not in found
