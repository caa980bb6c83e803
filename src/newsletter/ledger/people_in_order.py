"""Everybody of the book, as a letter, a list or an export goes through them. Touches: the ledger's database.

They are read in batches, straight from the driver: memory does not grow with them, and a million take half the time.
"""

import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from .database import LedgerPart
from .driver import Prepared, kept_moment
from .newsletters import current_name
from .people_tables import subscriptions
from .subscription_state import SubscriptionState
from .subscriptions import Subscription, of_newsletter, tags_stored
from .suppressions import suppressed_row

_BATCH = 1000
_MOMENTS = ("consent_at", "created_at", "changed_at")

_c = subscriptions.c

_ADDRESSES = Prepared(
    sa.select(_c.id, _c.address)
    .where(
        of_newsletter(sa.bindparam("newsletter", type_=sa.Text)),
        _c.id > sa.bindparam("last", type_=_c.id.type),
        _c.state != SubscriptionState.CHOSE.value,
    )
    .order_by(_c.id)
    .limit(sa.literal_column(str(_BATCH)))
)


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

    def addresses(self, newsletter: str) -> Iterator[str]:
        """Of all who said yes or were taken over, in the order of coming: in a tenth of the time of `subscriptions`."""
        last = 0
        while batch := self._some_addresses(newsletter, last):
            yield from (address for _, address in batch)
            last = batch[-1][0]

    def _some_addresses(self, newsletter: str, last: int) -> list[tuple[Any, ...]]:
        with self._database.read() as connection:
            return _ADDRESSES.rows(connection, {"newsletter": newsletter, "last": last})

    def count_signed_up(self, newsletter: str) -> int:
        """Those who confirmed, and whom no suppression keeps from getting mail."""
        with self._database.read() as connection:
            name = current_name(connection, newsletter)
            confirmed = (_c.newsletter == name, _c.state == SubscriptionState.CONFIRMED)
            mailed = sa.select(sa.func.count()).where(*confirmed, ~suppressed_row(name, subscriptions))
            return connection.execute(mailed).scalar_one()


@cache
def _in_their_order(states: tuple[SubscriptionState, ...]) -> Prepared:
    """Those behind number `last`; with states only those."""
    newsletter, last = sa.bindparam("newsletter", type_=sa.Text), sa.bindparam("last", type_=_c.id.type)
    wanted = sa.select(*(sa.type_coerce(one, sa.BigInteger) if one.name in _MOMENTS else one for one in _c))
    wanted = wanted.where(of_newsletter(newsletter), _c.id > last)
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
