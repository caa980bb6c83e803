"""Whether the processes that hold deliveries live, and taking back from those that do not.

Touches: the ledger's database, lock files. On this machine a locked file tells at once. Of another machine only its
heartbeat speaks, and a clock proves little: a heartbeat that is old may be that of a database which was away itself. So
whoever takes a lease away has itself seen it silent for as long as it lasts, while the database answered.

    heard of ──▶ seen silent ──▶ seen silent … for as long as a lease lasts ──▶ taken back
                     ▲────────── a look that failed or came late: the time since the look before does not count

What was seen before such a gap counts, but the last third has to be seen in one piece: in it whoever lives and could
not be heard, because the database was away, is heard of again.

Limits: a process must stay that long, and look often, before it may take anything of another machine's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.errors import NewsletterError

from .book_time import boot_seconds
from .database import Database
from .lease_end import end_lease
from .lock_file import Life, forget, host, life
from .mark import begun_by
from .schema import leases

LEASE_LASTS = timedelta(seconds=60)
"""Silence after which a lease on another machine has run out. Five missed heartbeats: longer than a stalled disk or a
restarting database server."""

HEARTBEAT_EVERY = timedelta(seconds=10)
"""How often a process that holds deliveries calls `Lease.heartbeat` and looks after the others; claims and turns beat
as well."""

_LOOK_EVERY = 2 * HEARTBEAT_EVERY
"""Between two looks that are further apart nobody knows whether the database answered."""

SEEN_FOR = LEASE_LASTS
"""So long this process itself has seen a silence before it takes anything."""

_IN_ONE_PIECE = 1 / 3
"""Of that the end, without a gap: two heartbeats."""


@dataclass(frozen=True, slots=True)
class _Silence:
    """Of one lease, as this process saw it; in seconds of the boot's clock."""

    beat_at: datetime
    """The heartbeat with which it was seen first and last."""
    looked: float
    """When it was seen last."""
    seen: float = 0.0
    """Seconds between looks, without those of gaps."""
    in_one_piece: float = 0.0
    """Since the last gap."""


class Watch:
    """Looks after the other processes' leases, from this machine."""

    def __init__(self, database: Database, folder: Path, lasts: timedelta = LEASE_LASTS) -> None:
        self._database = database
        self._folder = folder
        self._lasts = lasts
        self._host = host(folder)
        self._silent: dict[int, _Silence] = {}

    def take_back(self, now: datetime, *, mine: int | None = None) -> None:
        """End every lease but `mine` whose process is gone, or was seen silent for too long."""
        rows, clock = self._look()
        self._silent = {row.id: self._silence_of(row) for row in rows}
        for row in rows:
            if row.id == mine:
                continue  # one that slept and was not missed goes on
            gone = self._life(row) is Life.FREE
            if gone or (self._run_out(row, clock) and self._has_seen(row)):
                self._end(row, now, gone=gone)

    def is_living(self, lease: int) -> bool:
        """Whether that process is at work. Its lease may have run out: a stopped process can wake up."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(leases).where(leases.c.id == lease)).one()
            clock = self._database.clock(connection)
        found = self._life(row)
        return found is Life.HELD or (found is Life.UNKNOWN and row.ended_at is None and not self._run_out(row, clock))

    def may_write(self, lease: int) -> bool:
        """Whether that process may still write a dot whose mark it had.

        Of another machine only time tells: two leases without a word, the second of them after it was taken for gone.
        """
        with self._database.read() as connection:
            row = connection.execute(sa.select(leases).where(leases.c.id == lease)).one()
            clock = self._database.clock(connection)
        found = self._life(row)
        if found is not Life.UNKNOWN or (row.ended_at is not None and row.gone is not False):
            return found is Life.HELD
        heard = max(row.beat_at, (row.ended_at or row.beat_at) - self._lasts)
        return bool(clock - heard <= 2 * self._lasts)

    def is_elsewhere(self, host_of: str, lock: str) -> bool:
        """Only its heartbeat speaks for it: it is on another machine, or cannot be asked."""
        return self._life_of(host_of, lock) is Life.UNKNOWN

    def is_held_here(self, host_of: str, lock: str) -> bool:
        """It is a living process of this machine."""
        return self._life_of(host_of, lock) is Life.HELD

    def _look(self) -> tuple[Sequence[sa.Row[Any]], datetime]:
        try:
            with self._database.read() as connection:
                rows = connection.execute(sa.select(leases).where(leases.c.ended_at.is_(None))).all()
                return rows, self._database.clock(connection)
        except NewsletterError:
            # Nobody could be heard.
            self._silent = {lease: replace(one, looked=-math.inf) for lease, one in self._silent.items()}
            raise

    def _silence_of(self, row: sa.Row[Any]) -> _Silence:
        at, known = boot_seconds(), self._silent.get(row.id)
        if known is None or known.beat_at != row.beat_at:
            return _Silence(row.beat_at, at)
        more = at - known.looked
        if more > _LOOK_EVERY.total_seconds():
            return replace(known, looked=at, in_one_piece=0.0)
        return _Silence(row.beat_at, at, known.seen + more, known.in_one_piece + more)

    def _has_seen(self, row: sa.Row[Any]) -> bool:
        silence, wanted = self._silent[row.id], min(self._lasts, SEEN_FOR).total_seconds()
        return silence.seen >= wanted and silence.in_one_piece >= wanted * _IN_ONE_PIECE

    def _end(self, row: sa.Row[Any], now: datetime, *, gone: bool) -> None:
        def end_silent(connection: sa.Connection) -> None:
            # The row is locked from here on. One that was heard of since it was read is alive after all.
            beat_at = connection.execute(
                sa.select(leases.c.beat_at).where(leases.c.id == row.id).with_for_update()
            ).scalar_one()
            if gone or beat_at == row.beat_at:
                end_lease(self._database, connection, row.id, now, gone=gone)

        self._database.transact(end_silent)
        if gone and begun_by(self._folder, row.lock) <= row.begun:  # else it is what shows that the book is old
            forget(self._folder, row.lock)

    def _life(self, row: sa.Row[Any]) -> Life:
        return self._life_of(row.host, row.lock)

    def _life_of(self, host_of: str, lock: str) -> Life:
        return life(self._folder, lock) if host_of == self._host else Life.UNKNOWN

    def _run_out(self, row: sa.Row[Any], clock: datetime) -> bool:
        return bool(clock - row.beat_at > self._lasts)
