"""What of an issue is published in the archive, and since when. Touches: the ledger's database."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from .archive_tables import publications
from .database import LedgerPart
from .frozen import pictures_of
from .queries import as_record
from .records import DispatchRecord
from .schema import VISIBLE, dispatches, editions, lots
from .seen_state import lots_with
from .states import UNFINISHED

_p = publications.c
_HAS_HOSTED = '%"url": "http%'
"""Of an edition's JSON: inside a text its quotes would be escaped."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is known of an issue's page. Times are aware."""

    first_at: datetime
    """When it was published first."""
    is_current: bool
    """False where the issue was revised since: its new pictures may not be there."""
    listed_at: datetime | None
    """Since when the archive's index leads to it."""


class Publishing(LedgerPart):
    """Pages and pictures that were seen in the archive."""

    def publication(self, dispatch: int) -> Publication | None:
        """None where its page was not published yet."""
        query = sa.select(publications, dispatches.c.revision.label("newest")).join_from(publications, dispatches)
        with self._database.read() as connection:
            row = connection.execute(query.where(_p.dispatch_id == dispatch)).first()
        return None if row is None else Publication(row.first_at, row.revision == row.newest, row.listed_at)

    def first_published(self, newsletter: str) -> dict[str, datetime]:
        """When each issue's page was published first, by slug."""
        query = sa.select(dispatches.c.slug, _p.first_at).join_from(publications, dispatches)
        with self._database.read() as connection:
            rows = connection.execute(query.where(dispatches.c.newsletter == newsletter, VISIBLE)).all()
        return {row.slug: row.first_at for row in rows}

    def page_published(self, dispatch: int, revision: int, now: datetime) -> None:
        """Its page and the pictures of its editions up to this revision were seen. The first time stands."""
        with self._database.write() as connection:
            if not self._database.insert_new(
                connection, publications, dispatch_id=dispatch, revision=revision, first_at=now
            ):
                this = (_p.dispatch_id == dispatch) & (_p.revision < revision)
                connection.execute(sa.update(publications).where(this).values(revision=revision))

    def page_listed(self, dispatch: int, now: datetime) -> None:
        """The archive that was published leads to it. The first time stands."""
        with self._database.write() as connection:
            this = (_p.dispatch_id == dispatch) & _p.listed_at.is_(None)
            connection.execute(sa.update(publications).where(this).values(listed_at=now))

    def unlisted(self, newsletter: str) -> list[DispatchRecord]:
        """Issues that have a page and are at their end, but the published archive does not lead to them."""
        still = sa.exists().where(lots.c.dispatch_id == dispatches.c.id, lots_with(UNFINISHED))
        query = (
            sa.select(dispatches)
            .join(publications)
            .where(dispatches.c.newsletter == newsletter, VISIBLE, _p.listed_at.is_(None), ~still)
            .order_by(dispatches.c.planned_at, dispatches.c.id)
        )
        with self._database.read() as connection:
            return [as_record(row) for row in connection.execute(query)]

    def revision(self, dispatch: int) -> int:
        """Of its newest editions, from 1."""
        with self._database.read() as connection:
            query = sa.select(dispatches.c.revision).where(dispatches.c.id == dispatch)
            number: int = connection.execute(query).scalar_one()
            return number

    def hosted_pictures(self, newsletter: str, dispatch: int | None = None) -> dict[str, bytes]:
        """The pictures that letters show from the archive, by address; of every revision, for somebody may have it."""
        query = (
            sa.select(editions.c.id, editions.c.content)
            .join(dispatches)
            .where(dispatches.c.newsletter == newsletter, VISIBLE, editions.c.content.like(_HAS_HOSTED))
            .order_by(editions.c.id)
        )
        if dispatch is not None:
            query = query.where(dispatches.c.id == dispatch)
        found: dict[str, bytes] = {}
        with self._database.read() as connection:
            for number, content in connection.execute(query).all():
                pictures = pictures_of(connection, number)
                named = json.loads(content)["pictures"]
                found.update((one["url"], pictures[one["cid"]]) for one in named if one.get("url"))
        return found
