"""Requests to be subscribed: written down once a day, limited over restarts, mailed, confirmed once for all times."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.ledger import history
from newsletter.ledger import sign_ups as requests
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.people_tables import sign_up_counts, sign_ups, welcomes
from newsletter.ledger.records import Purpose
from newsletter.ledger.saying_yes import Confirmed
from newsletter.ledger.sign_up_limits import ALL, GRAIN, WINDOW, HourlyLimit
from newsletter.ledger.sign_ups import AGAIN_AFTER, SignUp
from newsletter.ledger.states import SuppressionReason
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, hash_of

KEY = "reader0@example.com"
WORDING = "[필수] 개인정보 수집·이용에 동의합니다.\n[필수] 만 14세 이상입니다."
REQUEST = SignUp(
    id="first",
    address_hash=hash_of(KEY),
    key=KEY,
    address="Reader0@example.com",
    language="en",
    wording=WORDING,
    wording_language="ko",
    source="form",
    place="https://news.example.org/subscribe",
    name="홍길동",
    tags=frozenset({"주거", "교통"}),
)
FREE = (HourlyLimit(ALL, 1000),)
VALID = timedelta(days=3)


def ask(
    book: PeopleLedger, number: int = 0, now: datetime = NOW, *, address: str = "", address_hash: bytes = b""
) -> timedelta | None:
    key = f"reader{number}@example.com"
    id_ = f"id{number}-{now:%d%H%M%S}"
    given = replace(REQUEST, id=id_, key=key, address=address or key, address_hash=address_hash or hash_of(key))
    return book.ask(LIST, given, FREE, now)


def yes(book: PeopleLedger, id_: str = "first", now: datetime = NOW) -> Confirmed | None:
    return book.confirm(id_, since=now - VALID, now=now, hashes_of=lambda key: [hash_of(key)])


def rows(book: PeopleLedger, table: sa.Table = sign_ups) -> list[dict[str, Any]]:
    with book._database.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def to_mail(book: PeopleLedger, now: datetime = NOW) -> list[str]:
    return [one.key for one in book.take_to_mail(LIST, now, most=10, until=now + timedelta(minutes=5))]


def test_an_address_is_held_from_the_moment_of_asking(book: PeopleLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_BATCH", 2)
    for number in range(5):
        assert ask(book, number) is None
    ask(book, 5, NOW + timedelta(hours=1))

    def held() -> list[str]:
        return sorted(one.key for one in book.sign_ups_asked_before(LIST, NOW))

    assert held() == [f"reader{number}@example.com" for number in range(5)]
    assert yes(book, f"id0-{NOW:%d%H%M%S}", NOW + timedelta(hours=2)) is not None
    assert held() == [f"reader{number}@example.com" for number in range(1, 5)]
    subscribed = book.subscription(LIST, [hash_of(KEY)])
    assert subscribed is not None
    assert (subscribed.created_at, subscribed.consent_at) == (NOW, NOW + timedelta(hours=2))


def test_a_yes_subscribes_with_time_wording_place_and_language(book: PeopleLedger) -> None:
    assert book.ask(LIST, REQUEST, FREE, NOW) is None
    later = NOW + timedelta(hours=2)
    assert yes(book, now=later) == Confirmed(KEY, "en", barred=False)
    found = book.subscription(LIST, [hash_of(KEY)])
    assert found is not None
    assert book.consent_wording(found.consent_text or "") == WORDING
    assert replace(found, id=0, consent_text=None) == Subscription(
        address_hash=hash_of(KEY),
        key=KEY,
        address="Reader0@example.com",
        state=SubscriptionState.CONFIRMED,
        name="홍길동",
        language="en",
        tags=frozenset({"주거", "교통"}),
        source="form",
        consent_at=later,
        consent_source="https://news.example.org/subscribe",
        consent_language="ko",
        over_14=True,
        created_at=NOW,
        changed_at=later,
    )


def test_a_yes_leaves_nothing_of_the_person_in_the_request(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    yes(book)
    (row,) = rows(book)
    assert [row[name] for name in ("key", "address", "name", "tags", "due_at")] == ["", "", None, None, None]
    assert row["confirmed_at"] == NOW


def test_a_second_yes_changes_nothing_and_is_answered_alike(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    first = yes(book)
    before = rows(book), book.subscription(LIST, [hash_of(KEY)]), rows(book, welcomes)
    assert yes(book, now=NOW + timedelta(hours=1)) == first
    assert (rows(book), book.subscription(LIST, [hash_of(KEY)]), rows(book, welcomes)) == before


def test_one_welcome_for_an_address_ever(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    yes(book)
    again = NOW + AGAIN_AFTER + timedelta(seconds=1)
    book.ask(LIST, replace(REQUEST, id="second"), FREE, again)
    assert yes(book, "second", again) is not None
    assert [(row["since"], row["planned_at"]) for row in rows(book, welcomes)] == [(NOW, None)]


@pytest.mark.parametrize(
    ("reason", "is_asked"),
    [
        (SuppressionReason.UNSUBSCRIBED, True),
        (SuppressionReason.MAILBOX_FULL, True),
        (SuppressionReason.FORGOTTEN, True),
        (SuppressionReason.COMPLAINED, False),
        (SuppressionReason.BAD_ADDRESS, False),
        (SuppressionReason.MANUAL, False),
        ("asked us by telephone", False),
    ],
)
@pytest.mark.parametrize("by", ["key", "hash"])
def test_a_yes_lifts_what_the_person_said_and_nothing_else(
    book: PeopleLedger, reason: str, is_asked: bool, by: str
) -> None:
    who = {"key": KEY} if by == "key" else {"address_hash": hash_of(KEY)}
    book.suppress("*" if reason == SuppressionReason.COMPLAINED else LIST, reason=reason, now=NOW, **who)
    assert book.ask(LIST, REQUEST, FREE, NOW) is None, "whoever asks is told the same"
    assert to_mail(book) == ([KEY] if is_asked else [])
    assert (yes(book) is not None) == is_asked
    assert book.is_suppressed(LIST, KEY, hash_of(KEY)) != is_asked


def test_a_complaint_between_request_and_yes_holds(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    book.suppress("*", reason=SuppressionReason.COMPLAINED, now=NOW, key=KEY)
    book.suppress(LIST, reason=SuppressionReason.UNSUBSCRIBED, now=NOW, address_hash=hash_of(KEY))
    assert yes(book) == yes(book) == Confirmed(KEY, "en", barred=True)
    assert [one.reason for one in book.suppressions(LIST)] == [SuppressionReason.COMPLAINED]


def test_an_address_is_asked_once_a_day_whoever_asks_and_however_it_is_written(book: PeopleLedger) -> None:
    ask(book)
    for hours in (0, 1, 23):
        assert ask(book, now=NOW + timedelta(hours=hours, minutes=1), address="READER0@example.com") is None
    assert len(rows(book)) == 1
    ask(book, now=NOW + AGAIN_AFTER + timedelta(seconds=1))
    assert len(rows(book)) == 2
    ask(book, 1)
    assert len(rows(book)) == 3


def test_who_is_known_by_a_link_of_a_former_name_is_asked_once_too(book: PeopleLedger) -> None:
    ask(book, address_hash=b"former")
    book.ask(LIST, REQUEST, FREE, NOW, hashes=[b"former"])
    assert len(rows(book)) == 1


def test_a_limit_holds_for_an_hour_also_over_a_restart(workspace: Workspace) -> None:
    limits = (HourlyLimit(b"network", 3), HourlyLimit(ALL, 5))
    with open_people_ledger(workspace, Purpose.SENDING) as book:
        assert [book.ask(LIST, None, limits, NOW + number * GRAIN) for number in range(3)] == [None] * 3
    now = NOW + 3 * GRAIN
    with open_people_ledger(workspace, Purpose.SENDING) as book:
        wait = book.ask(LIST, REQUEST, limits, now)
        assert wait == WINDOW + GRAIN - (now - NOW)
        assert rows(book) == [], "nothing is kept of who has to wait"
        other = (HourlyLimit(b"another", 3), HourlyLimit(ALL, 5))
        assert [book.ask(LIST, None, other, now) for _ in range(3)] == [None, None, wait]
        assert book.ask(LIST, REQUEST, limits, now + wait) is None
        assert len(rows(book)) == 1


def test_a_clock_that_was_wrong_locks_nobody_out(book: PeopleLedger) -> None:
    limits = (HourlyLimit(ALL, 1),)
    book.ask(LIST, None, limits, NOW + timedelta(days=300))
    assert book.ask(LIST, REQUEST, limits, NOW) is None


def test_counts_go_with_their_hour(book: PeopleLedger) -> None:
    book.ask(LIST, None, (HourlyLimit(b"network", 3),), NOW)
    book.erase_sign_ups(LIST, before=NOW, now=NOW + WINDOW + GRAIN)
    assert rows(book, sign_up_counts) == []


def test_a_mail_is_taken_once_and_again_when_its_time_is_over(book: PeopleLedger) -> None:
    for number in range(3):
        ask(book, number, NOW + timedelta(seconds=number))
    now = NOW + timedelta(minutes=1)
    first = book.take_to_mail(LIST, now, most=2, until=now + timedelta(minutes=5))
    assert [one.address for one in first] == ["reader0@example.com", "reader1@example.com"]
    assert to_mail(book, now) == ["reader2@example.com"]
    assert to_mail(book, now) == []
    book.sign_up_mailed(first[0].id, now)
    book.put_sign_up_off(first[1].id, now + timedelta(hours=1))
    assert to_mail(book, now + timedelta(minutes=6)) == ["reader2@example.com"]
    again = book.take_to_mail(LIST, now + timedelta(hours=2), most=9, until=now + timedelta(hours=3))
    assert {one.key: one.tries for one in again} == {"reader1@example.com": 2, "reader2@example.com": 3}
    for one in again:
        book.put_sign_up_off(one.id, None)
    assert to_mail(book, now + timedelta(days=1)) == []
    assert book.sign_ups_waiting(LIST) == 0


def test_a_late_word_of_the_relay_does_not_ask_who_has_said_yes(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    (waiting,) = book.take_to_mail(LIST, NOW, most=1, until=NOW + timedelta(minutes=5))
    yes(book)
    book.put_sign_up_off(waiting.id, NOW)
    assert to_mail(book) == []


def test_nobody_is_written_down_while_the_relay_takes_nothing(
    book: PeopleLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MOST_WAITING", 2)
    assert [ask(book, number) for number in range(3)] == [None, None, requests.WHILE_FULL]
    (first, _) = book.take_to_mail(LIST, NOW, most=2, until=NOW)
    book.sign_up_mailed(first.id, NOW)
    assert ask(book, 3) is None


def test_what_is_too_old_says_nothing_and_goes(book: PeopleLedger) -> None:
    book.ask(LIST, REQUEST, FREE, NOW)
    shown = book.requested("first", since=NOW - VALID)
    assert shown is not None
    assert (shown.wording, shown.name, shown.tags, shown.confirmed) == (WORDING, "홍길동", REQUEST.tags, False)
    late = NOW + VALID + timedelta(seconds=1)
    assert book.requested("first", since=late - VALID) is None
    assert yes(book, now=late) is None
    assert book.subscription(LIST, [hash_of(KEY)]) is None
    assert book.erase_sign_ups(LIST, before=late - VALID, now=late) == 1
    assert rows(book) == []
    assert yes(book, "never") is None
