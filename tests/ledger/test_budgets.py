"""No stretch of a window's length ever gets more than it allows, over processes, kills, and clocks that are wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.ledger.budgets import Block, free_after
from newsletter.ledger.database import Database
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.machine_tables import budgets
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.rates import Window
from tests.support.books import NOW, workspace_at

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
PER_HOUR, PER_DAY = Window(10, HOUR), Window(30, DAY)
BOTH = (PER_HOUR, PER_DAY)
ME = "me@relay.example.org"


@pytest.fixture
def book(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> "Book":
    """The ledger with a clock of the test's own, on a server, too."""
    played = Book(book)
    monkeypatch.setattr(Database, "shared_clock", lambda _database, _connection, now: now)
    return played


@dataclass
class Book:
    ledger: Ledger
    now: datetime = NOW

    def take(self, wanted: int, windows: tuple[Window, ...] = (PER_HOUR,), account: str = ME, spare: int = 0) -> Block:
        return self.ledger.take(account, windows, wanted, self.now, spare=spare)

    def rows(self) -> int:
        with self.ledger._database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(budgets)).scalar_one()


def test_a_window_is_used_up_and_free_again_after_its_length(book: Book) -> None:
    assert [book.take(4).count for _ in range(4)] == [4, 4, 2, 0]
    empty = book.take(4)
    assert (empty.used_up, empty.count) == ((PER_HOUR,), 0)
    assert HOUR <= empty.wait <= free_after(PER_HOUR)
    book.now += HOUR
    assert book.take(1).count == 0
    book.now = NOW + empty.wait
    assert book.take(20).count == 10


def test_what_is_taken_at_the_end_of_a_grain_and_goes_at_the_end_of_its_time_counts_from_then(book: Book) -> None:
    book.now += timedelta(seconds=14.9)
    block = book.take(10)
    book.now += block.lasts + HOUR - timedelta(microseconds=1)
    assert book.take(1).count == 0
    book.now = NOW + free_after(PER_HOUR)
    assert book.take(10).count == 10


def test_what_is_promised_as_the_wait_is_true_when_it_comes_back_in_parts(book: Book) -> None:
    book.take(3)
    book.now += timedelta(minutes=20)
    book.take(7)
    wait = book.take(1).wait
    book.now += wait
    assert book.take(10).count == 3
    book.now += timedelta(minutes=20)
    assert book.take(10).count == 7


def test_the_narrower_window_decides_and_both_count(book: Book) -> None:
    given = 0
    for _ in range(3):
        given += book.take(10, BOTH).count
        book.now += free_after(PER_HOUR)
    assert given == 30
    empty = book.take(1, BOTH)
    assert (empty.count, empty.used_up) == (0, (PER_DAY,))
    assert timedelta(hours=20) < empty.wait < DAY


def test_accounts_do_not_count_for_each_other(book: Book) -> None:
    book.take(10)
    assert book.take(10, account="you@relay.example.org").count == 10


def test_what_was_not_used_goes_back(book: Book) -> None:
    block = book.take(10, BOTH)
    book.ledger.give_back(block, 4)
    assert [usage.used for usage in book.ledger.usage(ME, BOTH, book.now)] == [6, 6]
    assert book.take(10, BOTH).count == 4


def test_what_comes_back_too_late_makes_nothing_free(book: Book) -> None:
    block = book.take(10)
    book.now += 2 * HOUR
    assert book.take(7).count == 7
    book.ledger.give_back(block, 10)
    assert book.take(10).count == 3


def test_what_comes_back_after_the_clock_was_set_back_and_forth_makes_nothing_free(book: Book) -> None:
    windows = (Window(20, HOUR),)
    block = book.take(10, windows)
    for shift in (-timedelta(minutes=1), timedelta(minutes=1)):
        book.now += shift
        assert book.take(1, windows).count == 1
    book.ledger.give_back(block, 10)
    assert book.take(20, windows).count == 8


def test_the_last_ones_are_spared_for_word_to_the_operator(book: Book) -> None:
    assert book.take(20, spare=1).count == 9
    assert book.take(1, spare=1).count == 0
    assert book.take(1).count == 1


