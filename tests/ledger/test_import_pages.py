"""An import writes each page of the book about once, however many people there are: that is most of what it takes."""

import pytest

from newsletter.audience.exports.person import ExportedPerson
from newsletter.audience.exports.staged import StagedPeople
from newsletter.ledger.imports import ImportTarget
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, hash_of

TARGET = ImportTarget(LIST, "csv", lambda key: (hash_of(key),), renamed=False)
PEOPLE, BATCH = 12_000, 1000


@pytest.mark.parametrize("workspace", ["sqlite"], indirect=True)  # whose log tells its pages
def test_a_late_batch_of_an_import_writes_as_many_pages_as_the_first(workspace: Workspace) -> None:
    coming = StagedPeople(hash_of)
    for number in range(PEOPLE):
        key = f"reader{number}@example.com"
        coming.add(ExportedPerson(line=2, email=key, key=key, consent_at=NOW, consent_source="csv"))
    pages = []
    with open_people_ledger(workspace, Purpose.SENDING) as book:
        number = book.begin_import(TARGET, "members.csv", {}, NOW)
        for batch in coming.batches(lambda: BATCH):
            with book._database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            book.take_over(TARGET, number, batch, NOW)
            with book._database.engine.connect() as connection:
                pages.append(connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()[1])
    assert len(pages) == PEOPLE // BATCH
    assert pages[-1] < 1.5 * pages[0]
