"""Give those who have not got an issue yet its corrected edition (docs/design.md 4.4). Touches: the ledger's database.

A delivery's edition is what its message is made of. Revising points all whose message has not begun to new editions,
in one commit; an intent is fenced by the edition of its claim, so a process that holds claims with the old words sends
none of them. Who was sent it, is in flight or in doubt keeps the edition he was sent, also as a record.

Limits: one UPDATE over all who wait; a million of them hold SQLite's only writer for seconds.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError

from .copies import Novelty
from .database import Database, LedgerPart
from .frozen import digest_of, freeze_editions, thaw, unpack_values
from .queries import ROWS_AT_ONCE
from .resolving import make_final
from .schema import deliveries, dispatches, editions
from .seen_state import NOT_BEGUN
from .states import DispatchStatus, PlannedDelivery

if TYPE_CHECKING:
    from newsletter.edition.variants import VariantRule

_d = deliveries.c


class Revising(LedgerPart):
    """Corrected editions."""

    def waiting(self, dispatch: int, keys: Collection[str] | None = None) -> Iterator[PlannedDelivery]:
        """Those whose message has not begun, as they were planned; with `keys` only these addresses, 500 at most."""
        last = 0
        query = (
            sa.select(deliveries, editions.c.variant)
            .join(editions, editions.c.id == _d.edition_id)
            .where(_d.dispatch_id == dispatch, NOT_BEGUN)
            .order_by(_d.id)
            .limit(ROWS_AT_ONCE)
        )
        if keys is not None:
            query = query.where(_d.key.in_(list(keys)))
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(_d.id > last)).all()
            yield from map(_planned, rows)
            if len(rows) < ROWS_AT_ONCE:
                return
            last = rows[-1].id

    def revise(
        self,
        dispatch: int,
        editions: Mapping[str, Edition],
        although_like: Collection[str] = (),
        variant_rule: "VariantRule | None" = None,
    ) -> int:
        """Give corrected editions to all whose message has not begun; how many these are.

        By `variant_rule` who joins later is given one of them.

        From its commit on nobody is sent the old words, whoever holds claims. RefusedError where the dispatch is
        cancelled, nothing is new, somebody waits for a variant that is not among them, or another slug said the
        same, or nearly so, but for the slugs in `although_like`.
        """
        with self._database.read() as connection:
            of = connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch)).one()
            novelty = Novelty(of.newsletter, of.slug, editions, although_like)
            novelty.refuse_repetition(connection)
        with self._database.write() as connection:
            return _revise(self._database, connection, dispatch, editions, novelty, variant_rule)


def _revise(
    database: Database,
    connection: sa.Connection,
    dispatch: int,
    letters: Mapping[str, Edition],
    novelty: Novelty,
    variant_rule: "VariantRule | None",
) -> int:
    this = dispatches.c.id == dispatch
    database.hold_alone(connection, sa.select(dispatches.c.id).where(this))
    row = connection.execute(sa.select(dispatches).where(this)).one()
    if row.status == DispatchStatus.CANCELLED:
        raise RefusedError(phrase("ledger.revise.cancelled", slug=row.slug))
    _, frozen = thaw(connection, dispatch)
    if all(frozen.get(variant) == edition for variant, edition in letters.items()):
        raise RefusedError(phrase("ledger.revise.nothing_new", slug=row.slug))
    database.serialise(connection, f"newsletter plan {row.newsletter}")
    novelty.refuse_repetition(connection)
    _refuse_missing(connection, dispatch, row.slug, letters)
    newest = sa.select(sa.func.max(editions.c.revision)).where(editions.c.dispatch_id == dispatch)
    revision = connection.execute(newest).scalar_one() + 1
    numbers = freeze_editions(database, connection, dispatch, letters, revision)
    make_final(connection, dispatch)
    revised = sum(_point(connection, dispatch, variant, number) for variant, number in numbers.items())
    kept = variant_rule.to_json() if variant_rule else None
    values = {"digest": digest_of(letters), "revision": revision, "variant_rule": kept}
    connection.execute(sa.update(dispatches).where(this).values(**values))
    return revised


def _refuse_missing(connection: sa.Connection, dispatch: int, slug: str, letters: Mapping[str, Edition]) -> None:
    """Everybody who waits must have a corrected edition: who is left with the old one would be the last to know."""
    awaited = connection.execute(
        sa.select(editions.c.variant)
        .where(editions.c.dispatch_id == dispatch)
        .where(sa.exists().where(_d.edition_id == editions.c.id, _d.dispatch_id == dispatch, NOT_BEGUN))
        .distinct()
    ).scalars()
    missing = tuple(sorted(set(awaited) - letters.keys()))
    if missing:
        raise RefusedError(
            phrase("ledger.revise.edition_missing", slug=slug, variants=missing),
            hint=phrase("ledger.revise.keep_variants"),
        )


def _point(connection: sa.Connection, dispatch: int, variant: str, number: int) -> int:
    of_variant = sa.select(editions.c.id).where(
        editions.c.dispatch_id == dispatch, editions.c.variant == variant, editions.c.id != number
    )
    return connection.execute(
        sa.update(deliveries)
        .where(_d.dispatch_id == dispatch, NOT_BEGUN, _d.edition_id.in_(of_variant))
        .values(edition_id=number)
    ).rowcount


def _planned(row: sa.Row[tuple[object, ...]]) -> PlannedDelivery:
    address = row.address or row.key
    return PlannedDelivery(address, row.key, row.address_hash, row.variant, unpack_values(row.merge, address), row.line)
