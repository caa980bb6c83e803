"""People in and out: take them over from other systems, and look up what an export tells of them.

Touches: the ledger's database.

They come in batches, each of which is whole and durable; the book is free between them. Who left there comes first, so
that nobody who did is mailed meanwhile. An import that ended in the middle is done again: what it wrote is found
unchanged. `counts` stay empty until one has come to its end, and only such a one is the last.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .database import LedgerPart, inserted_id
from .driver import NewRows, kept_moment, stored_moment
from .import_verdicts import ImportVerdict, Judgement, KnownSuppression, judge
from .newsletters import name_to_write
from .people_tables import imports, subscriptions
from .schema import newsletters, suppressions
from .states import EVERYWHERE, Suppression, SuppressionReason
from .subscription_state import SubscriptionState

if TYPE_CHECKING:
    from newsletter.audience.exports.staged import StagedPerson

_c, _i, _s = subscriptions.c, imports.c, suppressions.c
_FOR_ALL = (SuppressionReason.COMPLAINED, SuppressionReason.BAD_ADDRESS)
_UNFINISHED = ""
_AT_ONCE = 1000
_NEW_PEOPLE = NewRows(
    "subscriptions",
    *("newsletter", "source", "created_at", "changed_at", "import_id"),
    *("key", "address", "address_hash", "name", "language", "tags", "fields", "consent_at", "consent_source"),
    "state",
)
"""Those in the middle as a `StagedPerson` has them."""
AllHashes = Callable[[str], Sequence[bytes]]
"""Of a key: today's hash, then those of the newsletter's former names."""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One that has come to its end."""

    id: int
    file: str
    at: datetime
    mapping: Mapping[str, str]
    """Their column -> ours."""
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Where people are taken over to."""

    newsletter: str
    format: str
    hashes_of: AllHashes
    renamed: bool = True
    """The newsletter may have former names, by which somebody is known."""


class Imports(LedgerPart):
    """Of people."""

    def last_import(self, newsletter: str, format_: str) -> ImportRecord | None:
        """Of this format; None where there was none."""
        wanted = (
            sa.select(imports)
            .where(_called(_i.newsletter, newsletter), _i.format == format_, _i.counts != _UNFINISHED)
            .order_by(_i.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        return ImportRecord(row.id, row.file, row.at, json.loads(row.mapping), json.loads(row.counts))

    def begin_import(self, target: ImportTarget, file: str, mapping: Mapping[str, str], now: datetime) -> int:
        """Its number."""
        with self._database.write() as connection:
            row = sa.insert(imports).values(
                newsletter=name_to_write(self._database, connection, target.newsletter, now),
                format=target.format,
                file=file,
                at=now,
                mapping=json.dumps(mapping, ensure_ascii=False),
                counts=_UNFINISHED,
            )
            return inserted_id(connection.execute(row))

    def finish_import(self, number: int, counts: Mapping[str, int]) -> None:
        """From now on it is the last one."""
        with self._database.write() as connection:
            connection.execute(sa.update(imports).where(_i.id == number).values(counts=json.dumps(counts)))

    def compare(self, target: ImportTarget, people: Collection["StagedPerson"]) -> Counter[ImportVerdict]:
        """What would become of them; nothing is written."""
        with self._database.read() as connection:
            judged = _judged(connection, target, people)
        return Counter(judgement.verdict for _, _, judgement in judged)

    def take_over(
        self, target: ImportTarget, number: int, people: Collection["StagedPerson"], now: datetime
    ) -> Counter[ImportVerdict]:
        """Do it, in one durable transaction."""

        def write(connection: sa.Connection) -> Counter[ImportVerdict]:
            name = name_to_write(self._database, connection, target.newsletter, now)
            # In one order, so that two processes with the same ones do not wait for each other.
            ordered = sorted(people, key=lambda one: one.address_hash)
            judged = _judged(connection, target, ordered)
            self._suppress_who_left(connection, judged, name, now)
            always = (name, target.format, stored_moment(now), stored_moment(now), number)
            new = (person for person, _, one in judged if one.verdict is ImportVerdict.NEW)
            _NEW_PEOPLE.insert(connection, [_new_row(person, always) for person in new])
            _update(connection, judged, number, now)
            return Counter(judgement.verdict for _, _, judgement in judged)

        return self._database.transact(write)

    def gone(self, target: ImportTarget, is_there: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """Address and key of those that the last import of the format had, and this one has not.

        Who is suppressed is not among them. An import that was broken off since counts with the last.
        """
        last = self.last_import(target.newsletter, target.format)
        if last is None:
            return
        theirs = (
            sa.select(_c.id, _c.key, _c.address, _c.address_hash)
            .join(imports, _i.id == _c.import_id)
            .where(_called(_c.newsletter, target.newsletter), _i.format == target.format, _i.id >= last.id)
            .order_by(_c.id)
            .limit(_AT_ONCE)
        )
        after = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(theirs.where(_c.id > after)).all()
                missing = [row for row in rows if row.key and not is_there(row.key)]
                known = _suppressions(
                    connection, target.newsletter, {row.key: target.hashes_of(row.key) for row in missing}
                )
            for row in missing:
                if not any(one.lifted_at is None for one in known.get(row.key, ())):
                    yield row.address, row.key
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].id

    def suppressions_known(
        self, newsletter: str, hashes: Mapping[str, Collection[bytes]]
    ) -> Mapping[str, Sequence[KnownSuppression]]:
        """Of some hundred people, by key, with all their hashes: what holds for them, and what once did."""
        with self._database.read() as connection:
            return _suppressions(connection, newsletter, hashes)

    def each_suppression(self, newsletter: str) -> Iterator[Suppression]:
        """All that hold for it, in the order of their coming; read in batches, so memory does not grow with them."""
        here = _called(_s.newsletter, newsletter) | (_s.newsletter == EVERYWHERE)
        wanted = sa.select(suppressions).where(_s.lifted_at.is_(None), here).order_by(_s.id).limit(_AT_ONCE)
        after = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(_s.id > after)).all()
            for row in rows:
                yield Suppression(row.newsletter, row.reason, row.at, row.key, bytes(row.address_hash))
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].id

    def field_names(self, newsletter: str) -> list[str]:
        """All merge fields that somebody has, in the order of the alphabet."""
        if self._database.is_sqlite:
            names = sa.func.json_each(_c.fields).table_valued("key")
            wanted = sa.select(names.c.key).select_from(subscriptions).join(names, sa.true())
        else:
            wanted = sa.select(sa.func.json_object_keys(sa.cast(_c.fields, sa.JSON)))
        with self._database.read() as connection:
            called = wanted.where(_called(_c.newsletter, newsletter), _c.fields.is_not(None)).distinct()
            return sorted(connection.execute(called).scalars())

    def _suppress_who_left(
        self, connection: sa.Connection, judged: Collection["_Judged"], name: str, now: datetime
    ) -> None:
        rows = [
            {
                "newsletter": EVERYWHERE if person.reason in _FOR_ALL else name,
                "reason": person.reason,
                "key": person.key,
                "address_hash": person.address_hash,
                "at": kept_moment(person.left_at) or now,
            }
            for person, _, judgement in judged
            if judgement.verdict is ImportVerdict.LEFT_THERE
        ]
        self._database.insert_all_new(connection, suppressions, rows)


def _new_row(person: "StagedPerson", always: tuple[Any, ...]) -> tuple[Any, ...]:
    """By the columns of _NEW_PEOPLE."""
    state = SubscriptionState.UNCONFIRMED if person.consent_at is None else SubscriptionState.CONFIRMED
    return (*always, *person[1:10], state.value)


_Judged = tuple["StagedPerson", int, Judgement]
"""A person, the number of their row (0: none), and what becomes of them."""


def _update(connection: sa.Connection, judged: Collection[_Judged], number: int, now: datetime) -> None:
    for _, row, judgement in judged:
        if judgement.verdict is ImportVerdict.CHANGED and judgement.values is not None:
            marked = {} if judgement.is_own else {"import_id": number}
            values = {**_dated(judgement.values), **marked, "changed_at": now}
            connection.execute(sa.update(subscriptions).where(_c.id == row).values(**values))
    seen = [row for _, row, one in judged if one.verdict is ImportVerdict.UNCHANGED and not one.is_own]
    if seen:
        connection.execute(sa.update(subscriptions).where(_c.id.in_(seen)).values(import_id=number))


def _dated(values: Mapping[str, Any] | None) -> dict[str, Any]:
    found = dict(values or {})
    if found.get("consent_at") is not None:
        found["consent_at"] = kept_moment(found["consent_at"])
    return found


def _judged(connection: sa.Connection, target: ImportTarget, people: Collection["StagedPerson"]) -> list[_Judged]:
    hashes = {one.key or one.address_hash.hex(): _hashes(target, one) for one in people}
    rows = _rows(connection, target, [value for values in hashes.values() for value in values])
    known = _suppressions(connection, target.newsletter, hashes)
    judged: list[_Judged] = []
    for person in people:
        mark = person.key or person.address_hash.hex()
        row = next((rows[value] for value in hashes[mark] if value in rows), None)
        judgement = judge(person, row, known.get(mark, ()))
        judged.append((person, row["id"] if row else 0, judgement))
    return judged


def _hashes(target: ImportTarget, person: "StagedPerson") -> Sequence[bytes]:
    return target.hashes_of(person.key) if person.key and target.renamed else (person.address_hash,)


def _rows(connection: sa.Connection, target: ImportTarget, hashes: Collection[bytes]) -> dict[bytes, Mapping[str, Any]]:
    wanted = (
        sa.select(
            _c.id,
            _c.address_hash,
            _c.address,
            _c.state,
            _c.name,
            _c.language,
            _c.tags,
            _c.fields,
            _c.source,
            *(sa.type_coerce(column, sa.BigInteger).label(column.name) for column in (_c.consent_at, _c.changed_at)),
            sa.type_coerce(_i.at, sa.BigInteger).label("imported_at"),
        )
        .outerjoin(imports, _i.id == _c.import_id)
        .where(_called(_c.newsletter, target.newsletter), _c.address_hash.in_(list(hashes)))
    )
    return {bytes(row["address_hash"]): dict(row) for row in connection.execute(wanted).mappings()}


def _suppressions(
    connection: sa.Connection, newsletter: str, hashes: Mapping[str, Collection[bytes]]
) -> dict[str, list[KnownSuppression]]:
    """By key (or the hash in hex, where only that is known): what holds for somebody, and what once did."""
    mark_of = {value: mark for mark, values in hashes.items() for value in values}
    here = _called(_s.newsletter, newsletter) | (_s.newsletter == EVERYWHERE)
    stored = [sa.type_coerce(column, sa.BigInteger) for column in (_s.at, _s.lifted_at)]
    columns = sa.select(_s.key, _s.address_hash, _s.reason, *stored).where(here)
    found: dict[str, list[KnownSuppression]] = {}
    if not hashes:
        return found
    by_key = columns.where(_s.key.in_(list(hashes)))
    by_hash = columns.where(_s.address_hash.in_(list(mark_of)))
    for key, value, *known in connection.execute(by_key.union(by_hash)):
        mark = key if key in hashes else mark_of.get(bytes(value), "")
        if mark:
            found.setdefault(mark, []).append(KnownSuppression(*known))
    return found


def _called(column: sa.ColumnElement[str], newsletter: str) -> sa.ColumnElement[bool]:
    """Under this name, or under the newest where this is a former one."""
    now = sa.select(newsletters.c.now_called).where(newsletters.c.list_id == newsletter).scalar_subquery()
    return column == sa.func.coalesce(now, newsletter)
