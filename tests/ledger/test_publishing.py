"""What the book knows of the archive: whose page is there since when, and how often it was looked at."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from newsletter.edition.edition import Picture
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.page_views import ArchivePage
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, edition, letterhead, planned, readers, sent

LATER = NOW + timedelta(hours=3)
DAY = date(2026, 11, 22)


def send_all(book: Ledger, dispatch: int) -> None:
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 100, NOW)
        book.turn((), claims, NOW)
        book.turn([sent(claim) for claim in claims], (), NOW)


def test_a_page_is_current_until_the_issue_is_revised_and_its_first_time_stands(book: Ledger) -> None:
    dispatch = planned(book)
    assert book.publication(dispatch) is None
    book.page_published(dispatch, 1, NOW)
    book.revise(dispatch, {"ko": edition(words="고친 글")})
    was = book.publication(dispatch)
    assert was is not None
    assert (was.first_at, was.is_current, was.listed_at) == (NOW, False, None)
    book.page_published(dispatch, book.revision(dispatch), LATER)
    book.page_published(dispatch, 1, LATER)  # another process, which was slow
    now = book.publication(dispatch)
    assert now is not None
    assert (now.first_at, now.is_current) == (NOW, True)
    assert book.publications(LIST) == {"2021-07": now}


def test_who_is_at_its_end_and_has_a_page_waits_to_be_listed(book: Ledger) -> None:
    dispatch, other = planned(book), planned(book, slug="2021-08")
    send_all(book, other)  # before there was an archive: nobody publishes that but by hand
    book.page_published(dispatch, 1, NOW)
    assert book.unlisted(LIST) == []
    send_all(book, dispatch)
    assert [one.slug for one in book.unlisted(LIST)] == ["2021-07"]
    book.page_listed(dispatch, NOW)
    book.page_listed(dispatch, LATER)
    listed = book.publication(dispatch)
    assert listed is not None
    assert listed.listed_at == NOW
    assert book.unlisted(LIST) == []


def test_hosted_pictures_of_every_revision_are_known_by_their_address(book: Ledger) -> None:
    def with_picture(name: str) -> Picture:
        return Picture(f"{name}@x", f"{name}.png", "image/png", name.encode(), f"https://news.example.org/{name}.png")

    inside = Picture("in@x", "in.png", "image/png", b"in")
    first = replace(edition(words='"url": "http'), pictures=(inside, with_picture("a")))
    second = replace(edition(words="고친 글"), pictures=(with_picture("b"),))
    dispatch = book.plan(letterhead(), {"ko": first}, readers(2), NOW).dispatch
    planned(book, slug="2021-08")
    book.revise(dispatch, {"ko": second})
    found = book.hosted_pictures(LIST)
    assert found == book.hosted_pictures(LIST, dispatch)
    pictures = {address: book.picture(digest) for address, digest in found.items()}
    assert pictures == {"https://news.example.org/a.png": b"a", "https://news.example.org/b.png": b"b"}
    assert book.hosted_pictures("other.example.org") == {}


def test_views_add_up_over_days_and_processes(workspace: Workspace) -> None:
    korean, english = ArchivePage("2026-11"), ArchivePage("2026-11", "en")
    with open_people_ledger(workspace, Purpose.PAGES) as one, open_people_ledger(workspace, Purpose.PAGES) as two:

        def count(book: PeopleLedger) -> None:
            for _ in range(20):
                book.add_views(LIST, {(korean, DAY): 2, (english, DAY): 1, (korean, DAY + timedelta(days=1)): 1})

        threads = [threading.Thread(target=count, args=(book,)) for book in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.views(LIST) == Counter({korean: 120, english: 40})
        assert one.views("other.example.org") == Counter()


def test_views_go_along_with_a_new_name(book: PeopleLedger) -> None:
    page = ArchivePage("2021-07")
    planned(book)
    book.add_views(LIST, {(page, DAY): 3})
    book.add_views("new.example.org", {(page, DAY): 4})
    book.rename_newsletter(LIST, "new.example.org", NOW)
    assert book.views("new.example.org") == Counter({page: 7})
    assert book.views(LIST) == Counter()
