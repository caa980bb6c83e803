"""Who is at it on all machines: one row for each `newsletter worker`, and what waits for one. Touches: the database.

A row holds nothing but what its process tells of itself: what belongs to whom, and for how long, leases say.
"""

import json
import os
import socket
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.catalogue import Phrase, Said

from .database import LedgerPart
from .driver import inserted_id
from .machine_tables import workers
from .queries import as_record
from .records import DispatchRecord
from .schema import dispatches, lots
from .states import DispatchStatus

WORKER_BEAT = timedelta(seconds=10)
"""How often a worker tells that it lives."""
WORKER_SILENT = timedelta(seconds=60)
"""Silence after which nobody should count on it; as long as a lease lasts."""
_KEPT = timedelta(days=1)
"""So long one that was killed is shown; then it is taken for ended."""

_w = workers.c


@dataclass(frozen=True, slots=True)
class Doing:
    """An issue that a worker sends just now."""

    newsletter: str
    issue: str
    settled: int
    """Deliveries that its run has settled."""
    per_second: float
    """Over the last seconds."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What a worker told last."""

    id: int
    machine: str
    pid: int
    version: str
    since: datetime
    heard_at: datetime
    silent_for: timedelta
    """By the book's clock."""
    doing: Sequence[Doing]
    troubles: Sequence[Said]

    @property
    def lives(self) -> bool:
        return self.silent_for <= WORKER_SILENT


class WorkersKept(LedgerPart):
    """The workers of a book."""

    def worker_begins(self, version: str) -> int:
        """Its number. Whoever was silent for a day is taken for ended."""

        def begin(connection: sa.Connection) -> int:
            now = self._database.clock(connection)
            gone = _w.ended_at.is_(None) & (_w.beat_at < now - _KEPT)
            connection.execute(sa.update(workers).where(gone).values(ended_at=now))
            row = {"machine": socket.gethostname(), "pid": os.getpid(), "version": version}
            return inserted_id(connection.execute(sa.insert(workers).values(**row, started_at=now, beat_at=now)))

        return self._database.transact(begin)

    def worker_tells(self, worker: int, doing: Collection[Doing], troubles: Collection[Phrase]) -> None:
        """It lives, does this, and these are in its way."""
        with self._database.write() as connection:
            told = {
                "beat_at": self._database.clock(connection),
                "ended_at": None,
                "doing": json.dumps([asdict(one) for one in doing]),
                "troubles": json.dumps([one.to_json() for one in troubles]),
            }
            connection.execute(sa.update(workers).where(_w.id == worker).values(**told))

    def worker_ends(self, worker: int) -> None:
        with self._database.write() as connection:
            ended = {"ended_at": self._database.clock(connection), "doing": "[]", "troubles": "[]"}
            connection.execute(sa.update(workers).where(_w.id == worker).values(**ended))

    def all_workers(self) -> list[WorkerState]:
        """Those that did not say that they ended, first begun first."""
        query = sa.select(workers).where(_w.ended_at.is_(None)).order_by(_w.started_at, _w.id)
        with self._database.read() as connection:
            now = self._database.clock(connection)
            return [_state(row, now) for row in connection.execute(query)]

    def waiting_dispatches(self, now: datetime) -> list[DispatchRecord]:
        """Of every newsletter: what runs and has somebody who is due and whom nobody has; first planned first."""
        is_due = lots.c.due_at.is_(None) | (lots.c.due_at <= now)
        free = sa.exists().where(
            lots.c.dispatch_id == dispatches.c.id, lots.c.waiting > 0, lots.c.lease_id.is_(None), is_due
        )
        running = (dispatches.c.status == DispatchStatus.RUNNING) & dispatches.c.canary_of.is_(None)
        query = sa.select(dispatches).where(running, free).order_by(dispatches.c.planned_at, dispatches.c.id)
        with self._database.read() as connection:
            return [as_record(row) for row in connection.execute(query)]


def _state(row: sa.Row[tuple[object, ...]], now: datetime) -> WorkerState:
    return WorkerState(
        id=row.id,
        machine=row.machine,
        pid=row.pid,
        version=row.version,
        since=row.started_at,
        heard_at=row.beat_at,
        silent_for=max(timedelta(), now - row.beat_at),
        doing=[Doing(**one) for one in json.loads(row.doing)],
        troubles=[Phrase.from_json(one) for one in json.loads(row.troubles)],
    )
