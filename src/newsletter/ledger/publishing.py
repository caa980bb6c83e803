"""What of an issue is published in the archive, and since when. Touches: the ledger's database."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .archive_tables import publications
from .database import LedgerPart
from .queries import as_record
from .records import DispatchRecord
from .schema import VISIBLE, dispatches, edition_pictures, editions, frozen_pictures, lots
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


_PUBLICATIONS = sa.select(publications, dispatches.c.slug, dispatches.c.revision.label("newest")).join_from(
    publications, dispatches
)


def _publication(row: sa.Row[Any]) -> Publication:
    return Publication(row.first_at, row.revision == row.newest, row.listed_at)


class Publishing(LedgerPart):
    """Pages and pictures that were seen in the archive."""

    def publication(self, dispatch: int) -> Publication | None:
        """None where its page was not published yet."""
        with self._database.read() as connection:
            row = connection.execute(_PUBLICATIONS.where(_p.dispatch_id == dispatch)).first()
        return None if row is None else _publication(row)

    def publications(self, newsletter: str) -> dict[str, Publication]:
        """Of every issue that has a page, by slug."""
        with self._database.read() as connection:
            rows = connection.execute(_PUBLICATIONS.where(dispatches.c.newsletter == newsletter, VISIBLE)).all()
        return {row.slug: _publication(row) for row in rows}

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

    def hosted_pictures(self, newsletter: str, dispatch: int | None = None) -> dict[str, str]:
        """The pictures that letters show from the archive: the SHA-256 of each, in hex, by its address.

        Those of every revision, for somebody may have it.
        """
        which = [dispatches.c.newsletter == newsletter, VISIBLE, editions.c.content.like(_HAS_HOSTED)]
        if dispatch is not None:
            which.append(dispatches.c.id == dispatch)
        named: dict[tuple[int, str], str] = {}
        with self._database.read() as connection:
            for number, content in connection.execute(
                sa.select(editions.c.id, editions.c.content).join_from(editions, dispatches).where(*which)
            ):
                pictures = json.loads(content)["pictures"]
                named.update({(number, one["cid"]): one["url"] for one in pictures if one.get("url")})
            theirs = sa.select(edition_pictures).join_from(edition_pictures, editions).join_from(editions, dispatches)
            rows = connection.execute(theirs.where(*which).order_by(editions.c.id)).all()
        return {url: row.picture for row in rows if (url := named.get((row.edition_id, row.cid)))}

    def picture(self, digest: str) -> bytes:
        """The bytes with this SHA-256, of some letter."""
        with self._database.read() as connection:
            query = sa.select(frozen_pictures.c.data).where(frozen_pictures.c.digest == digest)
            return bytes(connection.execute(query).scalar_one())
