"""Take the people of a newsletter along to a new list_id. Touches: the ledger's database.

Hashes are keyed with the list_id. Whoever is known by address gets the new one, and the old one is remembered, so that
links of earlier letters find them; who is known by a hash alone keeps it, and is found by the newsletter's former name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from .database import Database
from .people_tables import imports, leave_reasons, notices, sign_up_counts, sign_ups, subscriptions, welcomes
from .return_tables import returns
from .subscriptions import Subscription, keep_subscriptions, subscription_of
from .suppressions import keep_other_hashes

_AT_ONCE = 1000
_c = subscriptions.c

HashOf = Callable[[str], bytes]
"""Of a key, with the new list_id."""


def move_people(
    database: Database, connection: sa.Connection, old: str, new: str, hash_of: HashOf | None, now: datetime
) -> int:
    """How many subscriptions. Of a person who is known to both, one row is left, which says what both said.

    Without `hash_of` everybody keeps the hash they have.
    """
    moved = 0
    keyed = [table for table in (sign_ups, welcomes, notices) if _knows(connection, table, old)]
    for batch in _with_address(connection, old) if hash_of else ():
        hashes = {bytes(one.address_hash): hash_of(one.key) for one in batch} if hash_of else {}
        there = set(_hashes_of(connection, new, list(hashes.values())))
        twice = [one for one in batch if hashes[one.address_hash] in there]
        known = [replace(one, address_hash=hashes[one.address_hash]) for one in twice]
        keep_subscriptions(database, connection, new, known, now)
        if twice:
            connection.execute(sa.delete(subscriptions).where(_c.id.in_([one.id for one in twice])))
        _rehash(connection, subscriptions, old, hashes)
        keep_other_hashes(database, connection, [(one.key, _both(one.address_hash, hashes)) for one in batch])
        for table in keyed:
            _rehash(connection, table, old, hashes)
        _move(connection, subscriptions, old, new, _c.id <= batch[-1].id)
        moved += len(batch)
    moved += _move(connection, subscriptions, old, new)
    for table in (sign_ups, sign_up_counts, imports, leave_reasons, welcomes, notices, returns):
        _move(connection, table, old, new)
    return moved


def _with_address(connection: sa.Connection, newsletter: str) -> Iterator[Sequence[Subscription]]:
    """In the order of coming; a batch may be moved away before the next one is read."""
    wanted = sa.select(subscriptions).where(_c.newsletter == newsletter, _c.key != "").order_by(_c.id).limit(_AT_ONCE)
    last = 0
    while batch := [subscription_of(row) for row in connection.execute(wanted.where(_c.id > last))]:
        yield batch
        last = batch[-1].id


def _hashes_of(connection: sa.Connection, newsletter: str, hashes: Sequence[bytes]) -> Iterator[bytes]:
    """Those of these that stand there already."""
    rows = sa.select(_c.address_hash).where(_c.newsletter == newsletter, _c.address_hash.in_(hashes))
    return map(bytes, connection.execute(rows).scalars())


def _both(before: bytes, hashes: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    return before, hashes[before]


def _knows(connection: sa.Connection, table: sa.Table, newsletter: str) -> bool:
    return connection.execute(sa.select(sa.exists().where(table.c.newsletter == newsletter))).scalar_one()


def _rehash(connection: sa.Connection, table: sa.Table, newsletter: str, pairs: Mapping[bytes, bytes]) -> None:
    its = table.c
    this = (its.newsletter == newsletter) & (its.address_hash == sa.bindparam("before"))
    change = sa.update(table).where(this).values(address_hash=sa.bindparam("now"))
    connection.execute(change, [{"before": before, "now": now} for before, now in pairs.items()])


def _move(
    connection: sa.Connection, table: sa.Table, old: str, new: str, which: sa.ColumnElement[bool] | None = None
) -> int:
    """What stands under the old name, or `which` of it; what stands under both in the same words is kept once."""
    its, other = table.c, table.alias()
    own = [*table.primary_key.columns.keys()] if table is not subscriptions else ["newsletter", "address_hash"]
    if "newsletter" in own:
        same = [its[name] == other.c[name] for name in own if name != "newsletter"]
        twice = sa.exists().where(other.c.newsletter == new, *same)
        connection.execute(sa.delete(table).where(its.newsletter == old, twice))
    moving = sa.update(table).where(its.newsletter == old, sa.true() if which is None else which)
    return connection.execute(moving.values(newsletter=new)).rowcount
