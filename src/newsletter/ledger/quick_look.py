"""What a look of some seconds can tell of a book: is the file whole, do the counts add up. Touches: the database.

Of what `verify` holds a book against these two read no delivery but by SQLite's own check, which is ended when its time
is over: of ten million rows it has then seen a part.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from newsletter.catalogue import Said, Verbatim, phrase

from .database import Database
from .engines import sqlite_driver
from .schema import VISIBLE, dispatches, lots
from .states import COUNTED

_AGAIN = 0.05
"""Seconds: an interrupt between two statements ends none of them."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class QuickLook:
    """What was found; `is_whole` is false where the time was over before all was seen."""

    broken: tuple[Said, ...]
    is_whole: bool = True


def quick_look(database: Database, seconds: float) -> QuickLook:
    """CannotWriteError where the database does not answer, or SQLite gives up on a damaged file."""
    storage = _storage(database, seconds)
    return QuickLook(storage.broken + _miscounted(database), storage.is_whole)


def _storage(database: Database, seconds: float) -> QuickLook:
    """Servers look after their files themselves."""
    if not database.is_sqlite:
        return QuickLook(())
    found: list[str] = []
    with database.read() as connection:
        try:
            with _ended_after(sqlite_driver(connection), seconds):
                # Line by line: what was found before the time was over counts.
                for (line,) in connection.exec_driver_sql(f"PRAGMA quick_check({_MOST_NAMED})"):
                    found.append(str(line))
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_INTERRUPT:
                raise
            return QuickLook(_named(found), is_whole=False)
    return QuickLook(_named(found))


def _named(lines: list[str]) -> tuple[Said, ...]:
    return tuple(Verbatim(line) for line in lines if line != "ok")


@contextmanager
def _ended_after(driver: sqlite3.Connection, seconds: float) -> Iterator[None]:
    is_over = threading.Event()

    def interrupt() -> None:
        pause = seconds
        while not is_over.wait(pause):
            driver.interrupt()
            pause = _AGAIN

    watching = threading.Thread(target=interrupt, name="ledger-quick-look", daemon=True)
    watching.start()
    try:
        yield
    finally:
        is_over.set()
        watching.join()


def _miscounted(database: Database) -> tuple[Said, ...]:
    """What the lots of an issue say against its total: a hundred rows where there are some ten thousand deliveries."""
    of = lots.c
    each = sum((of[state.value] for state in COUNTED), start=of.waiting)
    counted = sa.select(sa.func.coalesce(sa.func.sum(each), 0)).where(of.dispatch_id == dispatches.c.id)
    differs = dispatches.c.total != counted.scalar_subquery()
    query = sa.select(dispatches.c.slug, dispatches.c.id).where(VISIBLE, differs).limit(_MOST_NAMED)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return tuple(phrase("ledger.quick_look.miscounted", slug=row.slug, number=row.id) for row in rows)
