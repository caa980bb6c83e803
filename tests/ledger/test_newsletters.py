"""Which newsletters a ledger knows, and a list_id that is changed: who has left stays away, whatever it is called."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from newsletter.errors import NewsletterError, RefusedError, UsageError
from newsletter.ledger.newsletters import KnownNewsletter, UnknownNewsletterError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import deliveries
from newsletter.ledger.states import PlannedDelivery
from newsletter.ledger.suppressions import suppressed_delivery
from newsletter.message.message import Letterhead
from tests.support.books import LIST, NOW, edition, hash_of, letterhead, planned, reader, sent, tally, workspace_at
from tests.support.spoken import assert_told_in_both

NEW = "letter.news.example.org"
OTHER = "another.news.example.org"


def plan(book: PeopleLedger, list_id: str, slug: str, rows: list[PlannedDelivery] | None = None) -> int:
    head: Letterhead = letterhead(slug, list_id)
    return book.plan(head, {"ko": edition(slug, words=slug)}, rows or [reader(0), reader(1)], NOW).dispatch


def under(list_id: str, number: int) -> PlannedDelivery:
    """A reader whose hash today is made with NEW, and was made with `list_id` before."""
    row = reader(number)
    return replace(row, address_hash=hash_of(f"{NEW} {row.key}"), former_hashes=(hash_of(f"{list_id} {row.key}"),))


def test_a_ledger_takes_the_first_list_id_and_refuses_another(book: PeopleLedger) -> None:
    assert book.newsletters() == []
    book.require_newsletter(OTHER, ())
    planned(book)
    assert book.newsletters() == [KnownNewsletter(LIST)]
    with pytest.raises(UnknownNewsletterError, match=f"rename-list {LIST} {NEW}") as caught:
        plan(book, NEW, "2021-08")
    assert f"ledger init --newsletter {NEW}" in str(caught.value)
    assert_told_in_both(caught.value)
    with pytest.raises(UnknownNewsletterError):
        book.require_newsletter(NEW, [LIST])
    assert book.dispatches(NEW) == []
    plan(book, LIST, "2021-08")


def test_who_left_before_the_first_issue_makes_a_newsletter_known(book: PeopleLedger) -> None:
    book.suppress("*", key="jane@example.org", reason="complained", now=NOW)
    assert book.newsletters() == []
    book.suppress(LIST, address_hash=hash_of("kim@example.net"), reason="unsubscribed", now=NOW)
    with pytest.raises(UnknownNewsletterError):
        plan(book, NEW, "2021-08")


def test_a_second_newsletter_is_added_and_that_is_safe_to_repeat(book: PeopleLedger) -> None:
    planned(book)
    assert book.add_newsletter(OTHER, NOW)
    assert not book.add_newsletter(OTHER, NOW)
    assert not book.add_newsletter(LIST, NOW)
    plan(book, OTHER, "2021-07")
    assert {one.list_id for one in book.newsletters()} == {LIST, OTHER}


def test_issues_suppressions_and_what_was_told_go_along(book: PeopleLedger) -> None:
    dispatch = planned(book)
    book.suppress(LIST, address_hash=hash_of("reader1@example.com"), reason="unsubscribed", now=NOW)
    book.say_once(LIST, "missed 2021-06", NOW)
    book.say_once(NEW, "missed 2021-06", NOW)  # by a version that did not refuse yet
    moved = book.rename_newsletter(LIST, NEW, NOW)
    assert (moved.issues, moved.suppressions) == (1, 1)
    found = book.find(NEW, "2021-07")
    assert found is not None
    assert found.id == dispatch
    assert book.frozen(dispatch)[0].list_id == LIST, "its letters stay what they were"
    assert not book.say_once(NEW, "missed 2021-06", NOW)
    with book.lease(NOW) as lease:
        assert [one.key for one in book.claim(dispatch, lease, 9, NOW)] == [
            "reader0@example.com",
            "reader2@example.com",
        ]


def test_the_former_name_is_refused_and_must_be_among_the_former(book: PeopleLedger) -> None:
    planned(book)
    book.rename_newsletter(LIST, NEW, NOW)
    with pytest.raises(UnknownNewsletterError, match=f'list_id = "{NEW}"') as renamed:
        plan(book, LIST, "2021-08")
    assert_told_in_both(renamed.value)
    with pytest.raises(RefusedError, match=f'former_list_ids = \\["{LIST}"\\]') as missing:
        book.require_newsletter(NEW, ())
    assert_told_in_both(missing.value)
    book.require_newsletter(NEW, [OTHER, LIST])
    with pytest.raises(UnknownNewsletterError):
        book.add_newsletter(LIST, NOW)


def test_who_leaves_by_an_old_link_gets_neither_the_next_issue_nor_one_that_is_being_sent(book: PeopleLedger) -> None:
    planned(book)
    book.suppress(LIST, address_hash=hash_of(f"{LIST} reader0@example.com"), reason="unsubscribed", now=NOW)
    book.rename_newsletter(LIST, NEW, NOW)
    dispatch = plan(book, NEW, "2021-08", [under(LIST, number) for number in range(4)])
    assert tally(book, dispatch) == {"planned": 3, "suppressed": 1}
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 1, NOW)
        assert [one.key for one in claims] == ["reader1@example.com"]
        # Before the dot of one that is claimed, and of one that is not.
        for number in (1, 2):
            gone = hash_of(f"{LIST} reader{number}@example.com")
            assert book.suppress(LIST, address_hash=gone, reason="unsubscribed", now=NOW)
        assert book.turn([], claims, NOW) == {claims[0].delivery}
        [last] = book.claim(dispatch, lease, 9, NOW)
        assert book.turn([], [last], NOW) == frozenset()
        book.turn([sent(last)], [], NOW)
    assert tally(book, dispatch) == {"sent": 1, "suppressed": 3}
    assert not [one for one in book.verify() if one.broken]


def test_who_leaves_by_a_new_link_gets_nothing_of_an_old_issue_that_goes_on(book: PeopleLedger) -> None:
    old = plan(book, LIST, "2021-07", [reader(0), reader(1)])
    book.rename_newsletter(LIST, NEW, NOW)
    plan(
        book,
        NEW,
        "2021-08",
        [replace(under(LIST, number), former_hashes=(reader(number).address_hash,)) for number in (0, 1)],
    )
    book.suppress(NEW, address_hash=hash_of(f"{NEW} reader0@example.com"), reason="unsubscribed", now=NOW)
    with book.lease(NOW) as lease:
        assert [one.key for one in book.claim(old, lease, 9, NOW)] == ["reader1@example.com"]


def test_however_many_have_left_one_reader_is_found_by_a_search(tmp_path: Path) -> None:
    """SQLite chooses the order of a join by itself: it once began with everybody who ever left the newsletter."""
    asked = sa.select(deliveries.c.id).where(deliveries.c.id == 1, suppressed_delivery())
    text = str(asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as book, book._database.read() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    looked = [step for step in steps if "suppressions" in step or "other_hashes" in step]
    assert len(looked) == 4
    assert all(re.match(r"SEARCH \w+ USING (COVERING )?INDEX \w+ \((key|address_hash)=", step) for step in looked), (
        steps
    )
    assert not [step for step in steps if step.startswith("SCAN")]


def test_a_sign_up_lifts_what_a_link_of_then_had_said(book: PeopleLedger) -> None:
    book.suppress(LIST, address_hash=b"then", reason="unsubscribed", now=NOW)
    book.rename_newsletter(LIST, NEW, NOW)
    assert not book.unsuppress(NEW, "reader0@example.com", b"now", NOW)
    assert book.unsuppress(NEW, "reader0@example.com", b"now", NOW, former_hashes=[b"then"])
    assert list(book.suppressions(NEW)) == []


def test_what_is_written_under_a_former_name_counts_under_the_newest(book: PeopleLedger) -> None:
    """A process that has the settings of before, such as pages that nobody has restarted."""
    planned(book)
    book.rename_newsletter(LIST, "middle.example.org", NOW)
    book.rename_newsletter("middle.example.org", NEW, NOW)
    assert book.suppress(LIST, address_hash=b"gone", reason="unsubscribed", now=NOW)
    assert [one.newsletter for one in book.suppressions(NEW)] == [NEW]
    assert book.is_suppressed(LIST, "", b"gone")
    assert not book.suppress("middle.example.org", address_hash=b"gone", reason="unsubscribed", now=NOW)
    with pytest.raises(RefusedError, match="middle"):
        book.require_newsletter(NEW, [LIST])


def test_what_waited_under_a_name_that_was_not_known_is_kept_with_the_rest(book: PeopleLedger) -> None:
    planned(book)
    for list_id in (LIST, NEW):
        book.suppress(list_id, address_hash=b"both", reason="unsubscribed", now=NOW)
    book.suppress(NEW, address_hash=b"new", reason="unsubscribed", now=NOW)
    book.rename_newsletter(LIST, NEW, NOW)
    assert sorted(one.address_hash for one in book.suppressions(NEW)) == [b"both", b"new"]


def test_a_rename_is_taken_back(book: PeopleLedger) -> None:
    dispatch = planned(book)
    book.rename_newsletter(LIST, NEW, NOW)
    book.rename_newsletter(NEW, LIST, NOW)
    assert {one.list_id: one.now_called for one in book.newsletters()} == {LIST: "", NEW: LIST}
    found = book.find(LIST, "2021-07")
    assert found is not None
    assert found.id == dispatch


def test_a_name_that_was_only_added_can_be_taken(book: PeopleLedger) -> None:
    planned(book)
    book.add_newsletter(NEW, NOW)
    book.rename_newsletter(LIST, NEW, NOW)
    assert book.find(NEW, "2021-07") is not None


def refused(book: PeopleLedger, old: str, new: str, words: str, kind: type[NewsletterError] = RefusedError) -> None:
    before = (book.newsletters(), [(one.id, one.newsletter) for name in (old, new) for one in book.dispatches(name)])
    with pytest.raises(kind, match=words) as caught:
        book.rename_newsletter(old, new, NOW)
    assert_told_in_both(caught.value)
    after = (book.newsletters(), [(one.id, one.newsletter) for name in (old, new) for one in book.dispatches(name)])
    assert after == before


def test_what_cannot_be_renamed_is_refused_and_changes_nothing(book: PeopleLedger) -> None:
    refused(book, LIST, NEW, "knows none yet", UsageError)
    planned(book)
    refused(book, OTHER, NEW, f"It knows {LIST}", UsageError)
    refused(book, LIST, LIST, "called already", UsageError)
    book.add_newsletter(OTHER, NOW)
    plan(book, OTHER, "2021-07")
    refused(book, LIST, OTHER, "so they cannot become one: 2021-07")
    book.rename_newsletter(OTHER, NEW, NOW)
    refused(book, OTHER, "third.example.org", f"is called {NEW} already", UsageError)
    refused(book, LIST, OTHER, f"is what {NEW} was called before")


def test_while_a_process_holds_deliveries_nothing_is_renamed(book: PeopleLedger) -> None:
    dispatch = planned(book)
    with book.lease(NOW) as lease:
        book.claim(dispatch, lease, 1, NOW)
        refused(book, LIST, NEW, "A process is sending")
    book.rename_newsletter(LIST, NEW, NOW)


def test_who_left_the_one_gets_nothing_more_of_the_other_that_is_being_sent_when_they_become_one(
    book: PeopleLedger,
) -> None:
    planned(book)
    book.add_newsletter(OTHER, NOW)
    dispatch = plan(book, OTHER, "2021-08", [reader(number) for number in range(5)])
    book.suppress(LIST, address_hash=reader(0).address_hash, reason="unsubscribed", now=NOW)
    for list_id in (LIST, OTHER):
        book.suppress(list_id, address_hash=b"both", reason="unsubscribed", now=NOW)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 3, NOW)
        assert [one.key for one in claims] == [f"reader{number}@example.com" for number in range(3)]
        book.rename_newsletter(LIST, OTHER, NOW)
        assert book.turn([], claims[:2], NOW) == {claims[0].delivery}
        # The number of the one that stood under both is not given again.
        book.suppress(OTHER, address_hash=reader(2).address_hash, reason="unsubscribed", now=NOW)
        assert book.turn([], claims[2:], NOW) == {claims[2].delivery}
