"""Addresses never to mail: kept, lifted, and recognised in whatever is to be sent. Touches: the ledger's database.

A suppression holds for one newsletter or, as `*`, for all of the ledger. It knows its address by the normalised key
(files, relay replies), by the keyed hash (links), or by both; either match counts. A newsletter that was renamed has
letters out with hashes of either name, and a link of any of them counts for all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .database import Database, LedgerPart
from .driver import Prepared
from .newsletters import name_to_write
from .schema import deliveries, dispatches, newsletters, other_hashes, suppressions
from .states import EVERYWHERE, Suppression

_s = suppressions.c
_HOLDS = _s.lifted_at.is_(None)


class Suppressions(LedgerPart):
    """Who is never to be mailed."""

    def suppress(
        self, newsletter: str, *, reason: str, now: datetime, key: str = "", address_hash: bytes = b""
    ) -> bool:
        """Never mail this address again, for a newsletter or `*`; False where the same was said before.

        `reason` is a `SuppressionReason`, or an operator's own words. The first time stands. Said under a former name
        of the newsletter, it counts under the newest.
        """
        with self._database.write() as connection:
            return self._database.insert_new(
                connection,
                suppressions,
                newsletter=name_to_write(self._database, connection, newsletter, now),
                reason=reason,
                key=key,
                address_hash=address_hash,
                at=now,
            )

    def suppress_hashes(self, newsletter: str, hashes: Collection[bytes], *, reason: str, now: datetime) -> None:
        """The same for many at once, as links know them, in one durable transaction. Who was suppressed stays so."""
        # In one order, so that two processes with the same ones do not wait for each other.
        rows = [{"reason": reason, "key": "", "at": now, "address_hash": one} for one in sorted(set(hashes))]

        def write(connection: sa.Connection) -> None:
            name = name_to_write(self._database, connection, newsletter, now)
            self._database.insert_all_new(connection, suppressions, [{"newsletter": name, **row} for row in rows])

        self._database.transact(write)

    def suppressed_hashes(self, newsletter: str, hashes: Collection[bytes]) -> set[bytes]:
        """Those of these hashes that are suppressed."""
        found = sa.select(_s.address_hash).where(holds_for(newsletter), _s.address_hash.in_(list(hashes)))
        with self._database.read() as connection:
            return {bytes(one) for one in connection.execute(found).scalars()}

    def unsuppress(
        self,
        newsletter: str,
        key: str,
        address_hash: bytes,
        now: datetime,
        *,
        reasons: Collection[str] = (),
        former_hashes: Collection[bytes] = (),
    ) -> bool:
        """Lift what suppresses this address for this newsletter, `*` included; with `reasons` only those.

        `former_hashes` were made with the newsletter's former list_ids.
        A confirmed sign-up lifts `reasons=LIFTED_BY_SIGN_UP`; a person at the command line lifts all.
        """
        hashes = (address_hash, *former_hashes)
        with self._database.write() as connection:
            return lift(connection, newsletter, key, hashes, reasons, now)

    def is_suppressed(self, newsletter: str, key: str = "", address_hash: bytes = b"") -> bool:
        found = sa.select(sa.literal(1)).where(_applies(newsletter, key, address_hash)).limit(1)
        with self._database.read() as connection:
            return connection.execute(found).first() is not None

    def suppressions(self, newsletter: str) -> Iterator[Suppression]:
        """All that hold for this newsletter, oldest first."""
        here = _HOLDS & _s.newsletter.in_([newsletter, EVERYWHERE])
        with self._database.read() as connection:
            rows = connection.execute(sa.select(suppressions).where(here).order_by(_s.at, _s.key)).all()
        for row in rows:
            yield Suppression(row.newsletter, row.reason, row.at, row.key, row.address_hash)


def lift(
    connection: sa.Connection,
    newsletter: str,
    key: str,
    hashes: Collection[bytes],
    reasons: Collection[str],
    now: datetime,
) -> bool:
    """Inside a transaction: as `Suppressions.unsuppress`."""
    wanted = _applies(newsletter, key, *hashes)
    if reasons:
        wanted &= _s.reason.in_(list(reasons))
    return connection.execute(sa.update(suppressions).where(wanted).values(lifted_at=now)).rowcount > 0


def is_barred_from(
    connection: sa.Connection, newsletter: str, key: str, hashes: Collection[bytes], besides: Collection[str]
) -> bool:
    """Inside a transaction: whether an address is suppressed for another reason than those."""
    wanted = _applies(newsletter, key, *hashes) & _s.reason.not_in(list(besides))
    return connection.execute(sa.select(sa.exists().where(wanted))).scalar_one()


def suppressed_among(
    connection: sa.Connection, newsletter: str, keys: Collection[str], key_of: Mapping[bytes, str]
) -> set[str]:
    """Those of the keys that are suppressed, by themselves or by one of their hashes (PostgreSQL): some 10 µs each."""
    known = sa.literal(list(keys), sa.ARRAY(sa.Text))
    hashes = sa.literal([one for one in key_of if one], sa.ARRAY(sa.LargeBinary))
    by_key = connection.execute(_suppressed_of(newsletter, known, _s.key)).scalars().all()
    by_hash = connection.execute(_suppressed_of(newsletter, hashes, _s.address_hash)).scalars()
    return {*by_key, *(key_of[bytes(one)] for one in by_hash)}


def _suppressed_of(
    newsletter: str, values: sa.ColumnElement[Any], column: sa.ColumnElement[Any]
) -> sa.Select[tuple[Any]]:
    """Those values of an array that stand in a column of a suppression, looked up one by one in its own index.

    OFFSET keeps PostgreSQL from another way: while it has not counted a table, it looks through all of it each time.
    """
    value = sa.func.unnest(values).column_valued("value")
    found = sa.select(_s.newsletter, _s.lifted_at).where(column == value).offset(0).lateral("found")
    holds = found.c.lifted_at.is_(None) & found.c.newsletter.in_([newsletter, EVERYWHERE])
    return sa.select(value).join(found, holds)


def all_suppressed(connection: sa.Connection, newsletter: str) -> Iterator[tuple[str, bytes]]:
    """Keys and hashes of all who are suppressed for this newsletter; one of the two may be empty."""
    here = _HOLDS & _s.newsletter.in_([newsletter, EVERYWHERE])
    found = sa.select(_s.key, _s.address_hash).where(here).execution_options(yield_per=1_000)
    for row in connection.execute(found):
        yield row.key, bytes(row.address_hash)


def suppressed_row(newsletter: str, row: sa.TableClause) -> sa.ColumnElement[bool]:
    """SQL: somebody suppressed the address of a row of another table, with `key` and `address_hash`."""
    here = _HOLDS & _s.newsletter.in_([newsletter, EVERYWHERE])
    by_hash = (_s.address_hash == row.c.address_hash) & (sa.func.length(_s.address_hash) > 0)
    others = sa.select(other_hashes.c.address_hash).where(other_hashes.c.key == row.c.key).correlate(row)
    ways = (_s.key == row.c.key, by_hash, _s.address_hash.in_(others))
    return sa.or_(*[sa.exists().where(here, way).correlate(row) for way in ways])


def suppressed_delivery() -> sa.ColumnElement[bool]:
    """SQL: somebody suppressed this delivery's address. Three index look-ups, the last for what was renamed."""
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
    # Not joined: SQLite would then begin with everybody who ever left this newsletter.
    others = sa.select(other_hashes.c.address_hash).where(other_hashes.c.key == deliveries.c.key).correlate(deliveries)
    by_other_hash = sa.exists().where(*holds, _s.address_hash.in_(others)).correlate(deliveries)
    return by_key | by_hash | by_other_hash


