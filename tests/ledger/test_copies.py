"""Promise 8 in the book: what readers see is compared with all that was sent, likeness with the newest issues."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError
from newsletter.ledger.copies import NEWEST
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import PlannedDelivery
from tests.support.books import LIST, NOW, edition, letterhead, reader, readers

WORDS = [f"낱말{number}" for number in range(100)]


def letter(slug: str, words: list[str], subject: str = "신성장동력") -> dict[str, Edition]:
    """What a file of these words becomes; each file has a digest of its own."""
    return {"ko": replace(edition(slug, words=" ".join(words)), subject=subject, content=slug, pictures=())}


def planned(book: Ledger, slug: str, words: list[str], *although_like: str) -> int:
    return book.plan(letterhead(slug), letter(slug, words), readers(1), NOW, although_like=although_like).dispatch


def other_words(number: int) -> list[str]:
    return [f"{word}-{number}" for word in WORDS]


def test_a_copy_of_any_issue_is_known_and_likeness_to_the_newest(book: Ledger) -> None:
    planned(book, "2021-07", WORDS)
    nearly = [*WORDS[:-1], "다른말"]
    for number in range(NEWEST - 1):
        planned(book, f"2022-{number}", other_words(number))
    assert [one.slug for one in book.likenesses(LIST, "2026-11", letter("2026-11", nearly))] == ["2021-07"]
    planned(book, "2024-01", other_words(99))
    assert book.likenesses(LIST, "2026-11", letter("2026-11", nearly)) == []
    unseen = [f"{word}\u200b " for word in WORDS]
    (one,) = book.likenesses(LIST, "2026-11", letter("2026-11", unseen))
    assert (one.slug, one.is_copy) == ("2021-07", True)
    with pytest.raises(RefusedError, match="already sent as 2021-07"):
        planned(book, "2026-11", unseen, "2021-07")


def test_likeness_is_refused_but_for_the_issue_that_was_named(book: Ledger) -> None:
    planned(book, "2021-07", WORDS)
    nearly = [*WORDS[:-1], "다른말"]
    with pytest.raises(RefusedError, match="newsletter approve 2026-11 --although-like 2021-07"):
        planned(book, "2026-11", nearly)
    with pytest.raises(RefusedError, match="2021-07"):
        planned(book, "2026-11", nearly, "2021-08")
    assert planned(book, "2026-11", nearly, "2021-07")


def test_what_becomes_visible_while_this_one_is_planned_is_looked_at_too(book: Ledger) -> None:
    def rows() -> Iterator[PlannedDelivery]:
        yield reader(0)
        planned(book, "2021-07", WORDS)

    with pytest.raises(RefusedError, match="2021-07"):
        book.plan(letterhead("2026-11"), letter("2026-11", [*WORDS[:-1], "다른말"]), rows(), NOW)
    assert book.find(LIST, "2026-11") is None


def test_a_correction_is_held_against_the_others_as_well(book: Ledger) -> None:
    planned(book, "2021-07", WORDS)
    dispatch = planned(book, "2026-11", other_words(1))
    nearly = letter("2026-11", [*WORDS[:-1], "다른말"])
    with pytest.raises(RefusedError, match="2021-07"):
        book.revise(dispatch, nearly)
    assert book.revise(dispatch, nearly, ["2021-07"]) == 1


def test_words_that_nobody_got_are_free(book: Ledger) -> None:
    book.cancel(planned(book, "2021-07", WORDS), NOW)
    assert book.likenesses(LIST, "2026-11", letter("2026-11", WORDS)) == []
    assert planned(book, "2026-11", WORDS)


def test_another_newsletter_has_said_nothing(book: Ledger) -> None:
    planned(book, "2021-07", WORDS)
    assert book.likenesses("other.news.example.org", "2026-11", letter("2026-11", WORDS)) == []
