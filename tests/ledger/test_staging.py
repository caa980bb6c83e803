"""Staging: the book gets an audience from the private file, whole, as the rows say, and stays free for others."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.judged_rows import JudgedRows
from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger import stage_by_copy, staging
from newsletter.ledger.frozen import pack_values
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, Purpose
from newsletter.ledger.schema import deliveries, leases, other_hashes
from newsletter.ledger.staged_audience import Audience, OtherHashes, Target
from newsletter.ledger.states import PlannedDelivery
from tests.support.books import LIST, NOW, edition, hash_of, letterhead, reader, readers, tally, workspace_at
from tests.support.postgres import Cluster

WORDS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""All that a database takes."""
EDITIONS = {"ko": edition(), "en": edition(variant="en", words="New growth engines")}


def hashes_of(key: str) -> tuple[bytes, ...]:
    return hash_of(key), hash_of(f"then {key}")


def judged(rows: list[PlannedDelivery]) -> JudgedRows:
    kept = JudgedRows()
    for row in rows:
        kept.add(row.key, row.address, row.variant, pack_values(row.values, row.address), row.line)
    return kept


def audience(rows: list[PlannedDelivery], *, renamed: bool = False) -> Audience:
    return Audience(judged(rows), hashes_of, renamed=renamed)


def told(book: Ledger) -> list[tuple[object, ...]]:
    """All that a plan writes of its deliveries, and other hashes."""
    columns = [column for column in deliveries.c if column.name not in ("id", "dispatch_id", "edition_id", "lot_id")]
    with book._database.read() as connection:
        rows = connection.execute(sa.select(*columns).order_by(deliveries.c.id)).all()
        others = connection.execute(sa.select(other_hashes).order_by(*other_hashes.c)).all()
    return [tuple(row) for row in (*rows, *others)]


def some_suppressed(book: Ledger) -> Ledger:
    book.suppress(LIST, key="reader1@example.com", reason="manual", now=NOW)
    book.suppress("*", address_hash=hash_of("reader2@example.com"), reason="complained", now=NOW)
    book.suppress(LIST, address_hash=hash_of("then reader3@example.com"), reason="unsubscribed", now=NOW)
    book.suppress("another.news.example.org", key="reader4@example.com", reason="unsubscribed", now=NOW)
    book.suppress(LIST, key="reader5@example.com", reason="manual", now=NOW)
    book.unsuppress(LIST, "reader5@example.com", b"", NOW)
    return book


def test_what_is_copied_from_the_private_file_is_what_is_written_row_by_row(tmp_path: Path, book: Ledger) -> None:
    some_suppressed(book)
    rows = [reader(number, "en" if number % 3 else "ko") for number in range(2_500)]
    summary = book.plan(letterhead(), EDITIONS, audience(rows, renamed=True), NOW)
    assert (summary.total, summary.suppressed, summary.duplicates) == (2_500, 3, 0)
    copied = told(book)
    with open_ledger(workspace_at(tmp_path / "other"), Purpose.SENDING) as other:
        known = [
            replace(row, address_hash=now, former_hashes=(then,)) for row in rows for now, then in (hashes_of(row.key),)
        ]
        some_suppressed(other).plan(letterhead(), EDITIONS, known, NOW)
        assert told(other) == copied
    with book._database.read() as connection:
        ids = connection.execute(sa.select(deliveries.c.line).order_by(deliveries.c.id)).scalars().all()
    assert ids == sorted(ids), "in the order of the file"


def test_who_could_not_be_mailed_is_suppressed_whatever_became_of_it(book: Ledger) -> None:
    rows = judged(readers(2))
    rows.add("kim@example.net", "kim@example.net", "ko", None, 9, barred=True)
    summary = book.plan(letterhead(), EDITIONS, Audience(rows, hashes_of, renamed=False), NOW)
    assert tally(book, summary.dispatch) == {"planned": 2, "suppressed": 1}


def test_a_row_without_an_edition_is_not_left_out_in_silence(book: Ledger) -> None:
    with pytest.raises(RuntimeError, match="3 rows were to be staged and 2"):
        book.plan(letterhead(), {"ko": edition()}, audience([*readers(2), reader(3, "xx")]), NOW)
    assert book.find(LIST, "2021-07") is None
    assert told(book) == []


