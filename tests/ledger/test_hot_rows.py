"""What a message costs: no index is written for it (HOT on PostgreSQL), and cron reads nobody's row in vain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.ledger.driver import Prepared
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.schema import lots
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, planned, sent, tally

GREY = Reply("rcpt", 451, "4.7.1", "Greylisted, come back in five minutes, if you please")
CHANGED = {"state", "lease_id", "attempts", "trying_since", "due_at", "changed_at"}
"""Columns that a message changes, beside those of the reply."""


def test_no_index_of_deliveries_names_what_a_message_changes(book: Ledger) -> None:
    with book._database.read() as connection:
        found = sa.inspect(connection).get_indexes("deliveries")
    assert {index["name"] for index in found} >= {"ix_deliveries_lot"}
    for index in found:
        assert CHANGED.isdisjoint(index["column_names"])
        assert not any(str(name).startswith("reply_") for name in index["column_names"])
        assert not any(key.endswith("_where") for key in index.get("dialect_options", {}))


def send_all(book: Ledger, dispatch: int, count: int, at_once: int) -> None:
    """In turns of so many, without a relay."""
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, count, NOW)
        for start in range(0, count, at_once):
            these = claims[start : start + at_once]
            book.turn([], these, NOW)
            book.turn([sent(claim) for claim in these], [], NOW)


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)  # SQLite writes the indexes that name a column
def test_postgresql_writes_no_index_for_a_message(book: Ledger) -> None:
    dispatch = planned(book, 400, lot=20)
    send_all(book, dispatch, 400, at_once=20)
    assert tally(book, dispatch) == {"sent": 400}
    with book._database.read() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    with book._database.read() as connection:
        made, hot = connection.exec_driver_sql(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables"
            " WHERE relname = 'deliveries' AND schemaname = current_schema()"
        ).one()
    assert made == 400
    assert hot >= 380


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)  # SQLite chooses once by itself
def test_postgresql_does_not_choose_its_ways_anew_with_each_turn(book: Ledger) -> None:
    """It did for the counts of lots: 0.15 ms each time, more than to write them."""
    dispatch = planned(book, 60, lot=20)
    send_all(book, dispatch, 60, at_once=4)
    with book._database.read() as connection:
        chosen = connection.exec_driver_sql(
            "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE %%'"
        ).one()
    assert chosen[0] > 20
    assert chosen[1] == 0


@contextmanager
def plans_of(book: Ledger) -> Iterator[list[str]]:
    """How the database goes about each SELECT of the block, tables of a few rows as if they were large."""
    statements: list[tuple[str, Any]] = []
    plans: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, values))

    sa.event.listen(book._database.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        sa.event.remove(book._database.engine, "before_cursor_execute", note)
        with book._database.read() as connection:
            if not book._database.is_sqlite:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN QUERY PLAN " if book._database.is_sqlite else "EXPLAIN "
            for statement, values in statements:
                rows = connection.exec_driver_sql(f"{explain}{statement}", values).all()
                plans += [str(row[-1]) for row in rows]


QUESTIONS: dict[str, Callable[[Ledger, int], object]] = {
    "unfinished": lambda book, _: book.unfinished(LIST),
    "at stake": lambda book, _: book.at_stake(),
    "counts": lambda book, dispatch: book.counts(dispatch),
    "next due": lambda book, dispatch: book.next_due(dispatch),
    "in doubt": lambda book, dispatch: list(book.deliveries(dispatch, (State.IN_DOUBT,))),
    "deferred": lambda book, dispatch: list(book.deliveries(dispatch, (State.DEFERRED,))),
    "take back": lambda book, _: book.take_back(NOW),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_cron_asks_is_found_without_reading_through_the_deliveries(book: Ledger, question: str) -> None:
    dispatch = planned(book, 60, lot=6)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 30, NOW)
        book.turn([], claims, NOW)
        ends = [Outcome(claims[0], State.IN_DOUBT)]
        ends += [Outcome(claims[1], State.DEFERRED, GREY, "greylist", due_at=NOW + timedelta(minutes=5))]
        book.turn(ends + [sent(claim) for claim in claims[2:]], [], NOW)
    with plans_of(book) as plans:
        QUESTIONS[question](book, dispatch)
    assert plans
    all_of_one = ("deliveries_1 (dispatch_id=?)", "uq_deliveries_dispatch_id_key on deliveries")
    bad = ("SCAN deliveries", "Seq Scan on deliveries", *all_of_one)
    assert [line for line in plans if any(words in line for words in bad)] == []


SPENT = {"domain": "", "first_line": 1, "behind": False, "filled_at": NOW, "waiting": 0, "sent": 500}


def test_a_claim_looks_at_free_lots_alone_and_at_nobody_of_others(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL looked through all deliveries while nobody had counted those of a new plan, and through lots of all
    who had got it: 0.2 s a claim with 20,000 deliveries and the lots of ten million."""
    dispatch = planned(book, 1_200, lot=20)
    with book._database.write() as connection:
        connection.execute(sa.insert(lots), [{"dispatch_id": dispatch, **SPENT}] * 2_000)
    plans: list[str] = []
    ask = Prepared.rows

    def explained(asked: Prepared, connection: sa.Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        found = ask(asked, connection, values)
        text, fixed = asked._compiled[connection.dialect.name]
        explain = "EXPLAIN QUERY PLAN" if book._database.is_sqlite else "EXPLAIN"
        rows = connection.connection.driver_connection.execute(f"{explain} {text}", {**fixed, **values})  # type: ignore[union-attr]
        plans.extend(str(row[-1]) for row in rows.fetchall())
        return found

    monkeypatch.setattr(Prepared, "rows", explained)
    with book.lease(NOW) as lease:
        assert len(book.claim(dispatch, lease, 50, NOW, without=["example.net"])) == 50
        assert len(book.claim(dispatch, lease, 50, NOW, retry_now=True)) == 50
    text = "\n".join(plans)
    assert text.count("ix_lots_free") >= 4
    assert "ix_deliveries_lot" in text
    for bad in ("SCAN deliveries", "SCAN lots", "Seq Scan on deliveries", "Seq Scan on lots", "ix_lots_dispatch_id"):
        assert bad not in text
