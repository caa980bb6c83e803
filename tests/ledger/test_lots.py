"""Lots: how a plan fills them, who may take them, and that what others see of them adds up."""

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from newsletter.audience.judged_rows import JudgedRows
from newsletter.catalogue import Verbatim
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lots import LOT_SIZE, lot_size_at
from newsletter.ledger.schema import deliveries, leases, lots
from newsletter.ledger.seen_state import from_list
from newsletter.ledger.staged_audience import Audience
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.smtp.reply import Reply
from tests.support.books import NOW, edition, hash_of, letterhead, planned, readers, sent, tally

LATER = NOW + timedelta(minutes=5)
GREY = Reply("rcpt", 451, "4.7.1", "Greylisted")


def to(domain: str, number: int) -> PlannedDelivery:
    key = f"reader{number}@{domain}"
    return PlannedDelivery(key, key, hash_of(key), "ko", {}, number + 2)


def in_lots(book: Ledger) -> list[list[str]]:
    """The domains of those who stand in each lot, in the order of the lots."""
    with book._database.read() as connection:
        rows = connection.execute(sa.select(deliveries.c.lot_id, deliveries.c.key).order_by(deliveries.c.id)).all()
    found: dict[int, list[str]] = {}
    for lot, key in rows:
        found.setdefault(lot, []).append(key.rpartition("@")[2])
    return [found[lot] for lot in sorted(found)]


def test_no_lot_is_more_than_a_twentieth_of_the_audience_or_twenty_or_five_hundred(book: Ledger) -> None:
    planned(book, (to(f"{number % 97}.example.com", number) for number in range(1500)), lot=20)
    sizes = list(map(len, in_lots(book)))
    assert sum(sizes) == 1500
    assert sizes[:10] == [20] * 10
    assert 20 < max(sizes) <= 1500 // 20
    assert max(sizes) < LOT_SIZE


@pytest.mark.parametrize(
    ("rate", "readers", "size"),
    [
        (None, 10**7, 500),
        (0.1, 1000, 20),
        (40.0, 1000, 20),
        (101.0, 1000, 51),
        (5000.0, 1000, 500),
        (20.0, 10**6, 100),
        (20.0, 10**7, 500),
    ],
)
def test_with_a_rate_a_lot_is_what_goes_in_half_a_second(rate: float | None, readers: int, size: int) -> None:
    assert lot_size_at(rate, readers) == size


def test_a_plan_for_a_rate_has_lots_of_that_size(book: Ledger) -> None:
    rows = JudgedRows()
    for number in range(1500):
        rows.add(f"{number}@{number % 97}.example.com", "", "ko", None, number + 2)
    audience = Audience(rows, lambda key: (hash_of(key),), renamed=False, rate=42.0)
    book.plan(letterhead("2021-07"), {"ko": edition(words="2021-07")}, audience, NOW)
    assert set(map(len, in_lots(book))) == {20, 21, 1500 % 21}


