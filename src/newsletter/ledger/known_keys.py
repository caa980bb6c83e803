"""With which secret a book's hashes and links were made, by the secret's id, and taking another one for it.

Touches: the ledger's database. A hash that another secret made matches none in the book: whoever left by a link would
be mailed again, and no link of an earlier letter would be known. So the book remembers the id of the key that hashes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from .database import Database, LedgerPart
from .people_tables import notices, sign_ups, subscriptions, welcomes
from .schema import VISIBLE, deliveries, dispatches, facts, other_hashes, suppressions

HASH_KEY = "hash key"
"""The fact that names the key which makes the hashes."""

HashAnew = Callable[[str, str], bytes]
"""A newsletter and a key of an address -> its hash, made with the new secret."""

_s, _c = suppressions.c, subscriptions.c


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of those who left, when another secret was taken."""

    kept: int
    """Known by their address from now on."""
    lost: int
    """Known by nothing but a hash that nobody can make any more."""


class KnownKeys(LedgerPart):
    """Keys by their ids (`Links.key_id`)."""

    def hash_key(self) -> str:
        """The one that makes the hashes; empty where the book has none yet, or was made before it was kept."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(facts.c.value).where(facts.c.name == HASH_KEY)) or ""

    def link_keys(self) -> frozenset[str]:
        """Those that signed the letters of this book."""
        heads = sa.select(dispatches.c.letterhead).where(VISIBLE)
        with self._database.read() as connection:
            return frozenset(json.loads(head)["key_id"] for head in connection.execute(heads).scalars())

    def note_hash_key(self, key_id: str) -> None:
        """The first time stands."""
        if not self.hash_key():
            with self._database.write() as connection:
                self._database.insert_new(connection, facts, name=HASH_KEY, value=key_id)

    def left_by_hash(self) -> TakenOver:
        """What `take_hash_key` would find."""
        with self._database.read() as connection:
            return _counted(_holding(connection), _addresses(connection))

    def take_hash_key(self, key_id: str, hash_of: HashAnew, now: datetime) -> TakenOver:
        """From now on another key makes the hashes: what is known by an address is hashed anew, in one transaction.

        Who left by a link is looked up in the letters that went out, and stays suppressed by the address.
        """

        def take(connection: sa.Connection) -> TakenOver:
            addresses, holding = _addresses(connection), _holding(connection)
            self._database.insert_all_new(connection, suppressions, list(_by_address(holding, addresses, hash_of, now)))
            _hash_people_anew(connection, addresses, hash_of)
            connection.execute(sa.delete(other_hashes))
            _set_hash_key(self._database, connection, key_id)
            return _counted(holding, addresses)

        return self._database.transact(take)


def _holding(connection: sa.Connection) -> list[sa.Row[tuple[object, ...]]]:
    """Suppressions that hold and know no address, only a hash."""
    columns = (_s.newsletter, _s.reason, _s.address_hash, _s.at)
    return list(connection.execute(sa.select(*columns).where(_s.lifted_at.is_(None), _s.key == "")))


def _addresses(connection: sa.Connection) -> dict[bytes, str]:
    """Whose hash each is, as far as the book knows: of who left, and of who is in it without an address."""
    asked = sa.union(
        sa.select(_s.address_hash).where(_s.lifted_at.is_(None), _s.key == ""),
        sa.select(_c.address_hash).where(_c.key == ""),
    ).subquery()
    found: dict[bytes, str] = {}
    for table in (deliveries, subscriptions, sign_ups, other_hashes):
        theirs = sa.select(table.c.address_hash, table.c.key).where(table.c.key != "").distinct()
        for row in connection.execute(theirs.where(table.c.address_hash.in_(sa.select(asked.c.address_hash)))):
            found[bytes(row.address_hash)] = row.key
    return found


def _counted(holding: list[sa.Row[tuple[object, ...]]], addresses: Mapping[bytes, str]) -> TakenOver:
    hashes = {bytes(row.address_hash) for row in holding}
    kept = len(hashes & addresses.keys())
    return TakenOver(kept, len(hashes) - kept)


def _by_address(
    holding: list[sa.Row[tuple[object, ...]]], addresses: Mapping[bytes, str], hash_of: HashAnew, now: datetime
) -> list[dict[str, object]]:
    return [
        {
            "newsletter": row.newsletter,
            "reason": row.reason,
            "key": addresses[bytes(row.address_hash)],
            "address_hash": hash_of(row.newsletter, addresses[bytes(row.address_hash)]),
            "at": min(row.at, now),
        }
        for row in holding
        if bytes(row.address_hash) in addresses
    ]


def _hash_people_anew(connection: sa.Connection, addresses: Mapping[bytes, str], hash_of: HashAnew) -> None:
    changed: dict[tuple[str, bytes], bytes] = {}
    for table in (subscriptions, sign_ups):
        for row in connection.execute(sa.select(table.c.newsletter, table.c.address_hash, table.c.key)).all():
            before = bytes(row.address_hash)
            if key := row.key or addresses.get(before, ""):
                changed[row.newsletter, before] = hash_of(row.newsletter, key)
    rows = [{"of": newsletter, "old": old, "new": new} for (newsletter, old), new in sorted(changed.items())]
    for table in (subscriptions, sign_ups, welcomes, notices) if rows else ():
        this = (table.c.newsletter == sa.bindparam("of")) & (table.c.address_hash == sa.bindparam("old"))
        connection.execute(sa.update(table).where(this).values(address_hash=sa.bindparam("new")), rows)


def _set_hash_key(database: Database, connection: sa.Connection, key_id: str) -> None:
    if not database.insert_new(connection, facts, name=HASH_KEY, value=key_id):
        connection.execute(sa.update(facts).where(facts.c.name == HASH_KEY).values(value=key_id))
