"""Suppressions: per newsletter or for all, known by address or by hash, lifted but kept on record."""

import pytest

from newsletter.catalogue import Verbatim
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Suppression, SuppressionReason, reason_said
from tests.support.books import LIST, NOW, hash_of

KEY = "reader0@example.com"
OTHER = "another.news.example.org"


def test_known_reasons_are_shown_in_words_and_an_operators_own_as_they_stand() -> None:
    for reason in SuppressionReason:
        said = reason_said(str(reason))
        assert (said.in_language("en"), said.in_language("ko") != reason) == (reason, True)
    assert reason_said("메일로 알려 옴") == Verbatim("메일로 알려 옴")


def test_unsubscribed_holds_for_one_newsletter(book: Ledger) -> None:
    assert book.suppress(LIST, address_hash=hash_of(KEY), reason="unsubscribed", now=NOW)
    assert book.is_suppressed(LIST, KEY, hash_of(KEY))
    assert not book.is_suppressed(OTHER, KEY, hash_of(KEY))


def test_a_complaint_holds_for_all_newsletters(book: Ledger) -> None:
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    assert book.is_suppressed(OTHER, KEY)
    assert list(book.suppressions(OTHER)) == [Suppression("*", "complained", NOW, KEY, b"")]


def test_the_same_again_changes_nothing(book: Ledger) -> None:
    assert book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    assert not book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    assert book.suppress(LIST, key=KEY, reason="unsubscribed", now=NOW)
    assert [found.reason for found in book.suppressions(LIST)] == ["manual", "unsubscribed"]


def test_a_sign_up_lifts_unsubscribed_and_never_complained(book: Ledger) -> None:
    book.suppress(LIST, address_hash=hash_of(KEY), reason="unsubscribed", now=NOW)
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    assert book.unsuppress(LIST, KEY, hash_of(KEY), NOW, reasons={"unsubscribed"})
    assert [found.reason for found in book.suppressions(LIST)] == ["complained"]
    assert not book.unsuppress(LIST, KEY, hash_of(KEY), NOW, reasons={"unsubscribed"})
    assert book.is_suppressed(LIST, KEY, hash_of(KEY))


def test_a_person_lifts_everything_and_who_leaves_again_is_suppressed_again(book: Ledger) -> None:
    book.suppress("*", key=KEY, reason="bad address", now=NOW)
    assert book.unsuppress(LIST, KEY, hash_of(KEY), NOW)
    assert not book.is_suppressed(LIST, KEY, hash_of(KEY))
    assert book.suppress("*", key=KEY, reason="bad address", now=NOW)
    assert book.is_suppressed(LIST, KEY)


@pytest.mark.parametrize(("key", "hashed"), [("", b""), ("", hash_of("b@example.com")), ("b@example.com", b"")])
def test_nobody_else_is_meant(book: Ledger, key: str, hashed: bytes) -> None:
    book.suppress(LIST, key=KEY, reason="manual", now=NOW)
    book.suppress(LIST, address_hash=hash_of(KEY), reason="manual", now=NOW)
    assert not book.is_suppressed(LIST, key, hashed)
    assert not book.unsuppress(LIST, key, hashed, NOW)
