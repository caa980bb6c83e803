"""What a link learns of its reader: who has left and how, the way back, and reasons that nobody can be told by."""

from datetime import UTC, date, datetime, timedelta

from newsletter.ledger.accounting import GivenReasons
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.readers import LeaveReason, LinkHolder
from newsletter.ledger.states import EVERYWHERE, SuppressionReason
from newsletter.ledger.subscriptions import Subscription
from newsletter.ledger.suppressions import keep_other_hashes

NEWS = "issue-curator.news.example.org"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HONG, JANE = b"hong's hash.....", b"jane's hash....."
LEFT = SuppressionReason.UNSUBSCRIBED


def leave(book: PeopleLedger, *hashes: bytes, newsletter: str = NEWS) -> None:
    book.suppress_hashes(newsletter, hashes, reason=LEFT, now=NOW)


def test_nothing_is_known_of_who_did_nothing(book: PeopleLedger) -> None:
    leave(book, JANE)
    leave(book, HONG, newsletter="other.example.org")
    assert book.readers(NEWS, [HONG]) == {}


def test_who_left_may_return_and_leave_again(book: PeopleLedger) -> None:
    for _ in range(2):
        leave(book, HONG, JANE)
        assert book.readers(NEWS, [HONG, JANE]) == {HONG: LinkHolder(True, True), JANE: LinkHolder(True, True)}
        book.come_back(NEWS, [HONG], NOW)
        book.come_back(NEWS, [HONG], NOW)
        assert book.readers(NEWS, [HONG, JANE]) == {JANE: LinkHolder(True, True)}
    assert book.suppressed_hashes(NEWS, [HONG, JANE]) == {JANE}


OTHERS = [*(one for one in SuppressionReason if one is not LEFT), "asked by phone", "unsubscribed "]


def test_the_way_back_lifts_nothing_that_was_decided_elsewhere(book: PeopleLedger) -> None:
    cases = [(reason, newsletter) for reason in OTHERS for newsletter in (NEWS, EVERYWHERE)]
    for number, (reason, newsletter) in enumerate(cases, 1):
        reader = number.to_bytes(16, "big")
        leave(book, reader)
        book.suppress(newsletter, reason=reason, now=NOW, address_hash=reader)
        book.come_back(NEWS, [reader], NOW)
        assert book.readers(NEWS, [reader]) == {reader: LinkHolder(left=True)}, reason
        kept = [one.reason for one in book.suppressions(NEWS) if one.address_hash == reader]
        assert sorted(kept) == sorted([LEFT, reason])


def test_whom_an_operator_took_out_of_all_newsletters_does_not_return_by_the_link_of_one(book: PeopleLedger) -> None:
    leave(book, HONG, newsletter=EVERYWHERE)
    book.come_back(NEWS, [HONG], NOW)
    assert book.readers(NEWS, [HONG]) == {HONG: LinkHolder(left=True)}


def test_what_is_kept_by_the_address_counts_for_who_signed_up(book: PeopleLedger) -> None:
    book.subscribe(NEWS, [Subscription(HONG, "hong@example.com", "hong@example.com", language="en")], NOW)
    assert book.readers(NEWS, [HONG]) == {HONG: LinkHolder(language="en")}
    book.suppress(EVERYWHERE, key="hong@example.com", reason=SuppressionReason.BAD_ADDRESS, now=NOW)
    assert book.readers(NEWS, [HONG, JANE]) == {HONG: LinkHolder(left=True, language="en")}


def test_links_of_before_and_after_a_renaming_are_one_reader(book: PeopleLedger) -> None:
    former = b"hong's hash then"
    book.subscribe(NEWS, [Subscription(HONG, "hong@example.com", "hong@example.com")], NOW)
    book.choose(NEWS, HONG, language="en", now=NOW + timedelta(days=1))
    with book._database.write() as connection:
        keep_other_hashes(book._database, connection, [("hong@example.com", (HONG, former))])
    leave(book, former)
    assert book.readers(NEWS, [HONG, former]) == dict.fromkeys([HONG, former], LinkHolder(True, True, "en"))
    book.come_back(NEWS, [HONG], NOW)
    assert book.readers(NEWS, [HONG, former]) == dict.fromkeys([HONG, former], LinkHolder(language="en"))


def test_many_at_once_keep_apart(book: PeopleLedger) -> None:
    hashes = [number.to_bytes(16, "big") for number in range(1, 401)]
    leave(book, *hashes[:200])
    book.suppress(NEWS, reason="manual", now=NOW, address_hash=hashes[0])
    book.come_back(NEWS, hashes[:100], NOW)
    assert set(book.readers(NEWS, hashes)) == {hashes[0], *hashes[100:200]}


def test_reasons_are_counted_and_nobody_can_be_told_by_them(book: PeopleLedger) -> None:
    day = date(2026, 11, 30)
    book.keep_leave_reasons(NEWS, [LeaveReason("no_time"), LeaveReason("other", "짧게 써 주세요")], day=day, now=NOW)
    book.keep_leave_reasons(NEWS, [LeaveReason("no_time")], day=day, now=NOW)
    book.keep_leave_reasons("other.example.org", [LeaveReason("elsewhere")], day=day, now=NOW)
    given = GivenReasons(NEWS, NOW, None, UTC)
    with book._database.read() as connection:
        assert given.said_why(connection) == {"no_time": 2, "other": 1}
        assert given.words(connection, 10) == (["짧게 써 주세요"], 1)
