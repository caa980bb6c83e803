"""The newest approval of each issue, on both databases: what is kept, until when, and under which name."""

from datetime import timedelta

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.scheduling import Scheduled
from tests.support.books import LIST, NOW, edition, planned

NEW = "letter.news.example.org"
FIRST, SECOND = {"ko": edition(words="첫째")}, {"ko": edition(words="둘째")}


def schedule(book: Ledger, slug: str = "2021-07", list_id: str = LIST, who: str = "Jane Doe") -> Scheduled:
    assert book.schedule(list_id, slug, FIRST, due_at=NOW, approved_at=NOW - timedelta(1), approved_by=who)
    kept = book.scheduled(list_id, slug)
    assert kept is not None
    return kept


def test_the_newest_is_kept_by_the_ledgers_clock(book: Ledger) -> None:
    before = book.now()
    first = schedule(book)
    assert (first.due_at, first.approved_by, first.approved_at) == (NOW, "Jane Doe", NOW - timedelta(1))
    assert first.is_of(FIRST)
    assert before - timedelta(seconds=1) <= first.at <= book.now() + timedelta(seconds=1)
    assert book.schedule(LIST, "2021-07", SECOND, due_at=None, approved_at=NOW, approved_by="Kim")
    second = book.scheduled(LIST, "2021-07")
    assert second is not None
    assert (second.is_of(SECOND), second.due_at, second.at >= first.at) == (True, None, True)
    assert book.all_scheduled(LIST) == {"2021-07": second}
    assert second.as_json()["due_at"] is None
    assert book.scheduled(LIST, "2021-08") is None


def test_what_is_planned_keeps_the_row_it_had(book: Ledger) -> None:
    kept = schedule(book)
    planned(book)
    assert not book.schedule(LIST, "2021-07", SECOND, due_at=None, approved_at=NOW, approved_by="Kim")
    assert book.scheduled(LIST, "2021-07") == kept


def test_another_name_takes_them_along_and_loses_none_of_its_own(book: PeopleLedger) -> None:
    planned(book, slug="2021-06")
    schedule(book, "2021-07")
    schedule(book, "2021-08")
    own = schedule(book, "2021-08", NEW, who="Kim")
    book.rename_newsletter(LIST, NEW, NOW)
    assert book.all_scheduled(LIST) == {}
    assert {slug: one.approved_by for slug, one in book.all_scheduled(NEW).items()} == {
        "2021-07": "Jane Doe",
        "2021-08": "Kim",
    }
    assert book.scheduled(NEW, "2021-08") == own
