"""What an export tells besides who signed up: who left, and which fields there are. Touches: the ledger's database.

Read in batches: memory does not grow with those who left.
"""

from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa

from .database import LedgerPart
from .import_lookup import HashesByMark, called, is_anybody_suppressed, suppressions_known
from .import_verdicts import KnownSuppression
from .people_tables import subscriptions
from .schema import suppressions
from .states import EVERYWHERE, Suppression
from .subscriptions import of_newsletter

_BATCH = 1000

_c, _s = subscriptions.c, suppressions.c


class Exporting(LedgerPart):
    """For a list of all, not of those who are mailed."""

    def has_suppressions(self) -> bool:
        """Whether anybody of this ledger has left, or once had."""
        with self._database.read() as connection:
            return is_anybody_suppressed(connection)

    def suppressions_known(self, newsletter: str, hashes: HashesByMark) -> Mapping[str, Collection[KnownSuppression]]:
        """Of some hundred people, by mark: what holds for them, and what once did."""
        with self._database.read() as connection:
            return suppressions_known(connection, newsletter, hashes)

    def each_suppression(self, newsletter: str) -> Iterator[Suppression]:
        """All that hold for it, in the order of their coming; read in batches, so memory does not grow with them."""
        here = called(_s.newsletter, newsletter) | (_s.newsletter == EVERYWHERE)
        wanted = sa.select(suppressions).where(_s.lifted_at.is_(None), here).order_by(_s.id).limit(_BATCH)
        after = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(_s.id > after)).all()
            for row in rows:
                yield Suppression(row.newsletter, row.reason, row.at, row.key, bytes(row.address_hash))
            if len(rows) < _BATCH:
                return
            after = rows[-1].id

    def field_names(self, newsletter: str) -> list[str]:
        """All merge fields that somebody has, in the order of the alphabet."""
        if self._database.is_sqlite:
            names = sa.func.json_each(_c.fields).table_valued("key")
            wanted = sa.select(names.c.key).select_from(subscriptions).join(names, sa.true())
        else:
            wanted = sa.select(sa.func.json_object_keys(sa.cast(_c.fields, sa.JSON)))
        with self._database.read() as connection:
            theirs = wanted.where(of_newsletter(newsletter), _c.fields.is_not(None)).distinct()
            return sorted(connection.execute(theirs).scalars())
