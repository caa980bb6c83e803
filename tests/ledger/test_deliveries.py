"""Who is in which state: in the order of the file, few or many, narrowed by domain and class of reply."""

from collections.abc import Iterator

import pytest

from newsletter.ledger import queries
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, hash_of, planned, sent, workspace_at

READERS = 23
SLUG = "2021-07"


def reader(number: int, domain: str) -> PlannedDelivery:
    key = f"reader{number}@{domain}"
    return PlannedDelivery(key, key, hash_of(key), "ko", {}, number + 2)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One for all tests, which only read: three issues, of which they look at the one in the middle."""
    url = [] if request.param == "sqlite" else [request.getfixturevalue("postgres").schema()]
    with open_ledger(workspace_at(tmp_path_factory.mktemp("book"), *url), Purpose.SENDING) as opened:
        _fill(opened)
        yield opened


@pytest.fixture
def dispatch(book: Ledger) -> int:
    record = book.find(LIST, SLUG)
    assert record is not None
    return record.id


def _fill(book: Ledger) -> None:
    """Every third has failed, for a reason of its class or by a rule's, the others are sent."""
    planned(book, READERS, slug="2021-06")
    rows = [reader(number, "naver.com" if number % 2 else "example.com") for number in range(READERS)]
    number = planned(book, rows, slug=SLUG)
    planned(book, READERS, slug="2021-08")
    with book.lease(NOW) as lease:
        claims = book.claim(number, lease, READERS, NOW)
        book.turn([], claims, NOW)
        refused = Reply("rcpt", 550, "5.1.1", "nobody")
        book.turn(
            [
                sent(claim) if place % 3 else Outcome(claim, State.FAILED, refused, "bad_address", rule="no-such-user")
                for place, claim in enumerate(claims)
            ],
            [],
            NOW,
        )


@pytest.fixture(params=["few", "many"])
def _any_number(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if these were few, and as if they were so many that the whole table is read."""
    monkeypatch.setattr(queries, "_MANY", 5 if request.param == "many" else 1000)
    monkeypatch.setattr(queries, "ROWS_AT_ONCE", 4)


@pytest.mark.usefixtures("_any_number")
def test_everybody_of_this_issue_and_nobody_else_in_the_order_of_the_file(book: Ledger, dispatch: int) -> None:
    assert [row.line for row in book.deliveries(dispatch)] == list(range(2, READERS + 2))
    failed = [row.line - 2 for row in book.deliveries(dispatch, (State.FAILED,))]
    assert failed == list(range(0, READERS, 3))
    assert list(book.deliveries(dispatch, (State.CANCELLED,))) == []


@pytest.mark.usefixtures("_any_number")
@pytest.mark.parametrize(
    ("domain", "kind", "found"),
    [
        ("naver.com", "", lambda number: number % 2),
        ("aver.com", "", lambda _: False),
        ("com", "", lambda _: True),
        ("%", "", lambda _: False),
        ("", "bad-address", lambda number: number % 3 == 0),
        ("", "bad_address", lambda number: number % 3 == 0),
        ("", "no-such-user", lambda number: number % 3 == 0),
        ("naver.com", "bad_address", lambda number: number % 2 and number % 3 == 0),
        ("", "greylist", lambda _: False),
    ],
)
def test_narrowed(book: Ledger, dispatch: int, domain: str, kind: str, found: object) -> None:
    assert callable(found)
    lines = [row.line - 2 for row in book.deliveries(dispatch, domain=domain, kind=kind)]
    assert lines == [number for number in range(READERS) if found(number)]
