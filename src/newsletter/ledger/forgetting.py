"""Erase a person: from then on the book knows a keyed hash that is not mailed, and nothing else of them.

Touches: the ledger's database. What became of each issue stays as numbers: their deliveries keep state, time and
codes, and have a number in place of the address. All newsletters of the ledger are gone through.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError, RunAgainError

from .database import LedgerPart
from .lots import recount
from .newsletters import name_to_write
from .people_tables import notices, sign_ups, subscriptions, welcomes
from .resolving import make_final
from .return_tables import returns
from .rewriting import octets_with, overwrite_what_is_deleted, take_over_log, write_anew
from .schema import deliveries, dispatches, metadata, newsletters, other_hashes, suppressions
from .seen_state import SEEN_STATE
from .states import EVERYWHERE, HELD, WAITING, State, SuppressionReason

_d, _s = deliveries.c, suppressions.c
_NOBODY = "forgotten-"
"""With the number of the delivery: what stands in place of an address."""
_MOST_PLACES = 1_000
"""Rows of a column that are looked at for an address that may be part of a longer one."""

Hashes = Callable[[str], Sequence[bytes]]
"""All hashes of the person under a newsletter's list_id, the one that is made today first."""


@dataclass(frozen=True, slots=True)
class StillThere:
    """A column that still holds an address."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of addresses in the files of the database."""

    octets: int | None
    """How often they stand there (SQLite); None on a server, whose files nobody can read from here."""
    written_anew: bool
    """The tables were: no page holds what was deleted."""


class Forgetting(LedgerPart):
    """What is known of one person, and taking it away."""

    def traces(self, key: str, hashes: Hashes) -> Counter[str]:
        """How many rows of each table know this person; a suppression that only has the hash is none."""
        with self._database.read() as connection:
            known = _all_hashes(connection, hashes)
            found = Counter(
                {table.name: _count(connection, table, is_theirs) for table, is_theirs in _theirs(key, known)}
            )
        return +found

    def forget(self, newsletter: str, key: str, hashes: Hashes, now: datetime) -> Counter[str]:
        """Erase what `traces` counts, in one durable transaction; how many rows of each table that was.

        The hash is kept for every newsletter that the ledger knows, this one among them.

        Whoever waits in an issue gets no more of it. RunAgainError (75) while a process sends to this address,
        RefusedError (77) while a delivery to it is in doubt: then nothing is changed.
        """

        def erase(connection: sa.Connection) -> Counter[str]:
            overwrite_what_is_deleted(self._database, connection)
            name_to_write(self._database, connection, newsletter, now)
            erased: Counter[str] = Counter()
            known = _all_hashes(connection, hashes)
            for table, is_theirs in _theirs(key, known):
                erased[table.name] = _count(connection, table, is_theirs)
            self._end_what_waits(connection, key, now)
            self._keep_hashes(connection, key, hashes, now)
            for table, is_theirs in _theirs(key, known):
                if table in (deliveries, suppressions):
                    continue
                if table is returns:
                    connection.execute(sa.update(returns).where(is_theirs).values(address_hash=b"", reply_text=None))
                else:
                    connection.execute(sa.delete(table).where(is_theirs))
            nobody = sa.literal(_NOBODY) + sa.cast(_d.id, sa.Text)
            connection.execute(
                sa.update(deliveries)
                .where(_d.key == key)
                .values(key=nobody, address=None, address_hash=b"", merge=None, reply_text=None)
            )
            return +erased

        return self._database.transact(erase)

    def places_of(self, addresses: Collection[str]) -> Iterator[StillThere]:
        """Where one of these spellings of an address still stands, in whatever text of the ledger, once each column."""
        whole = whole_address(addresses)
        likes = [f"%{_escaped(one.casefold())}%" for one in addresses]
        with self._database.read() as connection:
            for table in metadata.sorted_tables:
                for column in table.columns:
                    if not isinstance(column.type, sa.Text | sa.types.TypeDecorator) or column.name == "at":
                        continue
                    text = sa.cast(column, sa.Text)
                    holds = sa.or_(*[sa.func.lower(text).like(like, escape="/") for like in likes])
                    values = connection.execute(sa.select(text).where(holds).limit(_MOST_PLACES)).scalars()
                    if rows := sum(bool(whole.search(value)) for value in values):
                        yield StillThere(table.name, column.name, rows)

    def clear_remains(self, addresses: Collection[str], tables: Collection[str]) -> "Remains":
        """Get rid of what pages and logs keep of rows that are gone, and look whether it is gone.

        RunAgainError (75) or CannotWriteError (73) where somebody else holds the book for too long.
        """
        patterns = [re.compile(re.escape(one.encode()), re.IGNORECASE) for one in addresses]
        take_over_log(self._database)
        found = octets_with(self._database, patterns)
        written_anew = False
        if found is None or found:
            written_anew = write_anew(self._database, tables)
            found = octets_with(self._database, patterns)
        return Remains(found, written_anew)

    def _end_what_waits(self, connection: sa.Connection, key: str, now: datetime) -> None:
        theirs = sa.select(_d.dispatch_id).where(_d.key == key)
        self._database.hold_alone(connection, theirs.distinct())
        rows = connection.execute(
            sa.select(_d.id, _d.lot_id, _d.dispatch_id, dispatches.c.slug, SEEN_STATE.label("seen"))
            .join(dispatches, dispatches.c.id == _d.dispatch_id)
            .where(_d.key == key)
        ).all()
        for row in rows:
            if row.seen in HELD:
                raise RunAgainError(
                    phrase("ledger.forgetting.is_sent_to", slug=row.slug), hint=phrase("ledger.forgetting.pause_it")
                )
            if row.seen == State.IN_DOUBT:
                raise RefusedError(
                    phrase("ledger.forgetting.is_in_doubt", slug=row.slug),
                    hint=phrase("ledger.forgetting.resolve_it", slug=row.slug, address=key),
                )
            make_final(connection, row.dispatch_id)
        waiting = [row for row in rows if row.seen in WAITING]
        if waiting:
            values = {"state": State.SUPPRESSED, "due_at": None, "changed_at": now}
            connection.execute(sa.update(deliveries).where(_d.id.in_([row.id for row in waiting])).values(**values))
            recount(connection, {row.lot_id for row in waiting})

    def _keep_hashes(self, connection: sa.Connection, key: str, hashes: Hashes, now: datetime) -> None:
        """Each suppression with the address becomes one with the hash; and each newsletter has one."""
        names = _newsletters(connection)
        holding = (_s.key == key) & _s.lifted_at.is_(None)
        rows = connection.execute(sa.select(_s.newsletter, _s.reason, _s.at).where(holding)).all()
        (gone,) = (one for table, one in _theirs(key, _all_hashes(connection, hashes)) if table is suppressions)
        connection.execute(sa.delete(suppressions).where(gone))
        kept = [(row.newsletter, row.reason, row.at) for row in rows]
        for newsletter, reason, at in [*kept, *((name, SuppressionReason.FORGOTTEN, now) for name in names)]:
            # A hash is a newsletter's own: what holds for all is kept under each.
            for name in names if newsletter == EVERYWHERE else [newsletter]:
                for one in hashes(name):
                    row = {"newsletter": newsletter, "reason": reason, "key": "", "address_hash": one, "at": at}
                    self._database.insert_new(connection, suppressions, **row)


