"""What an operator was told, so that it is not told again: once for ever, or once a day. Touches: the ledger."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from .database import LedgerPart
from .schema import told_once

_AGAIN_AFTER = timedelta(hours=23)
"""A cron job that runs once a day comes some seconds earlier or later."""

_DAILY = "daily "
"""What is told again stands under this, apart from what is told once."""


def is_due_again(told_at: datetime | None, now: datetime) -> bool:
    """Also where it was told in the future, by a clock that was wrong."""
    return told_at is None or not timedelta() <= now - told_at < _AGAIN_AFTER


class Telling(LedgerPart):
    """What was told."""

    def say_once(self, newsletter: str, what: str, now: datetime) -> bool:
        """True the first time this is asked, and never again."""
        with self._database.write() as connection:
            return self._database.insert_new(connection, told_once, newsletter=newsletter, what=what, at=now)

    def was_said(self, newsletter: str, what: str) -> bool:
        """Whether `say_once` was true of this before."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.exists().where(_row(newsletter, what)))) is True

    def say_daily(self, newsletter: str, what: str, now: datetime) -> bool:
        """True the first time, and again once a day has passed since it was last true."""
        row = _row(newsletter, f"{_DAILY}{what}")
        with self._database.read() as connection:
            if not is_due_again(connection.scalar(sa.select(told_once.c.at).where(row)), now):
                return False
        with self._database.write() as connection:
            if self._database.insert_new(connection, told_once, newsletter=newsletter, what=f"{_DAILY}{what}", at=now):
                return True
            told_at = connection.scalar(sa.select(told_once.c.at).where(row))
            if not is_due_again(told_at, now):  # another process was quicker
                return False
            connection.execute(sa.update(told_once).where(row).values(at=now))
            return True

    def forget_told(self, newsletter: str, but: Collection[str]) -> None:
        """What is told daily, apart from these, is over: it is told at once when it comes back."""
        of_these = sa.and_(
            told_once.c.newsletter == newsletter,
            told_once.c.what.startswith(_DAILY, autoescape=True),
            told_once.c.what.not_in([f"{_DAILY}{what}" for what in but]),
        )
        with self._database.read() as connection:
            if connection.scalar(sa.select(sa.exists().where(of_these))) is not True:
                return
        with self._database.write() as connection:
            connection.execute(sa.delete(told_once).where(of_these))


def _row(newsletter: str, what: str) -> sa.ColumnElement[bool]:
    return sa.and_(told_once.c.newsletter == newsletter, told_once.c.what == what)
