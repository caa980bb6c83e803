"""Planning: what is frozen, what is counted, and that it becomes visible in one moment or not at all."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsletter.catalogue import Verbatim
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.staging import BATCH
from newsletter.ledger.states import PlannedDelivery, State
from tests.support.books import LIST, NOW, edition, hash_of, letterhead, planned, reader, readers, sent, tally


def test_what_was_planned_comes_back_word_for_word(book: Ledger) -> None:
    editions = {"ko": edition(), "en": edition(variant="en", words="New growth engines")}
    summary = book.plan(letterhead(), editions, [reader(0), reader(1, "en")], NOW)
    assert book.frozen(summary.dispatch) == (letterhead(), editions)
    with book.lease(NOW) as lease:
        claims = book.claim(summary.dispatch, lease, 10, NOW)
    assert [(claim.variant, claim.address, claim.key, dict(claim.values)) for claim in claims] == [
        ("ko", "reader0@example.com", "reader0@example.com", {"email": "reader0@example.com", "name": "홍길동"}),
        ("en", "reader1@example.com", "reader1@example.com", {"email": "reader1@example.com", "name": "홍길동"}),
    ]


@pytest.mark.parametrize("values", [{}, {"email": "other@example.com"}, {"fields.회사 이름": "{{ }}", "name": "é"}])
def test_address_as_written_and_any_merge_values_survive(book: Ledger, values: dict[str, str]) -> None:
    row = replace(reader(0), address="Reader0@Example.com", values=values)
    dispatch = planned(book, [row])
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
    assert (claim.address, dict(claim.values)) == ("Reader0@Example.com", values)


def test_same_key_is_planned_once_as_first_written_and_counted(book: Ledger) -> None:
    first, again = reader(0), replace(reader(0), address="READER0@example.com")
    far = [*readers(BATCH + 10), again]
    summary = book.plan(letterhead(), {"ko": edition()}, [first, again, *far], NOW)
    assert (summary.total, summary.duplicates) == (BATCH + 10, 3)
    assert next(book.deliveries(summary.dispatch)).address == "reader0@example.com"


def test_suppressed_are_counted_with_their_state_and_never_claimed(book: Ledger) -> None:
    book.suppress(LIST, key="reader0@example.com", reason="manual", now=NOW)
    book.suppress(LIST, address_hash=hash_of("reader1@example.com"), reason="unsubscribed", now=NOW)
    book.suppress("*", key="reader2@example.com", reason="complained", now=NOW)
    book.suppress("another.news.example.org", key="reader3@example.com", reason="unsubscribed", now=NOW)
    summary = book.plan(letterhead(), {"ko": edition()}, readers(5), NOW)
    assert (summary.total, summary.suppressed) == (5, 3)
    assert tally(book, summary.dispatch) == {"planned": 2, "suppressed": 3}
    with book.lease(NOW) as lease:
        keys = [claim.key for claim in book.claim(summary.dispatch, lease, 10, NOW)]
    assert keys == ["reader3@example.com", "reader4@example.com"]


def test_a_second_plan_of_the_issue_is_the_first_one(book: Ledger) -> None:
    dispatch = planned(book, 3)
    again = book.plan(letterhead(), {"ko": edition(words="changed")}, readers(9), NOW)
    assert (again.dispatch, again.total, again.existing) == (dispatch, 3, True)
    record = book.find(LIST, "2021-07")
    assert record is not None
    assert (record.id, record.total, record.planned_at) == (dispatch, 3, NOW)


def test_nothing_is_seen_of_a_plan_before_it_is_complete(book: Ledger) -> None:
    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(BATCH + 1)
        assert book.find(LIST, "2021-07") is None
        assert book.unfinished(LIST) == []
        yield reader(BATCH + 1)

    assert book.plan(letterhead(), {"ko": edition()}, rows(), NOW).total == BATCH + 2
    assert [record.slug for record in book.unfinished(LIST)] == ["2021-07"]


def test_an_error_in_the_audience_leaves_nothing_behind(book: Ledger) -> None:
    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(BATCH + 1)
        raise RefusedError(Verbatim("subscribers.csv:7: no name"))

    with pytest.raises(RefusedError, match="csv:7"):
        book.plan(letterhead(), {"ko": edition()}, rows(), NOW)
    assert book.find(LIST, "2021-07") is None
    assert book.plan(letterhead(), {"ko": edition()}, readers(2), NOW).total == 2


def test_of_two_planners_at_once_one_wins_and_the_other_gets_the_existing_one(book: Ledger) -> None:
    inner: list[int] = []

    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(2)
        inner.append(planned(book, 5))

    summary = book.plan(letterhead(), {"ko": edition()}, rows(), NOW)
    assert (summary.dispatch, summary.total, summary.existing) == (inner[0], 5, True)
    assert tally(book, summary.dispatch) == {"planned": 5}


def test_a_copied_issue_under_another_slug_mails_nobody(book: Ledger) -> None:
    planned(book, 2, slug="2021-07")
    copy = {"ko": edition("2021-07-copy", words="2021-07"), "en": edition("2021-07-copy", "en", "new")}
    with pytest.raises(RefusedError, match="already sent as 2021-07"):
        book.plan(letterhead("2021-07-copy"), copy, readers(2), NOW)
    assert book.find(LIST, "2021-07-copy") is None
    other = "another.news.example.org"
    book.add_newsletter(other, NOW)
    assert book.plan(letterhead("2021-07-copy", other), copy, readers(2), NOW).total == 2


def test_a_copy_is_fine_after_the_first_was_cancelled_before_anybody_got_it(book: Ledger) -> None:
    dispatch = planned(book, 2, slug="2021-70")
    book.cancel(dispatch, NOW)
    assert not book.plan(letterhead("2021-07"), {"ko": edition(words="2021-70")}, readers(2), NOW).existing


def test_a_copy_is_refused_after_the_first_was_cancelled_too_late(book: Ledger) -> None:
    dispatch = planned(book, 2, slug="2021-70")
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 1, NOW)
        book.turn([], claims, NOW)
        book.turn([sent(claims[0])], [], NOW)
    book.cancel(dispatch, NOW)
    with pytest.raises(RefusedError, match="already sent as 2021-70"):
        book.plan(letterhead("2021-07"), {"ko": edition(words="2021-70")}, readers(2), NOW)


def test_an_empty_audience_is_a_plan_of_nobody(book: Ledger) -> None:
    dispatch = planned(book, 0)
    assert book.counts(dispatch) == dict.fromkeys(State, 0)
    assert book.unfinished(LIST) == []
