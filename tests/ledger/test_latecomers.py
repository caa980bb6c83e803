"""Who joins after the plan: new rows of the same dispatch, whole or not at all, each address once, never who left."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.catalogue import Verbatim
from newsletter.edition.variants import VariantRule
from newsletter.errors import RefusedError, RunAgainError
from newsletter.ledger import latecomers
from newsletter.ledger.accounts import Times
from newsletter.ledger.frozen import DATED
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.staged_audience import ComingDeliveries
from newsletter.ledger.states import PlannedDelivery, State
from newsletter.settings.workspace import Workspace
from tests.support.books import (
    LIST,
    NOW,
    edition,
    hash_of,
    letterhead,
    planned,
    reader,
    readers,
    sent,
    tally,
    workspace_at,
)
from tests.support.planned_ledger import folder_in_memory

RULE = VariantRule("ko", ("ko", "en"), {0: frozenset(), 1: frozenset({"도서관"})})


def add(book: Ledger, dispatch: int, rows: Iterable[PlannedDelivery], revision: int = 1) -> int:
    return book.add_latecomers(dispatch, revision, ComingDeliveries(rows), NOW)


def broken(book: Ledger) -> list[object]:
    return [verdict for verdict in book.verify() if verdict.broken]


def send_all(book: Ledger, dispatch: int, now: datetime = NOW) -> list[str]:
    """Everybody who waits is sent it; who they were."""
    got: list[str] = []
    with book.lease(now) as lease:
        while claims := book.claim(dispatch, lease, 100, now):
            lost = book.turn([], claims, now)
            went = [claim for claim in claims if claim.delivery not in lost]
            book.turn([sent(claim) for claim in went], [], now)
            got += [claim.key for claim in went]
    return got


def test_they_are_rows_of_the_same_dispatch_and_only_who_has_none(book: Ledger) -> None:
    dispatch = planned(book, 3)
    assert len(send_all(book, dispatch)) == 3
    assert add(book, dispatch, readers(5)) == 2
    assert tally(book, dispatch) == {"sent": 3, "planned": 2}
    assert (book.record(dispatch).total, len(book.dispatches(LIST))) == (5, 1)
    assert book.planned_among(dispatch, [f"reader{n}@example.com" for n in range(3, 9)]) == {
        "reader3@example.com", "reader4@example.com",
    }  # fmt: skip
    assert broken(book) == []
    assert send_all(book, dispatch) == ["reader3@example.com", "reader4@example.com"]
    assert add(book, dispatch, readers(5)) == 0
    assert tally(book, dispatch) == {"sent": 5}


def test_when_they_got_it_is_no_time_of_the_issue(book: Ledger) -> None:
    """Three days later, and while the next issue is planned: half of all have it as early as before."""

    def dated(number: int) -> PlannedDelivery:
        values = {"email": reader(number).address, DATED: NOW.isoformat()}
        return replace(reader(number), values=values)

    def times() -> Times:
        found = book.account(dispatch, few=5, compared=0, zone=UTC).short.times
        assert found is not None
        return found

    dispatch = planned(book, 40)
    send_all(book, dispatch)
    before = times()
    planned(book, 60, slug="the-next")
    for numbers in (range(40, 41), range(41, 47)):
        add(book, dispatch, map(dated, numbers))
        assert send_all(book, dispatch, NOW + timedelta(days=3)) == [reader(number).key for number in numbers]
        after = times()
        assert (after.latecomers, after.last_latecomer) == (numbers.stop - 40, NOW + timedelta(days=3))
        assert replace(after, latecomers=0, last_latecomer=None) == before
    assert book.account(dispatch, few=5, compared=0, zone=UTC).rows[State.SENT] == 47


def test_each_gets_the_variant_of_the_plan_and_the_rule_is_kept(book: Ledger) -> None:
    editions = {"ko": edition(), "en": edition(variant="en", words="New growth engines")}
    dispatch = book.plan(letterhead(), editions, readers(1), NOW, variant_rule=RULE).dispatch
    found = book.frozen_issue(dispatch)
    assert (found.letterhead, found.editions, found.revision, found.rule) == (letterhead(), editions, 1, RULE)
    add(book, dispatch, [reader(1, "en"), reader(2)])
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 9, NOW)
        assert [(claim.variant, book.edition(claim.edition).subject.split()[-1]) for claim in claims] == [
            ("ko", "신성장동력"), ("en", "engines"), ("ko", "신성장동력"),
        ]  # fmt: skip


def test_they_get_the_corrected_words_and_no_variant_that_was_left_out(book: Ledger) -> None:
    editions = {"ko": edition(), "en": edition(variant="en")}
    dispatch = book.plan(letterhead(), editions, readers(1), NOW, variant_rule=RULE).dispatch
    book.revise(dispatch, {"ko": edition(words="고친 글")}, (), RULE)
    found = book.frozen_issue(dispatch)
    assert (dict(found.editions), found.revision, found.rule) == ({"ko": edition(words="고친 글")}, 2, RULE)
    add(book, dispatch, [reader(1)], revision=2)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 9, NOW)
        assert {book.edition(claim.edition).subject for claim in claims} == {edition(words="고친 글").subject}
    with pytest.raises(RunAgainError):
        add(book, dispatch, [reader(2)], revision=1)


@pytest.mark.parametrize("name", ["pause", "cancel", "revise"])
def test_nobody_is_added_where_somebody_decided_otherwise_meanwhile(book: Ledger, name: str) -> None:
    dispatch = planned(book, 2)

    def decide() -> Iterator[PlannedDelivery]:
        yield reader(2)
        if name == "pause":
            book.pause(dispatch, Verbatim("wait"), NOW)
        elif name == "cancel":
            book.cancel(dispatch, NOW)
        else:
            book.revise(dispatch, {"ko": edition(words="고친 글")})

    before = book.record(dispatch).total
    with pytest.raises(RunAgainError if name == "revise" else RefusedError):
        add(book, dispatch, decide())
    with pytest.raises(RunAgainError if name == "revise" else RefusedError):
        add(book, dispatch, [reader(3)])
    assert (book.record(dispatch).total, sum(tally(book, dispatch).values())) == (before, before)
    assert broken(book) == []


def test_two_at_once_add_each_once_and_neither_fails(book: Ledger, workspace: Workspace) -> None:
    dispatch = planned(book, 2)
    other = open_ledger(workspace, Purpose.SENDING)

    def overtaken() -> Iterator[PlannedDelivery]:
        yield from readers(4)
        with other:
            assert add(other, dispatch, readers(5)) == 3

    assert add(book, dispatch, [*overtaken(), reader(5)]) == 1
    assert tally(book, dispatch) == {"planned": 6}
    assert broken(book) == []


def test_who_left_is_not_mailed_however_late(book: Ledger) -> None:
    dispatch = planned(book, 1)
    book.suppress(LIST, key="reader1@example.com", reason="manual", now=NOW)
    book.suppress(LIST, address_hash=hash_of("reader2@example.com"), reason="unsubscribed", now=NOW)
    assert add(book, dispatch, readers(5)) == 4
    book.suppress(LIST, key="reader3@example.com", reason="unsubscribed", now=NOW)
    assert send_all(book, dispatch) == ["reader0@example.com", "reader4@example.com"]
    assert tally(book, dispatch) == {"sent": 2, "suppressed": 3}
    # Coming back does not make anybody a latecomer again.
    book.unsuppress(LIST, "reader3@example.com", hash_of("reader3@example.com"), NOW)
    assert add(book, dispatch, readers(5)) == 0
    assert broken(book) == []


def test_many_come_by_several_commits_each_of_which_is_whole(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latecomers, "MOVED_AT_ONCE", 500)
    dispatch = planned(book, 3)
    totals: list[int] = []
    move = latecomers._move

    def watched(*given: object) -> int:
        totals.append(book.record(dispatch).total)
        assert sum(book.counts(dispatch).values()) == totals[-1]
        return move(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(latecomers, "_move", watched)
    assert add(book, dispatch, readers(2_003)) == 2_000
    assert (book.record(dispatch).total, tally(book, dispatch)) == (2_003, {"planned": 2_003})
    assert len(totals) > 2
    assert totals == sorted(totals)
    assert broken(book) == []


def test_who_was_moved_before_an_interruption_stays_and_the_others_come_next_time(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latecomers, "MOVED_AT_ONCE", 500)
    dispatch = planned(book, 3)
    move, moves = latecomers._move, list[int]()

    def interrupted(*given: object) -> int:
        if len(moves) == 2:
            raise KeyboardInterrupt
        moves.append(move(*given))  # type: ignore[arg-type]
        return moves[-1]

    monkeypatch.setattr(latecomers, "_move", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add(book, dispatch, readers(2_003))
    assert tally(book, dispatch) == {"planned": book.record(dispatch).total} == {"planned": 3 + sum(moves)}
    assert broken(book) == []
    monkeypatch.setattr(latecomers, "_move", move)
    assert add(book, dispatch, readers(2_003)) == 2_000 - sum(moves)
    assert tally(book, dispatch) == {"planned": 2_003}
    assert broken(book) == []


class List:
    """A list of subscribers in motion, and an issue that two of them were planned."""

    def __init__(self, book: Ledger) -> None:
        self.book = book
        self.dispatch = planned(book, 2)
        self.present, self.left, self.got, self.revision = {0, 1}, set[str](), list[str](), 1

    def join(self, number: int) -> None:
        self.present.add(number)

    def remove(self, number: int) -> None:
        self.present.discard(number)

    def leave(self, number: int) -> None:
        key = reader(number).key
        self.left.add(key)
        self.book.suppress(LIST, address_hash=hash_of(key), reason="unsubscribed", now=NOW)

    def come_back(self, number: int) -> None:
        key = reader(number).key
        self.left.discard(key)
        self.book.unsuppress(LIST, key, hash_of(key), NOW)

    def pause(self, _: int) -> None:
        self.book.pause(self.dispatch, Verbatim("wait"), NOW)

    def resume(self, _: int) -> None:
        self.book.resume(self.dispatch, NOW)

    def revise(self, _: int) -> None:
        self.book.revise(self.dispatch, {"ko": edition(words=f"{self.revision}번 고친 글")})
        self.revision += 1

    def send(self, _: int) -> None:
        went = send_all(self.book, self.dispatch)
        assert self.left.isdisjoint(went)
        self.got += went

    def latecomers(self, _: int) -> None:
        try:
            add(self.book, self.dispatch, map(reader, sorted(self.present)), self.revision)
        except RefusedError:
            assert self.book.record(self.dispatch).status == "paused"


_MOVES = [name for name in vars(List) if not name.startswith("_")]


@settings(max_examples=40, deadline=None)
@given(moves=st.lists(st.tuples(st.sampled_from(_MOVES), st.integers(0, 5)), max_size=25))
def test_whatever_happens_nobody_has_two_rows_and_nobody_who_left_is_mailed(moves: list[tuple[str, int]]) -> None:
    with ExitStack() as stack:
        root = folder_in_memory()
        stack.callback(shutil.rmtree, root)
        book = stack.enter_context(open_ledger(workspace_at(root), Purpose.SENDING))
        those = List(book)
        for move, number in moves:
            getattr(those, move)(number)
        counts, record = book.counts(those.dispatch), book.record(those.dispatch)
        assert len(those.got) == len(set(those.got)) == counts[State.SENT]
        assert sum(counts.values()) == record.total == len(list(book.deliveries(those.dispatch)))
        assert broken(book) == []
