"""PostgreSQL knows how large its tables are as soon as many rows came at once, and finds its ways by that."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.ledger import staged
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.people_tables import subscriptions
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import suppressions
from newsletter.ledger.staged import count_anew
from tests.support.books import LIST, workspace_at
from tests.support.postgres import Cluster

from .test_imports import TARGET

NOT_COUNTED = -1


def counted(book: PeopleLedger, table: sa.Table) -> int:
    asked = f"SELECT reltuples FROM pg_class WHERE oid = CAST('{table.name}' AS regclass)"
    with book._database.read() as connection:
        return int(connection.exec_driver_sql(asked).scalar_one())


@pytest.mark.parametrize("count", [999, 1000])
def test_only_many_rows_are_worth_it(tmp_path: Path, postgres: Cluster, count: int) -> None:
    with open_people_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        count_anew(book._database, count, suppressions)
        assert counted(book, suppressions) == (0 if count == 1000 else NOT_COUNTED)
        assert counted(book, subscriptions) == NOT_COUNTED


def test_after_an_import_its_tables_are_counted(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged, "_WORTH_COUNTING", 2)
    with open_people_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        number = book.begin_import(TARGET, "members.csv", {"Email Address": "email"}, book.now())
        with book._database.write() as connection:
            people = (
                f"INSERT INTO subscriptions (newsletter, address_hash, state, source, created_at, changed_at)"
                f" SELECT '{LIST}', decode(md5(CAST(n AS text)), 'hex'), 'confirmed', 'hand', 0, 0"
                f" FROM generate_series(1, 3) AS n"
            )
            connection.exec_driver_sql(people)
        assert counted(book, subscriptions) == NOT_COUNTED
        book.finish_import(number, {"new": 3})
        assert counted(book, subscriptions) == 3
