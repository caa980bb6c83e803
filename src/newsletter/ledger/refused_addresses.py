"""Addresses that are given up for what relays answered: bad ones, and mailboxes that stay full.

Touches: the ledger's database. Each is kept by its key and by the hash of the letter that was refused: a reader's link
knows nothing but the hash. The dispatch is held meanwhile, so that nobody is forgotten between the look at their
delivery and the row that names them.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from .column_types import EPOCH
from .database import LedgerPart
from .newsletters import name_to_write
from .queries import issues_of
from .return_tables import returns
from .schema import deliveries, dispatches, suppressions
from .states import EVERYWHERE, State, SuppressionReason

_FULL = SuppressionReason.MAILBOX_FULL
_LOOKED_AT = 10
"""Issues of a newsletter, for how long a mailbox has been full."""

_d, _s = deliveries.c, suppressions.c
_FULL_CLASS = "mailbox_full"
_CAME_BACK_FULL = (returns.c.event == "bounced", returns.c.reply_class == _FULL_CLASS)


class RefusedAddresses(LedgerPart):
    """Whom a dispatch could not reach."""

    def suppress_bad(self, dispatch: int, keys: Collection[str], now: datetime) -> int:
        """Suppress these addresses, which a relay does not know, for all newsletters; how many were not yet.

        Whoever was forgotten since the refusal is in no delivery any more, and stays forgotten.
        """
        bad = {"newsletter": EVERYWHERE, "reason": SuppressionReason.BAD_ADDRESS, "at": now}
        with self._database.write() as connection:
            self._database.hold_one_shared(connection, dispatch)
            return sum(
                self._database.insert_new(connection, suppressions, key=key, address_hash=hash_, **bad)
                for key, hash_ in _with_hash(connection, dispatch, keys)
            )

    def suppress_full(self, dispatch: int, keys: Collection[str], issues: int, now: datetime) -> int:
        """Suppress, for this newsletter, those of these addresses whose mailbox was full for its last `issues` issues.

        How many that were. An issue for which an address was not tried is passed over; lifting it counts from anew.
        Limits: the newsletter's last ten issues are looked at.
        """
        with self._database.write() as connection:
            this = dispatches.c.id == dispatch
            newsletter = connection.execute(sa.select(dispatches.c.newsletter).where(this)).scalar_one()
            newsletter = name_to_write(self._database, connection, newsletter, now)
            self._database.hold_one_shared(connection, dispatch)  # behind the name, as a rename takes them
            last = _last_issues(connection, newsletter)
            full = {"newsletter": newsletter, "reason": _FULL, "at": now}
            return sum(
                self._database.insert_new(connection, suppressions, key=key, address_hash=hash_, **full)
                for key, hash_ in _with_hash(connection, dispatch, keys)
                if _was_full(connection, newsletter, last, key, issues)
            )


def _with_hash(connection: sa.Connection, dispatch: int, keys: Collection[str]) -> list[tuple[str, bytes]]:
    """Those of these that have a delivery, in one order, so that two processes do not wait for each other."""
    wanted = sa.select(_d.key, _d.address_hash).where(_d.dispatch_id == dispatch, _d.key.in_(list(keys)))
    return sorted((row.key, bytes(row.address_hash)) for row in connection.execute(wanted))


def _last_issues(connection: sa.Connection, newsletter: str) -> Sequence[int]:
    """Numbers of its dispatches, newest first."""
    last = (
        sa.select(dispatches.c.id)
        .where(issues_of(newsletter))
        .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc())
        .limit(_LOOKED_AT)
    )
    return connection.execute(last).scalars().all()


def _was_full(connection: sa.Connection, newsletter: str, numbers: Sequence[int], key: str, issues: int) -> bool:
    """Whether the last `issues` issues that this address was tried for all failed because its mailbox was full."""
    ends = list(_ends(connection, numbers, key, _lifted(connection, newsletter, key)))[:issues]
    return len(ends) == issues and all(ends)


def _lifted(connection: sa.Connection, newsletter: str, key: str) -> datetime:
    """When somebody last said that this mailbox is not full any more."""
    lifted: datetime | None = connection.execute(
        sa.select(sa.func.max(_s.lifted_at)).where(_s.newsletter == newsletter, _s.key == key, _s.reason == _FULL)
    ).scalar()
    return lifted or EPOCH


def _ends(connection: sa.Connection, numbers: Collection[int], key: str, since: datetime) -> Iterator[bool]:
    """Newest issue first, of those the address was tried for: whether the mailbox was full, then or later."""
    came_back = sa.exists().where(returns.c.delivery_id == _d.id, *_CAME_BACK_FULL).label("came_back")
    rows = connection.execute(
        sa.select(_d.state, _d.reply_class, came_back)
        .join(dispatches, dispatches.c.id == _d.dispatch_id)
        .where(_d.dispatch_id.in_(numbers), _d.key == key, _d.attempts > 0, dispatches.c.planned_at >= since)
        .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc())
    )
    return (row.came_back or (row.state == State.FAILED and row.reply_class == _FULL_CLASS) for row in rows)
