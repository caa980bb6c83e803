"""Take people over from other systems. Touches: the ledger's database.

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

from .database import LedgerPart
from .driver import ManyRows, NewRows, Prepared, inserted_id, kept_moment, stored_moment
from .engines import remember_more
from .import_lookup import called, rows_known, suppressions_known
from .import_verdicts import ImportVerdict, Judgement, KnownRow, KnownSuppression, judge
from .newsletters import name_to_write
from .people_tables import imports, subscriptions
from .schema import other_hashes, suppressions
from .staged import count_anew
from .states import EVERYWHERE, SuppressionReason
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
_OF_IMPORTS = Prepared(
    sa.select(_c.id, _c.key, _c.address, _c.address_hash)
    .join(imports, _i.id == _c.import_id)
    .where(
        called(_c.newsletter, sa.bindparam("newsletter", type_=sa.Text)),
        _i.format == sa.bindparam("format", type_=sa.Text),
        _i.id >= sa.bindparam("first", type_=_i.id.type),
        _c.id > sa.bindparam("after", type_=_c.id.type),
    )
    .order_by(_c.id)
    .limit(sa.literal_column(str(_AT_ONCE)))
)
_STILL_THERE = ManyRows(
    "subscriptions", "import_id = v.number", "subscriptions.id = v.id", id="bigint", number="bigint"
)
_AS_IT_WAS = ManyRows(
    "subscriptions",
    "import_id = v.number",
    "subscriptions.id = v.id AND subscriptions.changed_at = v.changed_at",
    id="bigint",
    changed_at="bigint",
    number="bigint",
)
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would become of some people."""

    verdicts: Counter[ImportVerdict]
    unchanged: Sequence[tuple[int, int, int]]
    """Numbers of those who would stay as they are, with the number of their row and when it was changed last."""


class Imports(LedgerPart):
    """Of people."""

    def last_import(self, newsletter: str, format_: str) -> ImportRecord | None:
        """Of this format; None where there was none."""
        wanted = (
            sa.select(imports)
            .where(called(_i.newsletter, newsletter), _i.format == format_, _i.counts != _UNFINISHED)
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
        count_anew(self._database, sum(counts.values()), subscriptions, suppressions, other_hashes)

    def compare(self, target: ImportTarget, people: Collection["StagedPerson"]) -> "Comparison":
        """What would become of them; nothing is written."""
        with self._database.read() as connection:
            suppressed = suppressions_known(connection, target.newsletter, _hashes(target, people))
            judged = _judged(connection, target, people, suppressed)
        as_they_are = ((person.n, row, one) for person, row, one in judged if row and not one.is_own)
        return Comparison(
            Counter(judgement.verdict for _, _, judgement in judged),
            [(n, row.id, row.changed_at) for n, row, one in as_they_are if one.verdict is ImportVerdict.UNCHANGED],
        )

    def take_over(
        self, target: ImportTarget, number: int, people: Collection["StagedPerson"], now: datetime
    ) -> Counter[ImportVerdict]:
        """Do it, in one durable transaction. Of whoever was met unchanged before, only that is asked again."""

        def write(connection: sa.Connection) -> Counter[ImportVerdict]:
            remember_more(connection)
            name = name_to_write(self._database, connection, target.newsletter, now)
            return self._take_over_some(connection, target, number, people, name, now)

        return self._database.transact(write)

    def _take_over_some(
        self,
        connection: sa.Connection,
        target: ImportTarget,
        number: int,
        people: Collection["StagedPerson"],
        name: str,
        now: datetime,
    ) -> Counter[ImportVerdict]:
        """In a transaction that is open; `name` is the newsletter's newest."""
        # In one order, so that two processes with the same ones do not wait for each other.
        ordered = sorted(people, key=lambda one: one.address_hash)
        suppressed = suppressions_known(connection, target.newsletter, _hashes(target, ordered))
        met = [one for one in ordered if one.row and one.mark not in suppressed]
        missed = _AS_IT_WAS.unchanged(connection, [(one.row, one.row_changed_at, number) for one in met])
        rest = [one for one in ordered if not one.row or one.row in missed or one.mark in suppressed]
        judged = _judged(connection, target, rest, suppressed)
        self._suppress_who_left(connection, judged, name, now)
        always = (name, target.format, stored_moment(now), stored_moment(now), number)
        new = (person for person, _, one in judged if one.verdict is ImportVerdict.NEW)
        _NEW_PEOPLE.insert(connection, [_new_row(person, always) for person in new])
        _update(connection, judged, number, now)
        found = Counter(judgement.verdict for _, _, judgement in judged)
        found[ImportVerdict.UNCHANGED] += len(met) - len(missed)
        return +found

    def gone(self, target: ImportTarget, is_there: Callable[[bytes], bool]) -> Iterator[tuple[str, str]]:
        """Address and key of those that the last import of the format had, and this one has not by today's hash.

        Who is suppressed is not among them. An import that was broken off since counts with the last.
        """
        last = self.last_import(target.newsletter, target.format)
        if last is None:
            return

        def is_gone(key: str, address_hash: bytes) -> bool:
            return not is_there(target.hashes_of(key)[0] if target.renamed else address_hash)

        after = 0
        while True:
            with self._database.read() as connection:
                values = {"newsletter": target.newsletter, "format": target.format, "first": last.id, "after": after}
                rows = _OF_IMPORTS.rows(connection, values)
                missing = [(key, address) for _, key, address, hash_ in rows if key and is_gone(key, hash_)]
                known = suppressions_known(
                    connection, target.newsletter, {key: target.hashes_of(key) for key, _ in missing}
                )
            for key, address in missing:
                if not any(one.lifted_at is None for one in known.get(key, ())):
                    yield address, key
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1][0]

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


_Judged = tuple["StagedPerson", KnownRow | None, Judgement]
"""A person, their row, and what becomes of them."""


def _update(connection: sa.Connection, judged: Collection[_Judged], number: int, now: datetime) -> None:
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for _, row, judgement in judged:
        if row and judgement.values:
            marked = {} if judgement.is_own else {"import_id": number}
            values = {**_dated(judgement.values), **marked, "changed_at": now}
            changed.setdefault(tuple(sorted(values)), []).append({**values, "row": row.id})
    for rows in changed.values():  # one statement for all in whom the same columns change
        connection.execute(sa.update(subscriptions).where(_c.id == sa.bindparam("row")), rows)
    seen = [row.id for _, row, one in judged if row and one.verdict is ImportVerdict.UNCHANGED and not one.is_own]
    _STILL_THERE.unchanged(connection, [(row, number) for row in seen])


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if found.get("consent_at") is not None:
        found["consent_at"] = kept_moment(found["consent_at"])
    return found


def _judged(
    connection: sa.Connection,
    target: ImportTarget,
    people: Collection["StagedPerson"],
    suppressed: Mapping[str, Collection[KnownSuppression]],
) -> list[_Judged]:
    hashes = _hashes(target, people)
    rows = rows_known(connection, target.newsletter, hashes)
    judged: list[_Judged] = []
    for person in people:
        mark = person.mark
        row = next((rows[value] for value in hashes[mark] if value in rows), None) if rows else None
        judged.append((person, row, judge(person, row, suppressed.get(mark, ()))))
    return judged


def _hashes(target: ImportTarget, people: Collection["StagedPerson"]) -> dict[str, Sequence[bytes]]:
    """By mark."""
    if not target.renamed:
        return {one.mark: (one.address_hash,) for one in people}
    return {one.mark: target.hashes_of(one.key) if one.key else (one.address_hash,) for one in people}
