"""Which newsletters a ledger knows, and what they were called before. Touches: the ledger's database.

Who has left stands under the list_id of a newsletter: under another one, nobody would be known to have left. So nothing
is planned under a list_id that the book does not know, unless it knows none at all. What was written under a former one
counts under the newest; a process that still has the former one in its settings writes under the newest, too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

import sqlalchemy as sa

from newsletter.catalogue import lines, phrase
from newsletter.errors import RefusedError

from .database import Database, LedgerPart
from .people_tables import subscriptions
from .schema import VISIBLE, dispatches, newsletters, suppressions
from .states import EVERYWHERE

_n, _people = newsletters.c, subscriptions.c
_RENAMES_NAMED = 3
NAMES_LOCK = "newsletter names"


class UnknownNewsletterError(RefusedError):
    """The book knows other newsletters, and not the one of the settings, or not by all its names."""


@dataclass(frozen=True, slots=True)
class KnownNewsletter:
    list_id: str
    now_called: str = ""
    """What it was renamed to; empty where this is its name."""


class Newsletters(LedgerPart):
    """Whose book this is."""

    def newsletters(self) -> list[KnownNewsletter]:
        """Those it knows and what they were called before, the one known longest first."""
        with self._database.read() as connection:
            return known_newsletters(connection)

    def require_newsletter(self, list_id: str, former: Collection[str] | None = None) -> None:
        """UnknownNewsletterError (77) where the book knows others and not this one, or only as a former name.

        Where `former` is given, also where it was called something that is not among them: the links and suppressions
        of then could not be recognised.
        """
        known = self.newsletters()
        refuse_unknown(known, list_id)
        if former is None:
            return
        renamed = [one.list_id for one in known if one.now_called == list_id]
        if missing := [one for one in renamed if one not in former]:
            raise UnknownNewsletterError(
                phrase("ledger.newsletters.former_is_missing", list_id=list_id, missing=tuple(missing)),
                hint=phrase("ledger.newsletters.write_former", former=_as_list([*missing, *former])),
            )

    def add_newsletter(self, list_id: str, now: datetime) -> bool:
        """Make a newsletter known beside those that are; False where it is. RefusedError (77) for a former name."""
        with self._database.write() as connection:
            self._database.serialise(connection, NAMES_LOCK)
            known = known_newsletters(connection)
            if list_id not in {one.list_id for one in known}:
                return self._database.insert_new(connection, newsletters, list_id=list_id, at=now)
            refuse_unknown(known, list_id)
            return False

    def contents_of(self, list_id: str) -> tuple[int, int, int]:
        """How many issues, suppressions that hold, and people of the ledger's list stand under a list_id."""
        issues = sa.select(sa.func.count()).where(dispatches.c.newsletter == list_id, VISIBLE)
        holds = (suppressions.c.newsletter == list_id) & suppressions.c.lifted_at.is_(None)
        with self._database.read() as connection:
            return (
                connection.execute(issues).scalar_one(),
                connection.execute(sa.select(sa.func.count()).where(holds)).scalar_one(),
                connection.execute(sa.select(sa.func.count()).where(_people.newsletter == list_id)).scalar_one(),
            )


def known_newsletters(connection: sa.Connection) -> list[KnownNewsletter]:
    rows = connection.execute(sa.select(newsletters).order_by(_n.at, _n.list_id))
    return [KnownNewsletter(row.list_id, row.now_called or "") for row in rows]


def refuse_unknown(known: Sequence[KnownNewsletter], list_id: str) -> None:
    """Raise UnknownNewsletterError, unless the book knows this newsletter by this name, or none at all."""
    mine = next((one for one in known if one.list_id == list_id), None)
    if mine and mine.now_called:
        raise UnknownNewsletterError(
            phrase("ledger.newsletters.was_renamed", list_id=list_id, now=mine.now_called),
            hint=phrase("ledger.newsletters.write_new", now=mine.now_called, list_id=list_id),
        )
    if mine or not known:
        return
    current = [one.list_id for one in known if not one.now_called]
    raise UnknownNewsletterError(
        phrase("ledger.newsletters.unknown", list_id=list_id, known=tuple(current)),
        hint=lines(
            phrase("ledger.newsletters.a_slip"),
            *(
                phrase("ledger.newsletters.to_rename", old=quote(one), new=quote(list_id))
                for one in current[:_RENAMES_NAMED]
            ),
            phrase("ledger.newsletters.to_add", list_id=quote(list_id)),
        ),
    )


def take_newsletter(database: Database, connection: sa.Connection, list_id: str, now: datetime) -> None:
    """Inside the transaction that plans: the first list_id of a book is its own, an unknown one is refused.

    Until its end nobody renames anything.
    """
    database.serialise(connection, NAMES_LOCK)
    known = known_newsletters(connection)
    refuse_unknown(known, list_id)
    if not known:
        database.insert_new(connection, newsletters, list_id=list_id, at=now)


def name_to_write(database: Database, connection: sa.Connection, list_id: str, now: datetime) -> str:
    """Inside a transaction: under which name a suppression of this newsletter counts.

    Nobody who leaves is refused: under a list_id that the book does not know, it waits for that one to be known.
    """
    if list_id == EVERYWHERE:
        return list_id
    held = sa.select(newsletters).where(_n.list_id == list_id).with_for_update(read=True, key_share=True)
    row = connection.execute(held).first()
    if row is None and connection.execute(sa.select(_n.list_id).limit(1)).first() is None:
        database.insert_new(connection, newsletters, list_id=list_id, at=now)
    return list_id if row is None else row.now_called or list_id


def current_name(connection: sa.Connection, list_id: str) -> str:
    """What a newsletter is called now; what the book does not know keeps its name."""
    now = sa.select(_n.now_called).where(_n.list_id == list_id)
    return connection.execute(now).scalar() or list_id


def _as_list(list_ids: Collection[str]) -> str:
    """As a line of newsletter.toml has them; a list_id holds neither quotation mark nor backslash."""
    return ", ".join(f'"{one}"' for one in dict.fromkeys(list_ids))
