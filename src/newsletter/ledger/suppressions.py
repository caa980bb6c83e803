"""Addresses never to mail: kept, lifted, and recognised in whatever is to be sent. Touches: the ledger's database.

A suppression holds for one newsletter or, as `*`, for all of the ledger. It knows its address by the normalised key
(files, relay replies), by the keyed hash (links), or by both; either match counts.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .schema import deliveries, dispatches, suppressions
from .states import PlannedDelivery, Suppression

EVERYWHERE = "*"

_s = suppressions.c
_HOLDS = _s.lifted_at.is_(None)


def add(
    database: Database,
    connection: sa.Connection,
    *,
    newsletter: str,
    key: str,
    address_hash: bytes,
    reason: str,
    now: datetime,
) -> bool:
    """Keep one suppression; False where the same one was kept before (its first time stands)."""
    return database.insert_new(
        connection, suppressions, newsletter=newsletter, reason=reason, key=key, address_hash=address_hash, at=now
    )


def lift(
    connection: sa.Connection,
    newsletter: str,
    key: str,
    address_hash: bytes,
    now: datetime,
    reasons: Collection[str],
) -> bool:
    """End what suppresses this address for this newsletter; with `reasons` only those."""
    wanted = _applies(newsletter, key, address_hash)
    if reasons:
        wanted &= _s.reason.in_(list(reasons))
    return connection.execute(sa.update(suppressions).where(wanted).values(lifted_at=now)).rowcount > 0


def is_suppressed(connection: sa.Connection, newsletter: str, key: str, address_hash: bytes) -> bool:
    found = sa.select(sa.literal(1)).where(_applies(newsletter, key, address_hash)).limit(1)
    return connection.execute(found).first() is not None


def listed(database: Database, newsletter: str) -> Iterator[Suppression]:
    """All that hold for this newsletter, oldest first."""
    query = sa.select(suppressions).where(_HOLDS, _s.newsletter.in_([newsletter, EVERYWHERE])).order_by(_s.at, _s.key)
    with database.read() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        yield Suppression(row.newsletter, row.reason, row.at, row.key, row.address_hash)


def suppressed_among(connection: sa.Connection, newsletter: str, rows: Sequence[PlannedDelivery]) -> set[str]:
    """Keys of those of a batch that are suppressed."""
    here = _HOLDS & _s.newsletter.in_([newsletter, EVERYWHERE])
    keys = connection.execute(sa.select(_s.key).where(here, _s.key.in_([row.key for row in rows]))).scalars().all()
    hashes = {row.address_hash: row.key for row in rows if row.address_hash}
    found = connection.execute(sa.select(_s.address_hash).where(here, _s.address_hash.in_(list(hashes)))).scalars()
    return {*keys, *(hashes[bytes(value)] for value in found)}


def suppressed_delivery() -> sa.ColumnElement[bool]:
    """SQL: somebody suppressed this delivery's address. Two index look-ups."""
    holds = (
        _HOLDS,
        dispatches.c.id == deliveries.c.dispatch_id,
        sa.or_(_s.newsletter == EVERYWHERE, _s.newsletter == dispatches.c.newsletter),
    )
    by_key = sa.exists().where(*holds, _s.key == deliveries.c.key).correlate(deliveries)
    by_hash = (
        sa.exists()
        .where(*holds, _s.address_hash == deliveries.c.address_hash, sa.func.length(_s.address_hash) > 0)
        .correlate(deliveries)
    )
    return by_key | by_hash


def _applies(newsletter: str, key: str, address_hash: bytes) -> sa.ColumnElement[bool]:
    somebody = [_s.key == key] if key else []
    if address_hash:
        somebody.append(_s.address_hash == address_hash)
    return _HOLDS & _s.newsletter.in_([newsletter, EVERYWHERE]) & sa.or_(sa.false(), *somebody)
