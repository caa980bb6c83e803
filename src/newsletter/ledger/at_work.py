"""Which processes are at an issue, and how far they came: what `status` tells. Touches: the ledger's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from .leases import Lease, Leases
from .queries import count_states
from .run_terms import RunTerms
from .schema import dispatches, leases
from .states import UNFINISHED, DispatchStatus, State

ENDED_DONE = "done"
"""Of a run that was stopped by nothing: nothing was due any more."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that sends an issue, or is planning it, and has not said that it ended."""

    pid: int
    machine: str
    """Its name; empty where an older version kept none."""
    since: datetime
    heard_at: datetime
    """Its last sign of life in the ledger."""
    lives: bool
    """False: it was killed, or has been silent for too long; the next run takes back what it held."""
    done_before: int
    """Deliveries of the issue that were done when it began."""


class AtWork(Leases):
    """Who is at it."""

    def begin_work(self, dispatch: int, lease: Lease, terms: RunTerms | None = None) -> dict[State, int]:
        """This process begins to send an issue, under these terms; the counts by state at that moment."""
        with self._database.read() as connection:  # a million rows are counted, and nobody waits for it
            counts = count_states(connection, dispatch)
        done = sum(number for state, number in counts.items() if state not in UNFINISHED)
        with self._database.write() as connection:
            values = {"dispatch_id": dispatch, "done_before": done, "terms": terms and terms.to_json()}
            connection.execute(sa.update(leases).where(leases.c.id == lease.id).values(**values))
        return counts

    @contextmanager
    def alone_on_all_machines(self, name: str) -> Iterator[bool]:
        """Whether nobody else does this just now; for work that would be done twice and not go wrong by it."""
        from .one_at_a_time import one_at_a_time  # a cron that sends itself has no use for it

        with one_at_a_time(self._database, name) as is_alone:
            yield is_alone

    def end_work(self, lease: Lease, because: str, rested: timedelta) -> None:
        """This process ends its part: by ENDED_DONE or what stopped it; how long it waited for windows of the rate."""
        values = {"ended_by": because, "rested": rested // timedelta(microseconds=1)}
        with self._database.write() as connection:
            connection.execute(sa.update(leases).where(leases.c.id == lease.id).values(**values))

    def workers(self, dispatch: int) -> list[Worker]:
        """The processes that are sending it, first begun first; those that are gone without a word included."""
        return self._workers(leases.c.dispatch_id == dispatch)

    def is_sent_from_here(self, dispatch: int) -> bool:
        """Whether a living process of this machine is at it; it stays while another machine's holds anything."""
        with self._database.read() as connection:
            theirs = leases.c.ended_at.is_(None) & (leases.c.dispatch_id == dispatch)
            rows = connection.execute(sa.select(leases.c.host, leases.c.lock).where(theirs)).all()
        return any(self._watch.is_held_here(row.host, row.lock) for row in rows)

    def planners(self, newsletter: str, slug: str) -> list[Worker]:
        """The processes that are writing its plan just now."""
        staged = sa.select(dispatches.c.staged_by).where(
            dispatches.c.newsletter == newsletter,
            dispatches.c.slug == slug,
            dispatches.c.status == DispatchStatus.STAGING,
        )
        return self._workers(leases.c.id.in_(staged))

    def _workers(self, theirs: sa.ColumnElement[bool]) -> list[Worker]:
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(leases).where(leases.c.ended_at.is_(None), theirs).order_by(leases.c.started_at)
            ).all()
        return [
            Worker(
                row.pid, row.machine, row.started_at, row.beat_at, self._watch.is_living(row.id), row.done_before or 0
            )
            for row in rows
        ]
