"""What time it is for a book: the server's, where several machines share one, whatever their own clocks say.

Touches: the ledger's database, the boot's clock. What is due, how long a lease lasts and when an issue begins go by
it. The server is asked once in a while; between two questions the clock that nobody sets tells what has passed.

Limits: it is wrong by half of what the question took, and by what the machine's oscillator drifts in `_ASK_EVERY`. With
SQLite there is one machine, and its clock is the book's.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from newsletter.errors import CannotWriteError

from .column_types import UtcMicroseconds

if TYPE_CHECKING:
    from .database import Database

_ASK_EVERY = 30.0
"""Seconds. An oscillator that is wrong by 100 parts in a million is wrong by 3 ms then."""

_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def boot_seconds() -> float:
    """A clock that nobody sets and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(_BOOT_CLOCK)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the server said, and in the middle of which question (seconds of the boot's clock)."""

    moment: datetime
    at: float


class BookTime:
    """The clock of one open ledger."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._asked: _Asked | None = None

    def now(self) -> datetime:
        """Where the server does not answer, as it would go on from the last time; CannotWriteError before that."""
        if self._database.is_sqlite:
            return datetime.now(UTC)
        at, known = boot_seconds(), self._asked
        if known is None or at - known.at > _ASK_EVERY:
            try:
                known = self._ask()
            except CannotWriteError:
                if known is None:
                    raise
        return known.moment + timedelta(seconds=boot_seconds() - known.at)

    def as_known(self) -> datetime:
        """The same by what the server said last, so that an event loop need not wait for it: whoever goes by this calls
        `now` in some thread, each half minute. CannotWriteError where it never answered.
        """
        known = self._asked
        return self.now() if known is None else known.moment + timedelta(seconds=boot_seconds() - known.at)

    def _ask(self) -> _Asked:
        began = boot_seconds()
        with self._database.read() as connection:
            moment = self._database.clock(connection)
        self._asked = _Asked(moment, (began + boot_seconds()) / 2)
        return self._asked


def server_clock() -> sa.ColumnElement[datetime]:
    """SQL: PostgreSQL's clock."""
    micros = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1_000_000, sa.BigInteger)
    return sa.type_coerce(micros, UtcMicroseconds)
