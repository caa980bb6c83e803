"""Which editions of an issue were approved last, by whom, and when they are due: so a machine knows its files are old.

Touches: the ledger's database. Once an issue is planned its row is a record: the plan says what is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from newsletter.edition.edition import Edition

from .database import LedgerPart
from .frozen import digest_of
from .machine_tables import schedule
from .queries import find_dispatch

_s = schedule.c


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The newest approval of one issue that reached the book."""

    slug: str
    due_at: datetime | None
    """None: a person sends it."""
    digest: str
    """Of the editions; `is_of` compares."""
    approved_at: datetime
    """As the approval says itself."""
    approved_by: str
    at: datetime
    """When it reached the book, by the book's clock."""

    def is_of(self, editions: Mapping[str, Edition]) -> bool:
        """Whether these are the editions that were approved."""
        return self.digest == digest_of(editions)

    def as_json(self) -> dict[str, str | None]:
        return {
            "due_at": self.due_at.isoformat(timespec="seconds") if self.due_at else None,
            "digest": self.digest,
            "approved_at": self.approved_at.isoformat(timespec="seconds"),
            "approved_by": self.approved_by,
            "at": self.at.isoformat(timespec="seconds"),
        }


class Scheduling(LedgerPart):
    """Of every newsletter of the book."""

    def scheduled(self, newsletter: str, slug: str) -> Scheduled | None:
        """None where no approval reached the book."""
        return self.all_scheduled(newsletter, _s.slug == slug).get(slug)

    def all_scheduled(self, newsletter: str, of: sa.ColumnElement[bool] | None = None) -> dict[str, Scheduled]:
        """By slug; planned ones, too."""
        theirs = sa.select(schedule).where(_s.newsletter == newsletter, *([] if of is None else [of]))
        with self._database.read() as connection:
            return {
                row.slug: Scheduled(row.slug, row.due_at, row.digest, row.approved_at, row.approved_by, row.at)
                for row in connection.execute(theirs)
            }

    def schedule(
        self,
        newsletter: str,
        slug: str,
        editions: Mapping[str, Edition],
        *,
        due_at: datetime | None,
        approved_at: datetime,
        approved_by: str,
    ) -> bool:
        """From now on these are the newest; False where the issue is planned already."""
        new = {
            "due_at": due_at,
            "digest": digest_of(editions),
            "approved_at": approved_at,
            "approved_by": approved_by,
        }

        def write(connection: sa.Connection) -> bool:
            if find_dispatch(connection, newsletter, slug) is not None:
                return False
            row = {**new, "at": self._database.clock(connection)}
            known = self._database.insert(schedule).values(newsletter=newsletter, slug=slug, **row)
            connection.execute(known.on_conflict_do_update(index_elements=["newsletter", "slug"], set_=row))
            return True

        return self._database.transact(write)


def move_schedule(connection: sa.Connection, old: str, new: str) -> None:
    """A newsletter under another name has the same approvals, but for issues that it has under that one."""
    theirs = schedule.alias()
    known = sa.exists(sa.select(theirs.c.at).where(theirs.c.newsletter == new, theirs.c.slug == _s.slug))
    connection.execute(sa.update(schedule).where(_s.newsletter == old, ~known).values(newsletter=new))
    connection.execute(sa.delete(schedule).where(_s.newsletter == old))