def test_a_plan_of_nobody_from_the_private_file(book: Ledger) -> None:
    assert book.plan(letterhead(), EDITIONS, audience([]), NOW).total == 0


@pytest.mark.parametrize(("most", "questions"), [(100, 1), (1_000, 2)], ids=["large", "small"])
def test_a_plan_of_many_asks_a_server_once_who_is_suppressed_however_many_batches_it_has(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, most: int, questions: int
) -> None:
    """Asked for each batch, that took as much of the server as the copying; a few are asked for, by index."""
    monkeypatch.setattr(stage_by_copy, "ROWS", most)
    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        book.suppress_hashes(LIST, [hash_of(f"gone{n}") for n in range(3_000)], reason="unsubscribed", now=NOW)
        some_suppressed(book)
        asked: list[str] = []

        @sa.event.listens_for(book._database.engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.extend([statement] if "FROM suppressions" in statement else [])

        assert book.plan(letterhead(), EDITIONS, audience(readers(1_000), renamed=True), NOW).suppressed == 3
        assert len(asked) == questions


@pytest.mark.parametrize(
    ("held", "sizes"), [(1e9, [1_000, 2_000, 4_000, 5_000, 500]), (0.0, [1_000, *[100] * 3])], ids=["quick", "slow"]
)
def test_batches_are_as_long_as_they_take_and_the_book_is_free_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: float, sizes: list[int]
) -> None:
    monkeypatch.setattr(staging, "_HELD", held)
    seen: list[int] = []

    def write_between(_seconds: float) -> None:
        with closing(sqlite3.connect(tmp_path / ".newsletter" / "ledger.db", timeout=0)) as other, other:
            other.execute("BEGIN IMMEDIATE")
            seen.append(other.execute("SELECT count(*) FROM deliveries").fetchone()[0])

    monkeypatch.setattr(time, "sleep", write_between)
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as book:
        assert book.plan(letterhead(), EDITIONS, audience(readers(sum(sizes))), NOW).total == sum(sizes)
    assert seen == list(accumulate(sizes))[:-1]