NEWEST_SUPPRESSION: sa.ColumnElement[int] = sa.func.coalesce(sa.select(sa.func.max(_s.id)).scalar_subquery(), 0)
"""SQL: the number of the newest one that this transaction sees; 0 for none. Numbers of SQLite are in commit order."""

_NEWEST = Prepared(sa.select(NEWEST_SUPPRESSION))


def newest_suppression(connection: sa.Connection) -> int:
    """NEWEST_SUPPRESSION."""
    ((newest,),) = _NEWEST.rows(connection, {})
    return int(newest)


def look_again(connection: sa.Connection, newest: int) -> None:
    """Suppressions have changed without a new one: whoever holds claims must look, as if there were one.

    The last is given a number above `newest`, the newest until now, which may even have been deleted.
    """
    last = sa.select(sa.func.max(_s.id)).scalar_subquery()
    connection.execute(sa.update(suppressions).where(_s.id == last).values(id=newest + 1))


def keep_other_hashes(
    database: Database, connection: sa.Connection, known: Iterable[tuple[str, Iterable[bytes]]]
) -> None:
    """So that a link of a letter that went out under another name of the newsletter is recognised from now on.

    `known` are keys with all their hashes.
    """
    # In one order everywhere, so that no two plans lock each other.
    rows = [{"key": key, "address_hash": value} for key, hashes in sorted(known) for value in hashes]
    database.insert_all_new(connection, other_hashes, rows)


def _applies(newsletter: str, key: str, *hashes: bytes) -> sa.ColumnElement[bool]:
    somebody = [_s.key == key] if key else []
    if known := [value for value in hashes if value]:
        somebody.append(_s.address_hash.in_(known))
    return holds_for(newsletter) & sa.or_(sa.false(), *somebody)


def holds_for(newsletter: str) -> sa.ColumnElement[bool]:
    """Under this name, or under the newest where this is a former one."""
    now = sa.select(newsletters.c.now_called).where(newsletters.c.list_id == newsletter)
    return _HOLDS & (_s.newsletter.in_([newsletter, EVERYWHERE]) | _s.newsletter.in_(now))
