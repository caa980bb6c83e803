"""What SQLite decides of an import by itself is what is decided of each one who is looked at."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.audience.exports.person import ExportedPerson
from newsletter.audience.exports.staged import StagedPeople
from newsletter.errors import CannotWriteError
from newsletter.ledger.imports import ImportTarget
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.people_tables import subscriptions
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import suppressions
from newsletter.ledger.states import EVERYWHERE
from newsletter.ledger.subscriptions import Subscription
from tests.support.books import LIST, NOW, hash_of, workspace_at

YES, LATER = NOW - timedelta(days=100), NOW - timedelta(days=90)
KNOWN = ("nobody", "imported", "unconsented", "form", "chose")
SUPPRESSED = ("", LIST, EVERYWHERE, "lifted")
SAID: tuple[dict[str, Any], ...] = (
    {"name": "홍길동", "consent_at": YES},
    {"name": "홍", "consent_at": YES},
    {"consent_at": LATER, "fields": {"소속": "시"}},
    {"consent_at": None, "language": "ko", "tags": frozenset({"시민"})},
    {"reason": "unsubscribed", "left_at": YES},
)


def everybody() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """How each is known, why not mailed, and what the list says of them."""
    for number, (known, suppressed, said) in enumerate(product(KNOWN, SUPPRESSED, SAID)):
        yield f"r{number}@example.com", known, suppressed, said


def staged(said: Mapping[str, Mapping[str, Any]]) -> StagedPeople:
    coming = StagedPeople(hash_of)
    for key, more in said.items():
        coming.add(ExportedPerson(2, key, key, consent_source="csv", **more))
    return coming


def prepare(book: PeopleLedger, target: ImportTarget) -> None:
    keys = {key: known for key, known, *_ in everybody()}
    before = {
        key: {"name": "홍길동", "consent_at": None if known == "unconsented" else YES}
        for key, known in keys.items()
        if known not in ("nobody", "form")
    }
    take_over(book, target, before)
    own = [Subscription(hash_of(key), key, key, source="form", consent_at=YES) for key in keys if keys[key] == "form"]
    book.subscribe(LIST, own, NOW)
    for key, known, suppressed, _ in everybody():
        if known == "chose":
            book.choose(LIST, hash_of(key), language="en", now=NOW + timedelta(hours=1))
        if suppressed:
            where = LIST if suppressed == "lifted" else suppressed
            book.suppress(
                where,
                reason="complained" if where == EVERYWHERE else "unsubscribed",
                now=NOW,
                key=key,
                address_hash=hash_of(key),
            )
        if suppressed == "lifted":
            book.unsuppress(LIST, key, hash_of(key), NOW)


def take_over(
    book: PeopleLedger, target: ImportTarget, said: Mapping[str, Mapping[str, Any]]
) -> tuple[Counter[str], Counter[str]]:
    coming = staged(said)
    compared: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for some in book.compare_all(target, coming, lambda: 7):
        compared.update(some)
    number = book.begin_import(target, "list.csv", {}, NOW)
    for some in book.take_over_all(target, number, coming, NOW, lambda: 7):
        done.update(some)
    book.finish_import(number, done)
    return compared, done


def kept(book: PeopleLedger) -> list[list[tuple[Any, ...]]]:
    with book._database.read() as connection:
        wanted = ([one for one in table.c if one.name != "id"] for table in (subscriptions, suppressions))
        return [sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr) for columns in wanted]


def test_sqlite_says_by_itself_what_is_said_of_each(tmp_path: Path) -> None:
    ends = []
    for renamed in (True, False):
        target = ImportTarget(LIST, "csv", lambda key: (hash_of(key),), renamed=renamed)
        (tmp_path / f"{renamed}").mkdir()
        with open_people_ledger(workspace_at(tmp_path / f"{renamed}"), Purpose.SENDING) as book:
            prepare(book, target)
            compared, done = take_over(book, target, {key: said for key, _, _, said in everybody()})
            assert compared == done
            ends.append((done, kept(book)))
    assert ends[0] == ends[1]
    assert len(ends[0][0]) == 7  # every verdict there is


def test_a_book_that_is_taken_away_in_the_middle_is_told_as_such(tmp_path: Path) -> None:
    workspace, target = workspace_at(tmp_path), ImportTarget(LIST, "csv", lambda key: (hash_of(key),), renamed=False)
    with open_people_ledger(workspace, Purpose.SENDING) as book:
        number = book.begin_import(target, "list.csv", {}, NOW)
        workspace.state.rename(tmp_path / "elsewhere")
        with pytest.raises(CannotWriteError):
            list(book.take_over_all(target, number, staged({"r1@example.com": {"consent_at": YES}}), NOW, lambda: 7))
