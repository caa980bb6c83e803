"""Write an issue and its whole audience into the book: staged in small batches, made visible by one commit.

Touches: the ledger's database. A staging dispatch belongs to a lease; nobody sees it, and when its planner dies the
next planner clears it away. Memory is flat: a batch at a time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.message.message import Letterhead

from .copies import Novelty
from .database import Database
from .driver import inserted_id
from .frozen import digest_of, freeze_editions, freeze_letterhead, thaw, thaw_edition, thaw_letterhead
from .lease_end import canary_reason
from .leases import Lease, Leases, beat
from .newsletters import known_newsletters, refuse_unknown, take_newsletter
from .queries import count_states, find_dispatch
from .records import DispatchRecord, PlannedElsewhereError, PlanSummary
from .schema import deliveries, dispatches, lots, other_hashes, suppressions
from .staged import clear_stale, count_anew, discard
from .staged_audience import Audience, ComingDeliveries
from .staging import stage
from .states import DispatchStatus, PlannedDelivery, State

if TYPE_CHECKING:
    from newsletter.edition.variants import VariantRule


class Planning(Leases):
    """An issue and its audience, frozen; and what was frozen."""

    def plan(
        self,
        letterhead: Letterhead,
        editions: Mapping[str, Edition],
        rows: Iterable[PlannedDelivery] | Audience,
        now: datetime,
        *,
        canary: int | None = None,
        although_like: Collection[str] = (),
        variant_rule: "VariantRule | None" = None,
    ) -> PlanSummary:
        """Freeze an issue (editions by variant name) and its audience; visible in one moment, or not at all.

        Where it was planned before, by whomever, the existing dispatch is the answer. RefusedError where one of the
        editions went out under another slug, or one like it, but for the slugs in `although_like`; or the book knows
        other newsletters and not this one. What `rows` raises leaves nothing behind. With `canary`, it waits for
        `begin_canary` and is paused until then: nobody else may begin with everybody. By `variant_rule` who joins later
        is given a variant.
        """
        self._watch.take_back(now)
        audience = rows if isinstance(rows, Audience) else ComingDeliveries(rows)
        with self.lease(now) as lease:
            return _plan(
                self._database, lease, letterhead, editions, audience, now, canary, although_like, variant_rule
            )

    @contextmanager
    def planning(self, newsletter: str, slug: str) -> Iterator[None]:
        """For whoever is about to plan: nobody else does meanwhile. PlannedElsewhereError (75) where somebody is at it.

        It spares the work; that there is one plan is `plan`'s own promise.
        """
        from .one_at_a_time import one_at_a_time  # few processes plan

        with one_at_a_time(self._database, f"plan {newsletter} {slug}") as is_alone:
            if not is_alone:
                raise PlannedElsewhereError(
                    phrase("ledger.plan.is_being_planned", slug=slug),
                    hint=phrase("ledger.plan.goes_on_by_itself", slug=slug),
                )
            yield

    def frozen(self, dispatch: int) -> tuple[Letterhead, dict[str, Edition]]:
        """The letterhead and the editions by variant, exactly as they were planned."""
        with self._database.read() as connection:
            return thaw(connection, dispatch)

    def letterhead(self, dispatch: int) -> Letterhead:
        """The letterhead as it was planned."""
        with self._database.read() as connection:
            return thaw_letterhead(connection, dispatch)

    def edition(self, number: int) -> Edition:
        """A frozen edition by the number that a claim carries."""
        with self._database.read() as connection:
            return thaw_edition(connection, number)


def _plan(
    database: Database,
    lease: Lease,
    letterhead: Letterhead,
    letters: Mapping[str, Edition],
    audience: Audience,
    now: datetime,
    canary: int | None,
    although_like: Collection[str],
    variant_rule: "VariantRule | None",
) -> PlanSummary:
    clear_stale(database)
    newsletter, slug = letterhead.list_id, letterhead.slug
    novelty = Novelty(newsletter, slug, letters, although_like)
    with database.read() as connection:
        existing = find_dispatch(connection, newsletter, slug)
        if existing:
            return _already(connection, existing)
        refuse_unknown(known_newsletters(connection), newsletter)
        novelty.refuse_repetition(connection)
    dispatch = _begin(database, lease, letterhead, letters, now, variant_rule)
    try:
        total = sum(stage(database, lease, dispatch, newsletter, audience, now))
        count_anew(database, total, deliveries, lots, suppressions, other_hashes)
        instead = _publish(database, lease, dispatch, letterhead, novelty, total, _ready(canary, now), now)
        if instead:
            return instead
    finally:
        discard(database, dispatch)
    with database.read() as connection:
        suppressed = count_states(connection, dispatch)[State.SUPPRESSED]
    return PlanSummary(dispatch, total, suppressed, audience.rows.duplicates)


def _begin(
    database: Database,
    lease: Lease,
    letterhead: Letterhead,
    letters: Mapping[str, Edition],
    now: datetime,
    variant_rule: "VariantRule | None",
) -> int:
    with database.write() as connection:
        last = connection.execute(sa.select(sa.func.max(deliveries.c.id))).scalar() or 0
        row = connection.execute(
            sa.insert(dispatches).values(
                first_delivery=last + 1,
                newsletter=letterhead.list_id,
                slug=letterhead.slug,
                status=DispatchStatus.STAGING,
                planned_at=now,
                digest=digest_of(letters),
                letterhead=freeze_letterhead(letterhead),
                staged_by=lease.id,
                variant_rule=variant_rule.to_json() if variant_rule else None,
            )
        )
        dispatch: int = inserted_id(row)
        freeze_editions(database, connection, dispatch, letters)
        return dispatch


def _publish(
    database: Database,
    lease: Lease,
    dispatch: int,
    letterhead: Letterhead,
    novelty: Novelty,
    total: int,
    ready: Mapping[str, object],
    now: datetime,
) -> PlanSummary | None:
    """The one commit that makes the plan visible, and durable with all that was staged; the plan that is there already,
    where of two planners this is the second."""
    with database.write() as connection:
        beat(database, connection, lease.id)
        database.serialise(connection, f"newsletter plan {letterhead.list_id}")
        existing = find_dispatch(connection, letterhead.list_id, letterhead.slug)
        if existing:
            return _already(connection, existing)
        take_newsletter(database, connection, letterhead.list_id, now)
        novelty.refuse_repetition(connection)
        connection.execute(
            sa.update(dispatches).where(dispatches.c.id == dispatch).values(total=total, staged_by=None, **ready)
        )
    return None


def _ready(canary: int | None, now: datetime) -> dict[str, object]:
    """How a dispatch begins: for all who come to send it, or waiting for a canary."""
    if canary is None:
        return {"status": DispatchStatus.RUNNING}
    return {
        "status": DispatchStatus.PAUSED,
        "reason": canary_reason(canary),
        "paused_at": now,
        "canary_of": canary,
    }


def _already(connection: sa.Connection, existing: DispatchRecord) -> PlanSummary:
    suppressed = count_states(connection, existing.id)[State.SUPPRESSED]
    return PlanSummary(existing.id, existing.total, suppressed, duplicates=0, existing=True)
