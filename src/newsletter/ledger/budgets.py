"""How much of an hour and of a day is used up: sliding windows over all runs and processes. Touches: the database.

Each MAIL command takes one from every window of its account (docs/design.md 4.1). They are taken in blocks ahead, good
for a moment only, and counted by the grain of time in which they were taken: so in no stretch of a window's length are
there more than it allows, and after a window that is full the next may go at most two grains later than it could.

    grain:   |---- taken ----|---- may still go ----|-------- the window's length --------| free again

The clock is the server's where several machines share a book. Set back, it gives nothing anew: what was taken in its
future counts as taken now, so that nothing waits longer than the window.

Limits: a clock that is set forward gives too early what it jumped over. What a process had taken and not used when it
was killed counts as used. A process that is stopped between its take and its MAIL command sends that one late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.settings.rates import Window

from .column_types import EPOCH
from .database import LedgerPart
from .machine_tables import budgets

_GRAINS = 240
"""Of a window: 15 seconds of an hour, 6 minutes of a day; so many rows it has at most."""


@dataclass(frozen=True, slots=True)
class Block:
    """So many messages may go, of all windows at once."""

    account: str
    windows: tuple[Window, ...]
    at: datetime
    """When it was taken, by the book's clock."""
    count: int
    """0: a window is used up."""
    wait: timedelta = timedelta()
    """Until one more may go, where none may."""
    used_up: tuple[Window, ...] = ()
    """Those of which nothing is left."""

    @property
    def lasts(self) -> timedelta:
        """How long after it was taken its messages may start: half a grain, so that half of one is to spare."""
        return min(grain(window) for window in self.windows) / 2


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a window is used, and how much of that is free again after which time, the first first."""

    window: Window
    returning: tuple[tuple[timedelta, int], ...]
    spare: int = 0
    """So many are left for something else, a tenth at most."""

    @property
    def used(self) -> int:
        return sum(count for _, count in self.returning)

    @property
    def free(self) -> int:
        """How many more may go now; below 1: none."""
        return self.window.most - min(self.spare, self.window.most // 10) - self.used

    @property
    def wait(self) -> timedelta:
        """Until one more may go, where none may."""
        free = self.free
        for after, count in self.returning:
            free += count
            if free > 0:
                return after
        return timedelta()


def grain(window: Window) -> timedelta:
    """The stretch of time whose messages are counted together."""
    return window.length / _GRAINS


def free_after(window: Window) -> timedelta:
    """From the beginning of a grain until what was taken in it is free again, at the latest."""
    return window.length + 2 * grain(window)


class Budgets(LedgerPart):
    """The windows of each account, which is whom a relay counts for."""

    def take(self, account: str, windows: Sequence[Window], wanted: int, now: datetime, *, spare: int = 0) -> Block:
        """At most `wanted` messages, if each window has as many, but for the last `spare` of it."""
        with self._database.write() as connection:
            self._database.serialise(connection, _lock(account))
            moment = self._database.shared_clock(connection, now)
            found = [self._usage(connection, account, window, moment, spare, tidy=True) for window in windows]
            full = [usage for usage in found if usage.free < 1]
            count = max(0, min(wanted, *(usage.free for usage in found)))
            if count:
                for window in windows:
                    self._add(connection, account, window, _grain_of(moment, window), count)
            wait = max((usage.wait for usage in full), default=timedelta())
            return Block(account, tuple(windows), moment, count, wait, tuple(usage.window for usage in full))

    def give_back(self, block: Block, unused: int) -> None:
        """So many of a block did not go and will not. Where its grain is gone by now they stay used."""
        with self._database.write() as connection:
            self._database.serialise(connection, _lock(block.account))
            for window in block.windows:
                row = _row(block.account, window, _grain_of(block.at, window)) & (budgets.c.used >= unused)
                connection.execute(sa.update(budgets).where(row).values(used=budgets.c.used - unused))

    def usage(self, account: str, windows: Sequence[Window], now: datetime, *, spare: int = 0) -> list[Usage]:
        """How much of each window is used."""
        with self._database.read() as connection:
            moment = self._database.shared_clock(connection, now)
            return [self._usage(connection, account, window, moment, spare, tidy=False) for window in windows]

    def _usage(
        self, connection: sa.Connection, account: str, window: Window, moment: datetime, spare: int, *, tidy: bool
    ) -> Usage:
        """What is used of a window; with `tidy`, rows that are over go, and those of the future are this moment's."""
        this, now = _of(account, window), _grain_of(moment, window)
        rows = connection.execute(sa.select(budgets).where(this).order_by(budgets.c.grain)).all()
        returning: dict[timedelta, int] = {}
        over, future = False, 0
        for row in rows:
            after = min(row.grain, now) + free_after(window) - moment
            if after > timedelta():
                returning[after] = returning.get(after, 0) + row.used
                future += row.used if row.grain > now else 0
            else:
                over = True
        if tidy and over:
            connection.execute(sa.delete(budgets).where(this, budgets.c.grain <= moment - free_after(window)))
        if tidy and future:
            connection.execute(sa.delete(budgets).where(this, budgets.c.grain > now))
            self._add(connection, account, window, now, future)
        return Usage(window, tuple(sorted(returning.items())), spare)

    def _add(self, connection: sa.Connection, account: str, window: Window, when: datetime, count: int) -> None:
        seconds = _seconds(window)
        if self._database.insert_new(connection, budgets, account=account, seconds=seconds, grain=when, used=count):
            return
        row = _row(account, window, when)
        connection.execute(sa.update(budgets).where(row).values(used=budgets.c.used + count))


def _grain_of(moment: datetime, window: Window) -> datetime:
    """The beginning of the grain in which a moment lies."""
    return moment - (moment - EPOCH) % grain(window)


def _of(account: str, window: Window) -> sa.ColumnElement[bool]:
    return sa.and_(budgets.c.account == account, budgets.c.seconds == _seconds(window))


def _row(account: str, window: Window, when: datetime) -> sa.ColumnElement[bool]:
    return _of(account, window) & (budgets.c.grain == when)


def _seconds(window: Window) -> int:
    return int(window.length.total_seconds())


def _lock(account: str) -> str:
    return f"newsletter budget {account}"
