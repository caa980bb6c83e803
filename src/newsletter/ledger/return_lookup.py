"""To which delivery a return may lead: what a clue is compared with. Touches: the ledger's database, reading only.

Nothing here believes a clue. An address is looked up at once, by its key; a hash or a tag alone needs a look at every
delivery of a letter, which is streamed.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from .database import LedgerPart
from .newsletters import current_name
from .queries import ROWS_AT_ONCE
from .schema import VISIBLE, deliveries, dispatches
from .states import REACHED

_d = deliveries.c
_LAST_LETTERS = 10
"""Of a newsletter, in which somebody is looked for: a bounce comes within days."""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A dispatch as its Message-IDs tell of it."""

    dispatch: int
    newsletter: str
    """As it is called now."""
    list_id: str
    """As it was called when the letter was planned: what tags and hashes were made with."""
    key_id: str


class ReturnLookup(LedgerPart):
    """Who may be meant."""

    def letters_called(self, slug: str) -> list[SentLetter]:
        """Of every newsletter of the ledger; the newest first."""
        return self._letters(dispatches.c.slug == slug)

    def last_letters(self, list_id: str) -> list[SentLetter]:
        """Of one newsletter, whichever of its names this is; the newest first."""
        with self._database.read() as connection:
            newsletter = current_name(connection, list_id)
        return self._letters(dispatches.c.newsletter == newsletter)[:_LAST_LETTERS]

    def delivery_to(self, dispatch: int, key: str) -> int | None:
        """The number of one address's delivery."""
        found = sa.select(_d.id).where(_d.dispatch_id == dispatch, _d.key == key)
        with self._database.read() as connection:
            return connection.execute(found).scalar()

    def newest_delivery(self, numbers: Collection[int], key: str) -> tuple[int, int] | None:
        """Dispatch and delivery of the last of these letters that this address got."""
        query = (
            sa.select(_d.dispatch_id, _d.id)
            .join(dispatches, dispatches.c.id == _d.dispatch_id)
            .where(_d.dispatch_id.in_(list(numbers)), _d.key == key, _d.state.in_(REACHED))
            .order_by(dispatches.c.planned_at.desc(), _d.dispatch_id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return (row.dispatch_id, row.id) if row else None

    def keys_of(self, dispatch: int) -> Iterator[str]:
        """Keys of everybody whom a letter is for; who has found whom they look for may stop at any of them."""
        last = ""
        while True:
            query = sa.select(_d.key).where(_d.dispatch_id == dispatch, _d.key > last)
            with self._database.read() as connection:
                keys = connection.execute(query.order_by(_d.key).limit(ROWS_AT_ONCE)).scalars().all()
            if not keys:
                return
            yield from keys
            last = keys[-1]

    def key_of_hashes(self, dispatch: int, hashes: Collection[bytes]) -> dict[bytes, str]:
        """Keys of those of these hashes whom a letter is for."""
        query = sa.select(_d.key, _d.address_hash).where(_d.dispatch_id == dispatch, _d.address_hash.in_(list(hashes)))
        with self._database.read() as connection:
            return {bytes(row.address_hash): row.key for row in connection.execute(query)}

    def _letters(self, condition: sa.ColumnElement[bool]) -> list[SentLetter]:
        query = (
            sa.select(dispatches.c.id, dispatches.c.newsletter, dispatches.c.letterhead)
            .where(VISIBLE, condition)
            .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        heads = [(row, json.loads(row.letterhead)) for row in rows]
        return [SentLetter(row.id, row.newsletter, head["list_id"], head["key_id"]) for row, head in heads]
