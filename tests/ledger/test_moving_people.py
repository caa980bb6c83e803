"""A newsletter is renamed: those who signed up go along, with the hashes of the new name and the links of the old."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.people_tables import notices, sign_up_counts, sign_ups, welcomes
from newsletter.ledger.sign_up_limits import ALL, GRAIN, HourlyLimit
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from tests.support.books import LIST, NOW, hash_of

NEW = "letter.city.example.org"
HONG, JANE, KIM = "hong@example.com", "jane@example.org", "kim@example.net"
LATER = NOW + timedelta(days=1)


def under(list_id: str, key: str) -> bytes:
    return hash_of(f"{list_id} {key}")


def sign_up(book: PeopleLedger, list_id: str, key: str, *, name: str | None = None, at: datetime = NOW) -> None:
    one = Subscription(under(list_id, key), key, key, name=name, consent_at=at, consent_source="form")
    book.subscribe(list_id, [one], at)


def rename(book: PeopleLedger, old: str = LIST, new: str = NEW) -> int:
    return book.rename_newsletter(old, new, LATER, lambda key: under(new, key)).subscriptions


def test_they_are_found_by_links_of_either_name(book: PeopleLedger) -> None:
    sign_up(book, LIST, HONG, name="홍길동")
    assert rename(book) == 1
    assert list(book.subscriptions(LIST)) == list(book.subscriptions(NEW)), "an older process asks by the former name"
    for one in (under(LIST, HONG), under(NEW, HONG)):
        found = book.subscription(NEW, [one])
        assert found is not None
        assert (found.key, found.name, found.address_hash) == (HONG, "홍길동", under(NEW, HONG))
        assert (found.consent_at, found.changed_at) == (NOW, NOW)
    book.choose(NEW, under(LIST, HONG), language="en", now=LATER)
    assert [one.language for one in book.subscriptions(NEW)] == ["en"]


def test_who_chose_by_a_link_keeps_the_hash_it_carries(book: PeopleLedger) -> None:
    book.choose(LIST, under(LIST, KIM), language="en", now=NOW)
    assert rename(book) == 1
    found = book.subscription(NEW, [under(LIST, KIM)])
    assert found is not None
    assert (found.language, found.state) == ("en", SubscriptionState.CHOSE)


def test_who_is_known_to_both_is_one_person_who_said_both(book: PeopleLedger) -> None:
    sign_up(book, LIST, HONG, name="홍길동")
    sign_up(book, LIST, JANE)
    book.add_newsletter(NEW, NOW)
    sign_up(book, NEW, HONG, at=LATER)
    assert rename(book) == 2
    found = {one.key: one for one in book.subscriptions(NEW)}
    assert list(found) == [JANE, HONG]
    assert (found[HONG].name, found[HONG].consent_at) == ("홍길동", LATER)


def test_back_again_everything_is_as_it_was(book: PeopleLedger) -> None:
    for key in (HONG, JANE):
        sign_up(book, LIST, key)
    book.choose(LIST, under(LIST, KIM), language="en", now=NOW)
    before = list(book.subscriptions(LIST))
    rename(book)
    rename(book, NEW, LIST)
    assert list(book.subscriptions(LIST)) == before


def test_more_than_a_batch_goes_along_with_what_others_know_of_them(book: PeopleLedger) -> None:
    keys = [f"reader{number}@example.com" for number in range(1_100)]
    book.subscribe(LIST, [Subscription(under(LIST, key), key, key) for key in keys], NOW)
    told = [{"newsletter": LIST, "address_hash": under(LIST, key)} for key in (keys[0], KIM)]
    digest = book.consent_text("ko", "동의합니다.")
    asked: dict[str, object] = {"id": "1", "newsletter": LIST, "address_hash": under(LIST, keys[1])}
    asked |= {"key": keys[1], "address": keys[1]}
    asked |= {"language": "ko", "source": "form", "consent_text": digest, "over_14": True, "asked_at": NOW}
    with book._database.write() as connection:
        connection.execute(sa.insert(welcomes), [{**one, "since": NOW} for one in told])
        about = {"kind": "consent", "about": NOW, "begun_at": NOW, "message_id": "1@example.com"}
        connection.execute(sa.insert(notices), [{**one, **about} for one in told])
        connection.execute(sa.insert(sign_ups), [asked])
    assert rename(book) == 1_100
    assert {one.address_hash for one in book.subscriptions(NEW)} == {under(NEW, key) for key in keys}
    with book._database.read() as connection:
        for table in (welcomes, notices):
            rows = connection.execute(sa.select(table.c.newsletter, table.c.address_hash)).all()
            assert {(one, bytes(hash_)) for one, hash_ in rows} == {
                (NEW, under(NEW, keys[0])),
                (NEW, under(LIST, KIM)),
            }
        [row] = connection.execute(sa.select(sign_ups.c.newsletter, sign_ups.c.address_hash)).all()
        assert (row.newsletter, bytes(row.address_hash)) == (NEW, under(NEW, keys[1]))


def test_the_hours_limits_go_along_and_none_is_left_under_the_old_name(book: PeopleLedger) -> None:
    """Only the newest name's counts are erased when they are over."""
    limits = [HourlyLimit(ALL, 2)]
    for name in (LIST, NEW):
        assert book.ask(name, None, limits, NOW) is None
    assert book.ask(LIST, None, limits, NOW + GRAIN) is None
    rename(book)
    assert counts(book) == {(NEW, NOW): 1, (NEW, NOW + GRAIN): 1}
    assert book.ask(NEW, None, limits, NOW + GRAIN) is not None, "a new name begins no new hour"
    assert book.ask(NEW, None, limits, LATER) is None
    assert counts(book) == {(NEW, LATER): 1}


def counts(book: PeopleLedger) -> dict[tuple[str, datetime], int]:
    with book._database.read() as connection:
        rows = connection.execute(sa.select(sign_up_counts)).all()
    return {(row.newsletter, row.grain): row.number for row in rows}
