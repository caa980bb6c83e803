"""Whether others hold somebody else than the readers of limited domains, and whether somebody else is free."""

from dataclasses import replace
from datetime import timedelta

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import Reply
from tests.support.books import NOW, planned
from tests.support.sharing_commands import readers_at

LIMITED = "limited.example.com"
LOT = 20


def at_both(book: Ledger, limited: str = LIMITED) -> int:
    """A dispatch of two lots: readers of no limited domain, and those of a limited one."""
    many = readers_at("example.com", count=LOT)
    return planned(
        book, [*many, *(replace(one, line=one.line + LOT) for one in readers_at(limited, count=LOT))], lot=LOT
    )


def test_others_have_whom_they_hold_at_other_domains_and_nobody_else(book: Ledger) -> None:
    dispatch = at_both(book, limited=f"mx.{LIMITED}")
    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        assert not book.others_have(dispatch, mine, NOW, (LIMITED,))
        first = book.claim(dispatch, theirs, LOT, NOW)
        assert book.others_have(dispatch, mine, NOW, (LIMITED,))
        assert not book.others_have(dispatch, theirs, NOW, (LIMITED,))
        assert not book.others_have(dispatch, mine, NOW, (LIMITED, "example.com"))
        second = book.claim(dispatch, mine, LOT, NOW)
        assert not book.others_have(dispatch, theirs, NOW, (LIMITED,))
        assert book.others_have(dispatch, theirs, NOW, ("another.example.com",))
        assert {claim.key.partition("@")[2] for claim in first} == {"example.com"}
        assert {claim.key.partition("@")[2] for claim in second} == {f"mx.{LIMITED}"}
        book.turn([Outcome(claim, State.SENT, Reply("data", 250, "", "ok"), "accepted") for claim in first], [], NOW)
        assert not book.others_have(dispatch, mine, NOW, (LIMITED,))
    assert not book.others_have(dispatch, theirs, NOW, ())


def test_free_are_those_whom_nobody_has_and_who_are_due(book: Ledger) -> None:
    dispatch, later = at_both(book), NOW + timedelta(minutes=5)

    def is_free(at: int, *without: str, retry_now: bool = False) -> bool:
        now = NOW + timedelta(minutes=at)
        return book.has_free_without(dispatch, mine, now, without, retry_now=retry_now)

    with book.lease(NOW) as mine, book.lease(NOW) as theirs:
        assert is_free(0, LIMITED)
        assert not is_free(0, LIMITED, "example.com")
        claims = book.claim(dispatch, theirs, LOT, NOW)
        assert is_free(0)
        assert not is_free(0, LIMITED)
        busy = Reply("rcpt", 450, "4.2.1", "busy")
        book.turn([Outcome(claims[0], State.DEFERRED, busy, "mailbox", due_at=later)], [], NOW)
        assert not is_free(4, LIMITED)
        assert is_free(5, LIMITED)
        assert not is_free(5, "example.com", LIMITED)
    with book.lease(NOW + timedelta(minutes=1)) as mine:
        assert is_free(2, LIMITED, retry_now=True)