def test_batches_of_a_server_are_large_however_busy_it_is_and_nobody_waits_between_them(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine 200 batches of 100 rows each were made of 20,000, and a pause after each of them."""
    monkeypatch.setattr(stage_by_copy, "ROWS", 1_000)
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("on a server nobody waits for a batch"))
    sizes: list[int] = []
    further = Audience.further

    def note(audience: Audience, after: int, size: int) -> tuple[int, OtherHashes]:
        sizes.append(size)
        return further(audience, after, size)

    monkeypatch.setattr(Audience, "further", note)
    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        assert book.plan(letterhead(), EDITIONS, audience(readers(3_500)), NOW).total == 3_500
        with book._database.read() as connection:
            counted = "SELECT reltuples FROM pg_class WHERE oid = CAST('deliveries' AS regclass)"
            assert connection.exec_driver_sql(counted).scalar_one() == 3_500, "and ways to them are found by that"
    assert sizes == [1_000] * 5


def test_the_next_batch_is_made_ready_while_the_server_has_the_last_one(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_by_copy, "ROWS", 100)
    made: list[int] = []
    meanwhile = threading.Semaphore(0)
    further, send = Audience.further, stage_by_copy._send

    def note(audience: Audience, after: int, size: int) -> tuple[int, OtherHashes]:
        made.append(after)
        meanwhile.release()
        return further(audience, after, size)

    def wait(into: Target, batch: stage_by_copy._Batch) -> int:
        assert meanwhile.acquire(timeout=60)
        assert meanwhile.acquire(timeout=60), "of this batch and of the next"
        meanwhile.release()
        return send(into, batch)

    monkeypatch.setattr(Audience, "further", note)
    monkeypatch.setattr(stage_by_copy, "_send", wait)
    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        assert book.plan(letterhead(), EDITIONS, audience(readers(300)), NOW).total == 300
    assert made == [0, 100, 200, 300]


@pytest.mark.parametrize("encoding", ["EUC_KR", "UHC"])
def test_rows_are_what_they_are_whatever_the_encoding_of_the_link(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    rows = [replace(reader(1), values={"name": "홍길동"})]
    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        kept = judged(rows)
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("PGCLIENTENCODING", encoding)
            book._database.engine.dispose()
            book.plan(letterhead(), EDITIONS, Audience(kept, hashes_of, renamed=False), NOW)
        book._database.engine.dispose()
        assert [row[3] for row in told(book)] == [pack_values({"name": "홍길동"}, rows[0].address)]


@pytest.mark.parametrize("cleared", [False, True], ids=["ended", "cleared away"])
def test_a_planner_that_lost_its_lease_says_so_and_disturbs_nobody(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, *, cleared: bool
) -> None:
    """It stood still in the middle of its list, and another planner came."""
    monkeypatch.setattr(stage_by_copy, "ROWS", 100)
    workspace = workspace_at(tmp_path, postgres.schema())

    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(250)
        with book._database.write() as connection:
            connection.execute(sa.update(leases).values(ended_at=NOW))
        if cleared:
            with open_ledger(workspace, Purpose.SENDING) as other:
                assert other.plan(letterhead(), EDITIONS, readers(5), NOW).total == 5
        yield reader(250)

    with open_ledger(workspace, Purpose.SENDING) as book:
        with pytest.raises(LeaseLostError):
            book.plan(letterhead(), EDITIONS, rows(), NOW)
        assert len(told(book)) == (5 if cleared else 0)


def test_a_batch_holds_no_more_than_so_many_octets(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_by_copy, "_OCTETS", 100_000)
    sizes: list[int] = []
    send = stage_by_copy._send

    def note(into: Target, made: stage_by_copy._Batch) -> int:
        sizes.append(len(made.text))
        return send(into, made)

    monkeypatch.setattr(stage_by_copy, "_send", note)
    long = [replace(reader(number), values={"bio": "x" * 1_000}) for number in range(1_500)]
    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        assert book.plan(letterhead(), EDITIONS, audience(long), NOW).total == 1_500
    assert max(sizes[1:]) <= 120_000
    assert len(sizes) > 4


@given(texts=st.lists(st.none() | st.text(WORDS)))
def test_whatever_stands_in_a_row_arrives_as_it_is(postgres: Cluster, texts: list[str | None]) -> None:
    with postgres.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE arrived (n serial, text text)")
        with cursor.copy("COPY arrived (text) FROM STDIN") as copy:
            copy.write("".join(f"{stage_by_copy._escaped(text)}\n" for text in texts).encode())
        assert [row[0] for row in cursor.execute("SELECT text FROM arrived ORDER BY n")] == texts


def test_what_fails_while_the_next_batch_is_made_leaves_nothing_behind(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_by_copy, "ROWS", 100)

    def rows() -> Iterator[PlannedDelivery]:
        yield from readers(150)
        raise CannotWriteError(Verbatim("no room"))

    with open_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        with pytest.raises(CannotWriteError, match="no room"):
            book.plan(letterhead(), EDITIONS, rows(), NOW)
        assert told(book) == []
        assert book.plan(letterhead(), EDITIONS, readers(150), NOW).total == 150


CLICKS = """
import json, sys, threading, time
from pathlib import Path
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, Purpose
from tests.support.books import LIST, NOW, workspace_at

over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
waits = []
with open_ledger(workspace_at(Path(sys.argv[1])), Purpose.SENDING) as book:
    print("ready", flush=True)
    while not over.is_set():
        began = time.monotonic()
        with book._database.write() as connection:
            waits.append((began, time.monotonic() - began))
            connection.exec_driver_sql("UPDATE facts SET value = value")
        over.wait(0.002)
print(json.dumps(waits))
"""


def test_a_one_click_is_not_kept_waiting_by_a_plan(tmp_path: Path) -> None:
    """Another process wants to write all the time: it waits for a batch, never for the plan."""
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as book:
        everybody = audience(readers(30_000))
        clicks = subprocess.Popen(
            [sys.executable, "-c", CLICKS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with clicks:
            assert clicks.stdout is not None
            assert clicks.stdout.readline() == "ready\n"
            began = time.monotonic()
            assert book.plan(letterhead(), EDITIONS, everybody, NOW).total == 30_000
            ended = time.monotonic()
            told, _ = clicks.communicate()
    waits = sorted(waited for at, waited in json.loads(told) if began <= at <= ended)
    assert len(waits) >= 10
    assert waits[len(waits) // 2] < 0.1
    assert waits[-1] < 2, "a bound for a machine that others keep busy; a batch holds the book for some 0.03 s"