def whole_address(spellings: Collection[str]) -> re.Pattern[str]:
    """Finds an address that is no part of a longer one, in whatever case."""
    any_of_them = "|".join(map(re.escape, sorted(spellings)))
    return re.compile(rf"(?<![\w.+%'-])(?:{any_of_them})(?![\w-]|\.\w)", re.IGNORECASE)


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _newsletters(connection: sa.Connection) -> list[str]:
    """Every one that this ledger knows, by all its names."""
    known = [
        sa.select(newsletters.c.list_id),
        sa.select(dispatches.c.newsletter),
        sa.select(subscriptions.c.newsletter),
        sa.select(_s.newsletter).where(_s.newsletter != EVERYWHERE),
    ]
    return sorted(connection.execute(sa.union(*known)).scalars())


def _all_hashes(connection: sa.Connection, hashes: Hashes) -> list[bytes]:
    return sorted({one for name in _newsletters(connection) for one in hashes(name)})


def _theirs(key: str, hashes: Sequence[bytes]) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Every table that knows people, with the condition that a row is this one's."""
    yield deliveries, _d.key == key
    yield suppressions, (_s.key == key) | (_s.lifted_at.is_not(None) & _s.address_hash.in_(hashes))
    yield returns, returns.c.address_hash.in_(hashes)
    for table in (notices, welcomes):
        yield table, table.c.address_hash.in_(hashes)
    for table in (sign_ups, subscriptions):
        yield table, (table.c.key == key) | table.c.address_hash.in_(hashes)
    yield other_hashes, other_hashes.c.key == key


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one()
