"""Everybody of the book, and who left, as a list or an export goes through them. Touches: the ledger's database.

They are read in batches, straight from the driver: memory does not grow with them, and a million take half the time.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from .database import LedgerPart
from .driver import Prepared, kept_moment
from .import_lookup import HashesByMark, called, is_anybody_suppressed, suppressions_known
from .import_verdicts import KnownSuppression
from .people_tables import subscriptions
from .schema import suppressions
from .states import EVERYWHERE, Suppression
from .subscription_state import SubscriptionState
from .subscriptions import Subscription, tags_stored

_BATCH = 1000
_MOMENTS = ("consent_at", "created_at", "changed_at")

_c, _s = subscriptions.c, suppressions.c


class PeopleInOrder(LedgerPart):
    """In the order of their coming."""

    def subscriptions(
        self,
        newsletter: str,
        states: Collection[SubscriptionState] = (),
        *,
        without: Callable[[int], bool] | None = None,
    ) -> Iterator[Subscription]:
        """In the order of coming; with `states` only those, and `without` those whose number it says.

        Read in batches: memory does not grow with them.
        """
        wanted = _in_their_order(tuple(sorted(states)))
        last = 0
        while True:
            with self._database.read() as connection:
                batch = wanted.rows(connection, {"newsletter": newsletter, "last": last})
            yield from (_stored_subscription(row) for row in batch if without is None or not without(row[0]))
            if len(batch) < _BATCH:
                return
            last = batch[-1][0]

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
            theirs = wanted.where(called(_c.newsletter, newsletter), _c.fields.is_not(None)).distinct()
            return sorted(connection.execute(theirs).scalars())


@cache
def _in_their_order(states: tuple[SubscriptionState, ...]) -> Prepared:
    """Those behind number `last`; with states only those."""
    newsletter, last = sa.bindparam("newsletter", type_=sa.Text), sa.bindparam("last", type_=_c.id.type)
    wanted = sa.select(*(sa.type_coerce(one, sa.BigInteger) if one.name in _MOMENTS else one for one in _c))
    wanted = wanted.where(called(_c.newsletter, newsletter), _c.id > last)
    if states:
        wanted = wanted.where(sa.or_(*(_c.state == state.value for state in states)))
    return Prepared(wanted.order_by(_c.id).limit(sa.literal_column(str(_BATCH))))


def _stored_subscription(row: tuple[Any, ...]) -> Subscription:
    """As `subscription_of`, of a row as the database keeps it."""
    number, _, hash_, key, address, state, name, language, tags, fields, source, consent_at, *more = row
    consent_source, consent_text, consent_language, over_14, created_at, changed_at, import_id = more
    return Subscription(
        hash_,
        key,
        address,
        SubscriptionState(state),
        name,
        language,
        None if tags is None else tags_stored(tags),
        None if fields is None else json.loads(fields),
        source,
        kept_moment(consent_at),
        consent_source,
        consent_text,
        consent_language,
        None if over_14 is None else bool(over_14),
        kept_moment(created_at),
        kept_moment(changed_at),
        import_id,
        number,
    )
