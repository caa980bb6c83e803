"""How often the archive's pages were looked at: one counter for a page and a day. Touches: the ledger's database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from .archive_tables import page_views
from .database import Database, LedgerPart

_v = page_views.c


@dataclass(frozen=True, slots=True, order=True)
class ArchivePage:
    """A page of the archive; `language` is empty for the newsletter's own."""

    slug: str
    language: str = ""


class PageViews(LedgerPart):
    """Of pages, never of people."""

    def add_views(self, newsletter: str, views: Mapping[tuple[ArchivePage, date], int]) -> None:
        """Count these, in one durable transaction."""
        self._database.transact(lambda connection: _add(self._database, connection, newsletter, views))

    def views(self, newsletter: str) -> Counter[ArchivePage]:
        """All views of every page, over all days."""
        query = sa.select(_v.slug, _v.language, sa.func.sum(_v.number)).where(_v.newsletter == newsletter)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(_v.slug, _v.language)).all()
        return Counter({ArchivePage(slug, language): int(count) for slug, language, count in rows})


def move_views(database: Database, connection: sa.Connection, old: str, new: str) -> None:
    """What was counted under one name counts under another."""
    theirs = sa.select(page_views).where(_v.newsletter == old)
    views = {(ArchivePage(row.slug, row.language), row.day): row.number for row in connection.execute(theirs).all()}
    connection.execute(sa.delete(page_views).where(_v.newsletter == old))
    _add(database, connection, new, views)


def _add(
    database: Database, connection: sa.Connection, newsletter: str, views: Mapping[tuple[ArchivePage, date], int]
) -> None:
    # In one order, so that two processes with the same pages do not wait for each other.
    for (page, day), count in sorted(views.items()):
        this = {"newsletter": newsletter, "slug": page.slug, "language": page.language, "day": day}
        if not database.insert_new(connection, page_views, **this, number=count):
            row = sa.and_(*(_v[name] == value for name, value in this.items()))
            connection.execute(sa.update(page_views).where(row).values(number=_v.number + count))
