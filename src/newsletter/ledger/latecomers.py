"""Give an issue to those who joined after its plan, as new rows of the same dispatch. Touches: the ledger's database.

They are staged like a plan, in a staging dispatch of their own that nobody sees and that is cleared away when its
planner dies, but with the editions of the issue; then they are moved into it, a commit for MOVED_AT_ONCE of them, so
that no other writer waits long: the usual few come by one. In that commit the dispatch is held alone, so that it is
neither paused nor corrected meanwhile; whoever another process was quicker to plan is left out, for each address has
one row of a dispatch; and the total grows with the rows and with the counts of their lots.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError, RunAgainError
from newsletter.message.message import Letterhead

from .database import Database
from .driver import inserted_id
from .frozen import thaw_letters
from .leases import Lease, Leases, beat
from .lots import recount
from .schema import deliveries, dispatches, lots
from .staged import clear_stale, discard
from .staged_audience import Audience
from .staging import stage
from .states import DispatchStatus

if TYPE_CHECKING:
    from newsletter.edition.variants import VariantRule

MOVED_AT_ONCE = 20_000
"""Deliveries that are moved by one commit, about."""

_d, _l, _of = deliveries.c, lots.c, dispatches.c
_SIZE = _l.waiting + _l.suppressed
"""SQL: deliveries of a lot that was just staged; none where all of them were planned meanwhile."""


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """What an issue says now, as it is frozen."""

    letterhead: Letterhead
    editions: Mapping[str, Edition]
    """Of the newest revision, by variant."""
    revision: int
    rule: "VariantRule | None"
    """Who gets which; None where an earlier version planned it, and kept no rule."""


class Latecomers(Leases):
    """Who joins after the plan."""

    def frozen_issue(self, dispatch: int) -> FrozenIssue:
        """The letterhead and the newest editions of an issue, and by what they are chosen."""
        from newsletter.edition.variants import VariantRule

        with self._database.read() as connection:
            row = connection.execute(sa.select(_of.revision, _of.variant_rule).where(_of.id == dispatch)).one()
            letterhead, editions = thaw_letters(connection, dispatch, row.revision)
        rule = VariantRule.from_json(row.variant_rule) if row.variant_rule else None
        return FrozenIssue(letterhead, editions, row.revision, rule)

    def revision(self, dispatch: int) -> int:
        """The number of its newest editions; another one after each correction."""
        with self._database.read() as connection:
            number: int = connection.execute(sa.select(_of.revision).where(_of.id == dispatch)).scalar_one()
            return number

    def planned_among(self, dispatch: int, keys: Collection[str]) -> set[str]:
        """Those of these addresses, a thousand at most, that have a delivery of this dispatch, in whatever state."""
        wanted = sa.select(_d.key).where(_d.dispatch_id == dispatch, _d.key.in_(list(keys)))
        with self._database.read() as connection:
            return set(connection.execute(wanted).scalars())

    def add_latecomers(self, dispatch: int, revision: int, audience: Audience, now: datetime) -> int:
        """Plan whoever of this audience has no delivery yet, with the editions of this revision; how many they are.

        Who was suppressed meanwhile is counted, and is not mailed. RefusedError where the dispatch does not run,
        RunAgainError where it was corrected since `revision` was looked at. What dies here leaves nothing behind but
        what was moved already, which is whole.
        """
        self._watch.take_back(now)
        with self.lease(now) as lease:
            clear_stale(self._database)
            with self._database.write() as connection:
                of = _require(connection, dispatch, revision)
                staged = _begin(connection, lease, of, now)
            try:
                letters = (dispatch, revision)
                for _ in stage(self._database, lease, staged, of.newsletter, audience, now, letters):
                    pass
                return _move_all(self._database, lease, staged, dispatch, revision)
            finally:
                discard(self._database, staged)


def _require(connection: sa.Connection, dispatch: int, revision: int) -> sa.Row[tuple[object, ...]]:
    of = connection.execute(sa.select(dispatches).where(_of.id == dispatch)).one()
    if of.status != DispatchStatus.RUNNING:
        raise RefusedError(phrase("ledger.latecomers.does_not_run", slug=of.slug))
    if of.revision != revision:
        raise RunAgainError(phrase("ledger.latecomers.was_revised", slug=of.slug))
    return of


def _begin(connection: sa.Connection, lease: Lease, of: sa.Row[tuple[object, ...]], now: datetime) -> int:
    """A dispatch of the same name that nobody sees."""
    row = sa.insert(dispatches).values(
        newsletter=of.newsletter,
        slug=of.slug,
        status=DispatchStatus.STAGING,
        planned_at=now,
        digest=of.digest,
        letterhead=of.letterhead,
        staged_by=lease.id,
    )
    return inserted_id(connection.execute(row))


def _move_all(database: Database, lease: Lease, staged: int, dispatch: int, revision: int) -> int:
    moved = 0
    while True:
        with database.write() as connection:
            beat(database, connection, lease.id)
            database.hold_alone(connection, sa.select(_of.id).where(_of.id == dispatch))
            _require(connection, dispatch, revision)
            numbers = _next_lots(connection, staged)
            if not numbers:
                return moved
            moved += _move(connection, numbers, dispatch)


def _next_lots(connection: sa.Connection, staged: int) -> list[int]:
    """As many as have MOVED_AT_ONCE deliveries together, or one more."""
    found = connection.execute(
        sa.select(_l.id, _SIZE.label("size"))
        .where(_l.dispatch_id == staged, _SIZE > 0)
        .order_by(_l.id)
        .limit(MOVED_AT_ONCE)
    )
    numbers: list[int] = []
    size = 0
    for row in found:
        numbers.append(row.id)
        size += row.size
        if size >= MOVED_AT_ONCE:
            break
    return numbers


def _move(connection: sa.Connection, numbers: list[int], dispatch: int) -> int:
    """These lots, with whoever has no delivery of the dispatch; how many that are."""
    planned = deliveries.alias()
    here = _d.lot_id.in_(numbers)
    again = here & sa.exists().where(planned.c.dispatch_id == dispatch, planned.c.key == _d.key)
    touched = set(connection.execute(sa.select(_d.lot_id).where(again)).scalars())
    if touched:
        connection.execute(sa.delete(deliveries).where(again))
        recount(connection, touched)
    moved = connection.execute(sa.update(deliveries).where(here).values(dispatch_id=dispatch)).rowcount
    connection.execute(sa.update(lots).where(_l.id.in_(numbers), _SIZE > 0).values(dispatch_id=dispatch))
    connection.execute(sa.update(dispatches).where(_of.id == dispatch).values(total=_of.total + moved))
    return moved