def test_a_small_window_spares_nothing(book: Book) -> None:
    assert book.take(5, (Window(1, HOUR),), spare=1).count == 1


@pytest.mark.parametrize("back", [SECOND, timedelta(minutes=10), HOUR, DAY, 3000 * DAY])
def test_a_clock_that_is_set_back_gives_nothing_anew_and_does_not_freeze(book: Book, back: timedelta) -> None:
    assert book.take(10).count == 10
    book.now -= back
    empty = book.take(10)
    assert empty.count == 0
    assert empty.wait <= free_after(PER_HOUR)
    book.now += empty.wait
    assert book.take(10).count == 10


def test_looking_changes_nothing_even_where_the_clock_was_set_back(book: Book) -> None:
    book.take(10)
    rows = book.rows()
    for shift in (timedelta(), -DAY, 3 * HOUR):
        [usage] = book.ledger.usage(ME, (PER_HOUR,), book.now + shift)
        assert usage.used == (0 if shift > timedelta() else 10)
        assert all(timedelta() < after <= free_after(PER_HOUR) for after, _ in usage.returning)
    assert book.rows() == rows


def test_rows_do_not_grow_for_ever(book: Book) -> None:
    window = Window(1_000_000, HOUR)
    for _ in range(400):
        assert book.take(1, (window,)).count == 1
        book.now += timedelta(seconds=40)
    assert book.rows() <= 100


@dataclass
class Sender:
    """A process: takes blocks, issues MAIL commands for as long as a block lasts, and may die at any moment."""

    ledger: Ledger
    account: str
    windows: tuple[Window, ...]
    block: Block | None = None
    left: int = 0
    until: float = 0.0

    def send(self, seconds: float, now: datetime) -> bool:
        if seconds >= self.until:
            self.end()
        if not self.left:
            self.block = self.ledger.take(self.account, self.windows, 3, now)
            self.left, self.until = self.block.count, seconds + self.block.lasts.total_seconds()
        if not self.left:
            return False
        self.left -= 1
        return True

    def end(self) -> None:
        if self.left and self.block is not None:
            self.ledger.give_back(self.block, self.left)
        self.left = 0


_MOVES = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 2), st.integers(1, 20)),
    st.tuples(st.just("pass"), st.floats(0, 16), st.just(0)),
    st.tuples(st.just("pass"), st.floats(3570, 3605), st.just(0)),
    st.tuples(st.just("kill"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("end"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("back"), st.floats(0, 4000), st.just(0)),
)
_EXAMPLES = count()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(_MOVES, min_size=5, max_size=60), most=st.integers(1, 12))
def test_no_hour_and_no_day_has_more_than_its_limit(
    sqlite: Ledger, moves: list[tuple[str, float, int]], most: int
) -> None:
    windows = (Window(most, HOUR), Window(3 * most, DAY))
    account = f"{next(_EXAMPLES)}@relay.example.org"
    senders: dict[float, Sender] = {}
    seconds = wrong_by = 0.0
    """True time, and how much slower the clock on the wall is, which may only be set back."""
    sent: list[float] = []
    for what, number, messages in moves:
        if what == "pass":
            seconds += number
        elif what == "back":
            wrong_by += number
        elif what == "kill":
            senders.pop(number, None)
        elif what == "end" and number in senders:
            senders.pop(number).end()
        elif what == "send":
            sender = senders.setdefault(number, Sender(sqlite, account, windows))
            for _ in range(messages):
                if sender.send(seconds, NOW + timedelta(seconds=seconds - wrong_by)):
                    sent.append(seconds)
                    seconds += 0.5
    for window in windows:
        assert most_within(sent, window.length.total_seconds()) <= window.most


def most_within(times: list[float], length: float) -> int:
    """The most that lie in any half-open stretch of this length; `times` in order."""
    most, first = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - length:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with open_ledger(workspace_at(tmp_path_factory.mktemp("book")), Purpose.SENDING) as opened:
        yield opened