def test_a_domain_with_many_readers_has_lots_of_its_own(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.ledger.lots.LOT_SIZE", 10)
    domains = ("naver.com", "naver.com", "example.com", "example.org")
    planned(book, (to(domains[number % 4], number) for number in range(120)), lot=5)
    mixed = [lot for lot in in_lots(book) if len(set(lot)) > 1]
    assert Counter(domain for lot in mixed for domain in lot)["naver.com"] < 10
    assert sum(lot.count("naver.com") for lot in in_lots(book) if set(lot) == {"naver.com"}) > 50


def test_a_claim_leaves_a_closed_domain_alone_and_does_not_take_its_lots(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.ledger.lots.LOT_SIZE", 4)
    domains = ("naver.com", "naver.com", "example.com", "mail.naver.com")
    dispatch = planned(book, (to(domains[number % 4], number) for number in range(40)), lot=4)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        mine = book.claim(dispatch, one, 100, NOW, without=["naver.com"])
        assert {claim.key.rpartition("@")[2] for claim in mine} == {"example.com"}
        assert len(mine) == 10
        theirs = book.claim(dispatch, two, 100, NOW)
        assert len(theirs) > 20
        assert book.held_by_others(dispatch, one) >= len(theirs)


def test_a_canary_is_of_the_lowest_lines_whatever_lots_they_stand_in(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.ledger.lots.LOT_SIZE", 4)
    domains = ("naver.com", "example.com", "naver.com", "example.org", "naver.com")
    dispatch = planned(book, (to(domains[number % 5], number) for number in range(60)), lot=4)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 23, NOW)
        claims = book.claim(dispatch, lease, 23, NOW)
        assert [claim.key for claim in claims] == [to(domains[number % 5], number).key for number in range(23)]


def test_a_lot_is_held_only_while_something_of_it_is_handed_out(book: Ledger) -> None:
    dispatch = planned(book, 6, lot=6)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        claims = book.claim(dispatch, one, 2, NOW)
        assert tally(book, dispatch) == {"claimed": 6}
        assert book.claim(dispatch, two, 9, NOW) == []
        book.turn([], claims, NOW)
        assert tally(book, dispatch) == {"claimed": 4, "in_flight": 2}
        book.turn([sent(claims[0])], [], NOW)
        assert book.claim(dispatch, two, 9, NOW) == []  # the other one is in flight
        book.turn([Outcome(claims[1], State.PLANNED, attempted=False)], [], NOW)
        assert tally(book, dispatch) == {"sent": 1, "planned": 5}
        assert [claim.key for claim in book.claim(dispatch, two, 9, NOW)] == [row.key for row in readers(6)[1:]]


def test_no_lot_changes_hands_while_a_list_names_one_of_its_rows(book: Ledger) -> None:
    dispatch = planned(book, 5, lot=5)
    with book.lease(NOW) as one, book.lease(NOW) as two:
        claims = book.claim(dispatch, one, 5, NOW)
        book.turn([], claims[:1], NOW)
        book.turn([Outcome(claim, State.PLANNED, attempted=False) for claim in claims[1:]], [], NOW)
        assert book.claim(dispatch, two, 5, NOW) == []
        one.close(NOW)
        again = book.claim(dispatch, two, 5, NOW)
        assert claims[0].key not in {claim.key for claim in again}
        assert tally(book, dispatch) == {"in_doubt": 1, "claimed": 4}


def test_a_mark_stands_until_the_commit_of_its_outcome(book: Ledger) -> None:
    dispatch = planned(book, 4, lot=4)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 4, NOW)
        book.turn([], claims[:2], NOW)
        assert _marks(book, lease.id) == {claims[0].delivery, claims[1].delivery}
        book.turn([sent(claims[0])], claims[2:], NOW)
        assert _marks(book, lease.id) == {claim.delivery for claim in claims[1:]}
        lease.heartbeat()
        assert _marks(book, lease.id) == {claim.delivery for claim in claims[1:]}


def _marks(book: Ledger, lease: int) -> set[int]:
    with book._database.read() as connection:
        return set(from_list(connection.execute(sa.select(leases.c.marks).where(leases.c.id == lease)).scalar_one()))


def test_who_is_deferred_to_one_minute_waits_in_one_lot_and_nobody_is_tried_too_early(book: Ledger) -> None:
    dispatch = planned(book, 8, lot=8)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 8, NOW)
        book.turn([], claims, NOW)
        dues = [LATER + timedelta(seconds=20 * number) for number in range(6)]
        for claim, due in zip(claims, dues, strict=False):
            book.turn([Outcome(claim, State.DEFERRED, GREY, "greylist", due_at=due)], [], NOW)
        with book._database.read() as connection:
            waiting = sa.select(lots.c.waiting, lots.c.due_at).where(lots.c.due_at.is_not(None)).order_by(lots.c.due_at)
            assert connection.execute(waiting).all() == [(3, dues[2]), (3, dues[5])]
        assert book.next_due(dispatch) == dues[2]
        assert book.claim(dispatch, lease, 9, dues[1]) == []
        assert [claim.key for claim in book.claim(dispatch, lease, 9, dues[2])] == [claim.key for claim in claims[:3]]


def test_whatever_happens_each_lot_counts_its_own(book: Ledger) -> None:
    """All that changes a state, one after the other; the book is held against itself each time."""
    dispatch = planned(book, 30, lot=7)
    steps = count()

    def right() -> None:
        assert sum(book.counts(dispatch).values()) == 30
        assert [str(found.promise) for found in book.verify() if found.broken] == [], next(steps)
        seen = Counter(row.state.value for row in book.deliveries(dispatch))
        assert seen == Counter(tally(book, dispatch))

    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 20, NOW)
        right()
        book.turn([], claims[:8], NOW)
        right()
        refused = Outcome(claims[1], State.DEFERRED, Reply("rcpt", 550, "", "no"), "permanent", due_at=NOW)
        ends = [sent(claims[0]), refused, Outcome(claims[2], State.FAILED, GREY, "permanent")]
        ends += [Outcome(claims[3], State.IN_DOUBT), Outcome(claims[4], State.PLANNED, attempted=False)]
        ends += [Outcome(claims[5], State.EXPIRED, GREY, "greylist")]
        assert book.turn(ends, [], NOW) == frozenset()
        right()
        book.believe([claims[1]], NOW)
        right()
        book.doubt_refusals([claims[1]], NOW)
        book.untry([ends[5], refused], NOW)
        right()
        book.suppress("*", key=claims[9].key, reason="manual", now=NOW)
        assert book.turn([], [claims[9], claims[10]], NOW) == {claims[9].delivery}
        right()
        book.pause(dispatch, Verbatim(""), NOW)
        assert book.turn([sent(claims[10])], [claims[11]], NOW) == {claims[11].delivery}
        right()
        book.resume(dispatch, NOW)
        book.turn([], [claims[12]], NOW)
    right()
    assert book.resolve(dispatch, False, NOW) == 4
    right()
    assert book.undo_resolve(dispatch) == 4
    right()
    book.resolve(dispatch, True, NOW)
    assert book.cancel(dispatch, NOW) > 0
    right()
