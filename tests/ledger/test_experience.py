"""What the book knows of a relay by earlier issues: its pace, and whom it let wait; on both databases."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from newsletter.ledger.experience import FEWEST_TRIED
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.past_dispatch import Fate, PastDispatch, WaitingReader
from newsletter.ledger.run_terms import DomainTerms, RunTerms
from newsletter.ledger.states import Claim, Outcome, PlannedDelivery, State
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, hash_of, planned, sent

RELAY = "relay.example.com:587"
GREY = Reply("rcpt", 451, "4.7.1", "Greylisted")
GONE = Reply("rcpt", 550, "5.1.1", "no such user")


def readers(**domains: int) -> list[PlannedDelivery]:
    """So many of each domain: `example_com=3`."""
    keys = [f"r{n}@{name.replace('_', '.')}" for name, count in domains.items() for n in range(count)]
    return [PlannedDelivery(key, key, hash_of(key), "ko", {}, line + 2) for line, key in enumerate(keys)]


class Run:
    """A run of a test: it begins at a minute, and answers come at seconds of it."""

    def __init__(self, book: Ledger, dispatch: int, minute: float, terms: RunTerms | None) -> None:
        self.book, self.dispatch, self.began = book, dispatch, NOW + timedelta(minutes=minute)
        self.lease = book.lease(self.began)
        book.begin_work(dispatch, self.lease, terms)

    def claim(self, minutes: float = 0) -> list[Claim]:
        return self.book.claim(self.dispatch, self.lease, 999, self.began + timedelta(minutes=minutes))

    def answer(self, claims: Iterable[Claim], every: float, outcome_of: Callable[[Claim], Outcome] = sent) -> None:
        claims = list(claims)
        self.book.turn([], claims, self.began)
        for number, claim in enumerate(claims, 1):
            self.last = self.began + timedelta(seconds=number * every)
            self.book.turn([outcome_of(claim)], [], self.last)

    def end(self) -> None:
        self.lease.close(self.last)


def terms(relay: str = RELAY, connections: int = 2, **domains: DomainTerms) -> RunTerms:
    return RunTerms(relay, connections, None, {name.replace("_", "."): limit for name, limit in domains.items()})


def deferred(claim: Claim) -> Outcome:
    return Outcome(claim, State.DEFERRED, GREY, "greylist", due_at=NOW + timedelta(minutes=5))


def send(book: Ledger, slug: str, kept: RunTerms | None, people: list[PlannedDelivery], every: float = 0.5) -> None:
    run = Run(book, planned(book, people, slug), 0, kept)
    run.answer(run.claim(), every)
    run.end()


def one(book: Ledger) -> PastDispatch:
    [found] = book.experience(LIST, RELAY)
    return found


def test_the_pace_is_that_of_the_first_half_of_the_answers(book: Ledger) -> None:
    run = Run(book, planned(book, readers(example_com=60, example_org=40), "2026-01"), 0, terms())
    claims = run.claim()
    run.answer(claims[:60], 0.5)
    run.began += timedelta(seconds=30)
    run.answer(claims[60:], 3)  # the slow ones, that are left at the end
    run.end()
    past = one(book)
    assert past.per_second == pytest.approx(2, rel=0.02)
    assert past.costs() == pytest.approx((0.5, 0.5), rel=0.02)
    assert (past.slug, past.terms) == ("2026-01", terms())


def test_whoever_was_deferred_tells_how_long_and_what_a_refusal_costs(book: Ledger) -> None:
    dispatch = planned(book, readers(example_com=40, naver_com=40, small_example=1), "2026-01")
    first = Run(book, dispatch, 0, terms())
    claims = first.claim()
    grey = [claim for claim in claims if claim.key.endswith("@naver.com")]
    others = sorted((claim for claim in claims if claim not in grey), key=lambda claim: claim.key)
    first.answer(grey, 0.1, deferred)
    first.began += timedelta(seconds=4)
    first.answer(others[:1], 1, lambda claim: Outcome(claim, State.FAILED, GONE, "bad_address", rule="bad-address"))
    first.began += timedelta(seconds=1)
    first.answer(others[1:], 1)
    first.end()
    assert [(one.domain, one.attempts) for one in book.still_waiting(dispatch)] == [("naver.com", 1)] * 40
    second = Run(book, dispatch, 10, terms())
    second.answer(second.claim(), 1)
    second.end()
    past = one(book)
    [fate] = past.fates["naver.com"]
    assert (fate.count, fate.tries, fate.state) == (40, 2, State.SENT)
    assert fate.lag == pytest.approx(600, rel=0.05)
    assert sorted((fate.state, fate.count) for fate in past.fates["example.com"]) == [("failed", 1), ("sent", 39)]
    assert sum(fate.count for fate in past.fates[""]) == 1
    accepted, refused = past.costs()
    assert accepted == pytest.approx(1, rel=0.1)
    assert refused == pytest.approx(0.1, abs=0.05)


def test_only_what_went_through_this_relay_counts_unless_nobody_kept_it(book: Ledger) -> None:
    send(book, "2026-01", None, readers(example_com=30))
    assert [past.terms for past in book.experience(LIST, RELAY)] == [None]
    send(book, "2026-02", terms("other.example.com:25"), readers(example_com=31))
    send(book, "2026-03", terms(), readers(example_com=32))
    send(book, "2026-04", terms(), readers(example_com=FEWEST_TRIED - 1))  # too few to tell anything
    assert [past.slug for past in book.experience(LIST, RELAY)] == ["2026-03"]
    assert book.experience("other.news.example.org", RELAY) == []


def test_of_an_issue_that_changed_relays_only_the_time_at_this_one_tells_a_pace(book: Ledger) -> None:
    dispatch = planned(book, readers(example_com=60), "2026-01")
    for minute, kept, every in ((0, terms("other.example.com:25"), 0.1), (10, terms(), 1.0)):
        run = Run(book, dispatch, minute, kept)
        run.answer(run.book.claim(dispatch, run.lease, 30, run.began), every)
        run.end()
    assert one(book).per_second == pytest.approx(1, rel=0.05)


def test_the_newest_issues_come_first_and_no_more_than_can_be_looked_through(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        send(book, f"2026-0{number}", terms(), readers(example_com=30))
    assert [past.slug[-1] for past in book.experience(LIST, RELAY)] == ["4", "3", "2", "1"]
    monkeypatch.setattr("newsletter.ledger.experience.MOST_ISSUES", 3)
    assert [past.slug[-1] for past in book.experience(LIST, RELAY)] == ["4", "3", "2"]
    monkeypatch.setattr("newsletter.ledger.experience.MOST_ROWS", 59)
    assert [past.slug[-1] for past in book.experience(LIST, RELAY)] == ["4"]


def test_processes_that_sent_together_are_one_stretch(book: Ledger) -> None:
    dispatch = planned(book, readers(example_com=40), "2026-01")
    one_of_them, other = (Run(book, dispatch, 0, terms()) for _ in range(2))
    claims = one_of_them.book.claim(dispatch, one_of_them.lease, 20, NOW), other.claim()
    one_of_them.answer(claims[0], 1)
    other.answer(claims[1], 1)
    one_of_them.end()
    other.end()
    past = one(book)
    assert len(past.stretches) == 1
    assert past.per_second == pytest.approx(2, rel=0.1)


def test_a_domain_with_a_limit_has_a_pace_of_its_own(book: Ledger) -> None:
    limited = terms(naver_com=DomainTerms(1, None))
    run = Run(book, planned(book, readers(naver_com=30, example_com=30), "2026-01"), 0, limited)
    claims = run.claim()
    run.answer([claim for claim in claims if claim.key.endswith("@naver.com")], 2)
    run.answer([claim for claim in claims if claim.key.endswith("@example.com")], 0.25)
    run.last = NOW + timedelta(minutes=1)
    run.end()
    [stretch] = one(book).stretches
    assert stretch.domains == {"naver.com": pytest.approx(0.5)}


def test_who_waits_is_told_in_order_however_many(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.ledger.experience._AT_ONCE", 2)
    dispatch = planned(book, readers(example_com=2, naver_com=3), "2026-01")
    run = Run(book, dispatch, 0, terms())
    claims = sorted(run.claim(), key=lambda claim: claim.delivery)
    run.answer(claims[:1], 1)
    run.answer(claims[1:2], 1, deferred)
    run.end()
    second = NOW + timedelta(seconds=1)
    assert list(book.still_waiting(dispatch)) == [
        WaitingReader("example.com", NOW + timedelta(minutes=5), second, 1),
        *(WaitingReader("naver.com", None, None, 0) for _ in range(3)),
    ]


def test_fates_that_are_alike_are_joined() -> None:
    assert Fate(1, 2, 100, State.SENT).joined(Fate(3, 2, 300, State.SENT)) == Fate(4, 2, 250, State.SENT)
