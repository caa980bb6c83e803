"""What a person decides about a dispatch: pause, resume, cancel, a canary first.

Touches: the ledger's database.

Each holds the dispatch alone, which turns and claims share: when `pause` returns, the last intent has been committed.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.catalogue import Phrase, Verbatim, phrase
from newsletter.errors import RefusedError

from .leases import Lease, Leases, beat, held_by_others
from .lots import recount
from .resolving import hold_alone, make_final
from .schema import deliveries, dispatches, lots
from .seen_state import NOT_BEGUN, WAITS
from .states import DispatchStatus, State

_d = deliveries.c


class Control(Leases):
    """The kill switch, and other decisions."""

    def pause(
        self, dispatch: int, reason: Phrase | Verbatim, now: datetime, *, by: Phrase | Verbatim | None = None
    ) -> bool:
        """Let no further intent through; False where it is paused already (the first reason, and who said it, stand).

        The book keeps the reason as its code with values; another's words, such as a note, as they stand.
        RefusedError where it is cancelled.
        """
        with self._database.write() as connection:
            row = hold_alone(self._database, connection, dispatch)
            if row.status == DispatchStatus.CANCELLED:
                raise RefusedError(phrase("ledger.control.cancelled", slug=row.slug))
            if row.status == DispatchStatus.PAUSED:
                if row.canary_lease is None:  # one that has not begun must not lift this
                    _set(connection, dispatch, canary_of=None)
                return False
            _set(connection, dispatch, status=DispatchStatus.PAUSED, reason=reason, paused_at=now, paused_by=by)
        return True

    def resume(self, dispatch: int, now: datetime) -> bool:
        """Let it go on; False where it is not paused. The pause does not count as trying (give_up_after).

        RefusedError where it is cancelled.
        """
        with self._database.write() as connection:
            row = hold_alone(self._database, connection, dispatch)
            if row.status == DispatchStatus.CANCELLED:
                raise RefusedError(phrase("ledger.control.cancelled_for_good", slug=row.slug))
            if row.status == DispatchStatus.RUNNING:
                return False
            _set_unpaused(connection, dispatch, DispatchStatus.RUNNING)
            before, length = _d.trying_since <= row.paused_at, (now - row.paused_at) // timedelta(microseconds=1)
            connection.execute(
                sa.update(deliveries)
                .where(_d.dispatch_id == dispatch, WAITS | (_d.state == State.IN_DOUBT), _d.trying_since.is_not(None))
                .values(
                    trying_since=sa.case(
                        (before, sa.type_coerce(_d.trying_since, sa.BigInteger) + sa.literal(length, sa.BigInteger)),
                        else_=sa.literal(now, _d.trying_since.type),
                    )
                )
            )
        return True

    def cancel(self, dispatch: int, now: datetime) -> int:
        """End it for everybody who has not got it; how many that were. What is in flight ends as its reply says."""
        self._watch.take_back(now)
        with self._database.write() as connection:
            hold_alone(self._database, connection, dispatch)
            _set_unpaused(connection, dispatch, DispatchStatus.CANCELLED)
            make_final(connection, dispatch)
            cancelled = connection.execute(
                sa.update(deliveries)
                .where(_d.dispatch_id == dispatch, NOT_BEGUN)
                .values(state=State.CANCELLED, due_at=None, changed_at=now)
            ).rowcount
            waited = sa.select(lots.c.id).where(lots.c.dispatch_id == dispatch, lots.c.waiting > 0)
            recount(connection, connection.execute(waited).scalars().all())
            return cancelled

    def begin_canary(self, dispatch: int, lease: Lease, first: int, now: datetime) -> None:
        """From now on only this lease is handed anything, and when it ends in whatever way, what is left is paused.

        Nothing where it does not run, except where it was planned for a canary. RefusedError while others are at work.
        """
        self._watch.take_back(now, mine=lease.id)
        with self._database.write() as connection:
            beat(self._database, connection, lease.id)
            row = hold_alone(self._database, connection, dispatch)
            is_paused = row.status == DispatchStatus.PAUSED
            planned_for_it = is_paused and row.canary_of is not None and row.canary_lease is None
            if row.status != DispatchStatus.RUNNING and not planned_for_it:
                return
            if row.canary_lease not in (None, lease.id) or held_by_others(connection, dispatch, lease.id):
                raise RefusedError(
                    phrase("ledger.control.others_at_work", slug=row.slug, first=first),
                    hint=phrase("ledger.control.stop_it", slug=row.slug),
                )
            _set_unpaused(connection, dispatch, DispatchStatus.RUNNING, canary_of=first, canary_lease=lease.id)


def _set_unpaused(connection: sa.Connection, dispatch: int, status: DispatchStatus, **canary: int) -> None:
    """Whatever was said about a pause, or a canary, holds no more."""
    ended = {"reason": None, "paused_at": None, "paused_by": None, "canary_of": None, "canary_lease": None}
    _set(connection, dispatch, status=status, **{**ended, **canary})


def _set(connection: sa.Connection, dispatch: int, **values: object) -> None:
    connection.execute(sa.update(dispatches).where(dispatches.c.id == dispatch).values(**values))
