"""Who subscribed and what they chose: kept, added to, found by any of their links, read in the order of coming."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.people_tables import subscriptions
from newsletter.ledger.schema import other_hashes
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription, keep_subscriptions
from tests.support.books import LIST, NOW, hash_of

KEY = "reader0@example.com"
OTHER_LIST = "another.news.example.org"
LATER = NOW + timedelta(days=1)
SIGNED_UP = Subscription(
    hash_of(KEY),
    KEY,
    "Reader0@Example.com",
    name="홍길동",
    language="ko",
    tags=frozenset({"복지", "교통"}),
    fields={"회사 이름": "서울연구원"},
    source="form",
    consent_at=NOW,
    consent_source="https://news.example.org/subscribe",
    consent_language="ko",
    over_14=True,
)


def kept(book: Ledger, one: bytes = hash_of(KEY)) -> Subscription:
    found = book.subscription(LIST, [one])
    assert found is not None
    return found


def test_what_somebody_said_is_kept_word_for_word(book: Ledger) -> None:
    digest = book.consent_text("ko", "뉴스레터를 받는 데 동의합니다.")
    book.subscribe(LIST, [replace(SIGNED_UP, consent_text=digest)], NOW)
    found = kept(book)
    assert replace(found, id=0, created_at=None, changed_at=None) == replace(SIGNED_UP, consent_text=digest)
    assert (found.created_at, found.changed_at) == (NOW, NOW)
    assert book.consent_wording(digest) == "뉴스레터를 받는 데 동의합니다."
    assert book.consent_text("ko", "뉴스레터를 받는 데 동의합니다.") == digest
    assert book.consent_text("en", "뉴스레터를 받는 데 동의합니다.") != digest


def test_what_is_not_said_again_stays(book: Ledger) -> None:
    book.subscribe(LIST, [SIGNED_UP], NOW)
    book.subscribe(LIST, [Subscription(hash_of(KEY), KEY, "READER0@example.com", tags=frozenset())], LATER)
    found = kept(book)
    assert (found.address, found.name, found.language, found.tags) == (SIGNED_UP.address, "홍길동", "ko", frozenset())
    assert (found.consent_at, found.consent_source) == (NOW, SIGNED_UP.consent_source)
    assert (found.source, found.over_14, found.fields) == ("form", True, SIGNED_UP.fields)
    assert (found.created_at, found.changed_at) == (NOW, LATER)


@pytest.mark.parametrize("later_first", [False, True])
def test_of_two_consents_the_later_stays_on_record(book: Ledger, later_first: bool) -> None:
    later = replace(SIGNED_UP, source="listmonk", consent_at=LATER, consent_source="desk", consent_language="en")
    for one in [later, SIGNED_UP] if later_first else [SIGNED_UP, later]:
        book.subscribe(LIST, [one], NOW)
    found = kept(book)
    assert (found.source, found.consent_at, found.consent_source) == ("listmonk", LATER, "desk")
    assert found.consent_language == "en"


@pytest.mark.parametrize(
    ("first", "second", "becomes"),
    [("confirmed", "unconfirmed", "confirmed"), ("unconfirmed", "confirmed", "confirmed")],
)
def test_who_said_yes_is_not_taken_for_one_who_did_not(book: Ledger, first: str, second: str, becomes: str) -> None:
    for state in (first, second):
        book.subscribe(LIST, [replace(SIGNED_UP, state=SubscriptionState(state))], NOW)
    assert kept(book).state == becomes


def test_a_choice_of_somebody_in_the_file_has_no_address_until_they_sign_up(book: Ledger) -> None:
    book.choose(LIST, hash_of(KEY), language="en", now=NOW)
    book.choose(LIST, hash_of(KEY), name="", tags={"교통"}, now=LATER)
    found = kept(book)
    assert (found.state, found.key, found.address) == (SubscriptionState.CHOSE, "", "")
    assert (found.name, found.language, found.tags) == ("", "en", frozenset({"교통"}))
    book.subscribe(LIST, [replace(SIGNED_UP, language=None)], LATER)
    found = kept(book)
    assert (found.state, found.address, found.language, found.source) == ("confirmed", SIGNED_UP.address, "en", "form")


def test_a_choice_of_a_sign_up_leaves_what_is_not_said(book: Ledger) -> None:
    book.subscribe(LIST, [SIGNED_UP], NOW)
    book.choose(LIST, hash_of(KEY), language="en", now=LATER)
    found = kept(book)
    assert replace(found, id=0, created_at=None, changed_at=None) == replace(SIGNED_UP, language="en")
    assert found.changed_at == LATER


def test_a_link_of_an_earlier_name_finds_the_person(book: Ledger) -> None:
    book.subscribe(LIST, [SIGNED_UP], NOW)
    former = b"f" * 16
    with book._database.write() as connection:
        for one in (former, hash_of(KEY)):
            connection.execute(sa.insert(other_hashes).values(key=KEY, address_hash=one))
    assert kept(book, former).key == KEY
    book.choose(LIST, former, language="en", now=LATER)
    assert (kept(book).language, [one.key for one in book.subscriptions(LIST)]) == ("en", [KEY])


def test_newsletters_do_not_share_people(book: Ledger) -> None:
    book.subscribe(LIST, [SIGNED_UP], NOW)
    book.subscribe(OTHER_LIST, [replace(SIGNED_UP, name="Jane Doe")], NOW)
    assert [one.name for one in book.subscriptions(OTHER_LIST)] == ["Jane Doe"]
    assert [one.name for one in book.subscriptions_among(LIST, [hash_of(KEY), b"x" * 16])] == ["홍길동"]
    assert book.subscription("third.news.example.org", [hash_of(KEY)]) is None


def test_more_than_a_batch_is_read_in_the_order_of_coming(book: Ledger) -> None:
    keys = [f"reader{number}@example.com" for number in range(2_001)]
    states = [SubscriptionState.CONFIRMED, SubscriptionState.UNCONFIRMED]
    book.subscribe(LIST, (Subscription(hash_of(key), key, key, states[key > "reader15"]) for key in keys), NOW)
    found = list(book.subscriptions(LIST))
    assert sorted(one.key for one in found) == sorted(keys)
    assert [one.id for one in found] == sorted({one.id for one in found})
    unconfirmed = [one.key for one in book.subscriptions(LIST, [SubscriptionState.UNCONFIRMED])]
    assert unconfirmed == [one.key for one in found if one.key > "reader15"]


def test_whatever_changes_is_seen_at_the_stamp(book: Ledger) -> None:
    stamps = [book.subscription_stamp(LIST)]
    book.subscribe(LIST, [SIGNED_UP], NOW)
    stamps.append(book.subscription_stamp(LIST))
    book.choose(LIST, hash_of(KEY), language="en", now=LATER)
    stamps.append(book.subscription_stamp(LIST))
    with book._database.write() as connection:
        connection.execute(sa.delete(subscriptions))
    stamps.append(book.subscription_stamp(LIST))
    assert len(set(stamps[:3])) == 3
    assert stamps[3] == stamps[0] == book.subscription_stamp(OTHER_LIST)


def test_it_is_part_of_anothers_transaction(book: Ledger) -> None:
    def begin_and_fail() -> None:
        with book._database.write() as connection:
            keep_subscriptions(book._database, connection, LIST, [SIGNED_UP], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert book.subscription(LIST, [hash_of(KEY)]) is None
