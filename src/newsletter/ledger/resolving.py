"""What a person decides of deliveries in doubt, and taking that back. Touches: the ledger's database.

Each decision is kept with what it changed. It can be undone until something is built on it: a claim from the dispatch,
a correction, a cancellation. Then it is final.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import InputError, RefusedError

from .database import Database
from .driver import Prepared
from .leases import Leases
from .lots import move, recount
from .schema import deliveries, dispatches, lots, resolutions
from .states import DispatchStatus, State

_d, _r = deliveries.c, resolutions.c
_AT_ONCE = 500
"""Rows of a statement."""


_MAKE_FINAL = Prepared(
    sa.update(resolutions)
    .where(_r.dispatch_id == sa.bindparam("dispatch", type_=sa.BigInteger), _r.final.is_(False))
    .values(final=True)
)


class NotInDoubtError(InputError):
    """Of these addresses nothing is in doubt, so nothing was decided at all; `keys` names them."""

    def __init__(self, slug: str, keys: Sequence[str]) -> None:
        super().__init__(phrase("ledger.resolve.not_in_doubt", slug=slug, addresses=tuple(keys)))
        self.keys = tuple(keys)


class Resolving(Leases):
    """Deliveries in doubt."""

    def resolve(self, dispatch: int, as_sent: bool, now: datetime, *, keys: Collection[str] | None = None) -> int:
        """Decide what is in doubt: it was sent, or it is to be sent (again); how many. With `keys` only these.

        RefusedError for sending again while a process lives that may still write one of these dots, NotInDoubtError
        where a key is not in doubt: then nothing is changed.
        """
        self._watch.take_back(now)
        gone = None if as_sent else self._workers_gone(dispatch, keys)
        with self._database.write() as connection:
            row = hold_alone(self._database, connection, dispatch)
            if not as_sent and row.status == DispatchStatus.CANCELLED:
                raise RefusedError(phrase("ledger.control.cancelled_for_good", slug=row.slug))
            # What came into doubt after that look has another worker, about whom nobody has asked: it stays.
            rows = [one for one in _doubtful(connection, dispatch, keys) if gone is None or one.lease_id in gone]
            if missing := sorted(set(keys or ()) - {one.key for one in rows}):
                raise NotInDoubtError(row.slug, missing)
            decided = State.SENT if as_sent else State.PLANNED
            _remember(connection, dispatch, rows, decided)
            values: dict[str, Any] = {"state": decided, "lease_id": None, "due_at": None, "changed_at": now}
            if not as_sent:
                values["trying_since"] = None
            numbers = [one.id for one in rows]
            for start in range(0, len(numbers), _AT_ONCE):
                these = _d.id.in_(numbers[start : start + _AT_ONCE])
                connection.execute(sa.update(deliveries).where(these).values(**values))
            move(connection, numbers, now)
            return len(rows)

    def undo_resolve(self, dispatch: int) -> int:
        """Put back into doubt what the last decision was about; how many. An earlier one can be undone after it.

        RefusedError where nothing was decided, or something was built on it since; then nothing is changed.
        """
        with self._database.write() as connection:
            row = hold_alone(self._database, connection, dispatch)
            this = _r.dispatch_id == dispatch
            last = connection.execute(sa.select(sa.func.max(_r.number)).where(this)).scalar()
            if last is None:
                raise RefusedError(phrase("ledger.resolve.nothing_to_undo", slug=row.slug))
            this &= _r.number == last
            rows = connection.execute(sa.select(resolutions).where(this)).all()
            if any(one.final for one in rows):
                raise RefusedError(
                    phrase("ledger.resolve.is_final", slug=row.slug),
                    hint=phrase("ledger.resolve.see_status", slug=row.slug),
                )
            connection.execute(sa.delete(resolutions).where(this))
            put_back = sum(_put_back(connection, one) for one in rows)
            theirs = sa.select(_d.lot_id).where(_d.id.in_([one.delivery_id for one in rows]))
            recount(connection, set(connection.execute(theirs).scalars()))
            return put_back

    def _workers_gone(self, dispatch: int, keys: Collection[str] | None) -> set[int | None]:
        """The leases of those who brought these into doubt, all of them gone; RefusedError where one still lives."""
        with self._database.read() as connection:
            workers = {one.lease_id for one in _doubtful(connection, dispatch, keys)}
        if any(self._watch.may_write(worker) for worker in workers if worker is not None):
            raise RefusedError(phrase("ledger.control.still_lives"), hint=phrase("ledger.control.end_it"))
        return {*workers, None}


def hold_alone(database: Database, connection: sa.Connection, dispatch: int) -> sa.Row[Any]:
    """The dispatch, which until the end of the transaction is nobody else's to decide about."""
    this = dispatches.c.id == dispatch
    database.hold_alone(connection, sa.select(dispatches.c.id).where(this))
    return connection.execute(sa.select(dispatches).where(this)).one()


def make_final(connection: sa.Connection, dispatch: int) -> None:
    """From now on something is built on what was decided of this dispatch: it is not undone any more."""
    _MAKE_FINAL.changes(connection, {"dispatch": dispatch})


def _doubtful(connection: sa.Connection, dispatch: int, keys: Collection[str] | None) -> Iterator[sa.Row[Any]]:
    """At most two for each connection of a run that was killed, so they are looked through here."""
    wanted = None if keys is None else set(keys)
    theirs = sa.select(lots.c.id).where(lots.c.dispatch_id == dispatch, lots.c.in_doubt > 0)
    rows = connection.execute(sa.select(deliveries).where(_d.lot_id.in_(theirs), _d.state == State.IN_DOUBT)).all()
    return (row for row in rows if wanted is None or row.key in wanted)


def _remember(connection: sa.Connection, dispatch: int, rows: Sequence[sa.Row[Any]], decided: State) -> None:
    if not rows:
        return
    last = sa.select(sa.func.coalesce(sa.func.max(_r.number), 0)).where(_r.dispatch_id == dispatch)
    number = connection.execute(last).scalar_one() + 1
    connection.execute(
        sa.insert(resolutions),
        [
            {
                "dispatch_id": dispatch,
                "number": number,
                "delivery_id": row.id,
                "decided": decided,
                "lease_id": row.lease_id,
                "trying_since": row.trying_since,
                "doubtful_since": row.changed_at,
                "final": False,
            }
            for row in rows
        ],
    )


def _put_back(connection: sa.Connection, row: sa.Row[Any]) -> int:
    return connection.execute(
        sa.update(deliveries)
        .where(_d.id == row.delivery_id, _d.state == row.decided)
        .values(
            state=State.IN_DOUBT,
            lease_id=row.lease_id,
            trying_since=row.trying_since,
            due_at=None,
            changed_at=row.doubtful_since,
        )
    ).rowcount
