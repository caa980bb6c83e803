"""All people of an import, compared and taken over, some thousands in a transaction. Touches: the ledger's database.

SQLite does most of it by itself, in half of the time or less (`import_by_sqlite`); on a server, and where the
newsletter had other names, everybody is looked at here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from .database import Database
from .driver import stored_moment
from .engines import remember_more, sqlite_driver
from .import_by_sqlite import ByItself
from .import_verdicts import ImportVerdict
from .imports import Imports, ImportTarget
from .newsletters import name_to_write

if TYPE_CHECKING:
    from newsletter.audience.exports.staged import StagedPeople, StagedPerson

AtATime = Callable[[], int]
"""How many people at a time."""


class WholeImports(Imports):
    """Of everybody."""

    def compare_all(
        self, target: ImportTarget, people: "StagedPeople", size: AtATime
    ) -> Iterator[Counter[ImportVerdict]]:
        """What would become of so many at a time; the book is not changed. Who would stay as they are is met."""
        if self._looks_at_each(target):
            for batch in people.batches(size):
                yield self._compare_some(self._database, target, people, batch)
            return
        with self._database.beside(people.connection, passing=True) as book:
            for batch in people.who_left(size):
                yield self._compare_some(book, target, people, batch)
            for stretch in people.stretches(size):
                with book.read() as connection:
                    found = ByItself(sqlite_driver(connection), target.newsletter, stretch)
                    same, new, others = found.compare()
                yield _counted(same, new) + self._compare_some(book, target, people, others)

    def take_over_all(
        self, target: ImportTarget, number: int, people: "StagedPeople", now: datetime, size: AtATime
    ) -> Iterator[Counter[ImportVerdict]]:
        """Do it, so many at a time, each of them in one durable transaction."""
        if self._looks_at_each(target):
            for batch in people.batches(size):
                yield self.take_over(target, number, batch, now)
            return
        with self._database.beside(people.connection, passing=True) as book:
            for batch in people.who_left(size):
                yield Imports(book).take_over(target, number, batch, now)
                book.shorten_log()
            for stretch in people.stretches(size):
                with book.write() as connection:
                    remember_more(connection)
                    name = name_to_write(book, connection, target.newsletter, now)
                    found = ByItself(sqlite_driver(connection), name, stretch)
                    same, new, others = found.take_over(number, target.format, stored_moment(now))
                    judged = self._take_over_some(connection, target, number, others, name, now)
                yield _counted(same, new) + judged
                book.shorten_log()

    def _looks_at_each(self, target: ImportTarget) -> bool:
        return target.renamed or not self._database.is_sqlite

    @staticmethod
    def _compare_some(
        book: Database, target: ImportTarget, people: "StagedPeople", some: Collection["StagedPerson"]
    ) -> Counter[ImportVerdict]:
        compared = Imports(book).compare(target, some)
        people.meet(compared.unchanged)
        return compared.verdicts


def _counted(same: int, new: int) -> Counter[ImportVerdict]:
    return Counter({ImportVerdict.UNCHANGED: same, ImportVerdict.NEW: new})
