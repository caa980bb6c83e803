"""What the book has of many people at once: their rows, and what suppresses them. Touches: the ledger's database.

An import asks for everybody of a list, so it is asked straight, in statements that are made once. A person is known by
a mark: the key, or the hash in hex where only that is known.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .driver import Prepared, RowsAmong
from .import_verdicts import KnownRow, KnownSuppression
from .people_tables import imports, subscriptions
from .schema import newsletters, suppressions
from .states import EVERYWHERE

_c, _s = subscriptions.c, suppressions.c

HashesByMark = Mapping[str, Sequence[bytes]]
"""By mark: today's hash of a person, then those of the newsletter's former names."""


def called(column: sa.ColumnElement[str], newsletter: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Under this name, or under the newest where this is a former one."""
    now = sa.select(newsletters.c.now_called).where(newsletters.c.list_id == newsletter).scalar_subquery()
    return column == sa.func.coalesce(now, newsletter)


def _stored(column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """A moment, in microseconds."""
    return sa.type_coerce(column, sa.BigInteger)


_newsletter = sa.bindparam("newsletter", type_=sa.Text)
_THEIRS = called(_c.newsletter, _newsletter)
_IS_ANYBODY_HERE = Prepared(sa.select(_c.id).where(_THEIRS).limit(sa.literal_column("1")))
_IS_ANYBODY_SUPPRESSED = Prepared(sa.select(_s.id).limit(sa.literal_column("1")))
_ROWS = RowsAmong(
    sa.select(
        *(_c.id, _c.address_hash, _c.address, _c.state, _c.name, _c.language, _c.tags, _c.fields, _c.source),
        *(_stored(_c.consent_at).label("consent_at"), _stored(_c.changed_at).label("changed_at")),
        _stored(imports.c.at).label("imported_at"),
    )
    .outerjoin(imports, imports.c.id == _c.import_id)
    .where(_THEIRS),
    _c.address_hash,
)
"""By the columns of KnownRow."""
_KNOWN = sa.select(
    *(_s.id, _s.key, _s.address_hash, _s.reason, _stored(_s.at).label("at"), _stored(_s.lifted_at).label("lifted_at"))
).where(called(_s.newsletter, _newsletter) | (_s.newsletter == EVERYWHERE))
_SUPPRESSED_BY_KEY = RowsAmong(_KNOWN, _s.key)
_SUPPRESSED_BY_HASH = RowsAmong(_KNOWN, _s.address_hash)


def rows_known(connection: sa.Connection, newsletter: str, hashes: HashesByMark) -> dict[bytes, KnownRow]:
    """Rows of these people, by their hash."""
    if not _IS_ANYBODY_HERE.rows(connection, {"newsletter": newsletter}):
        return {}
    among = [value for values in hashes.values() for value in values]
    return {row[1]: KnownRow._make(row) for row in _ROWS.rows(connection, among, newsletter=newsletter)}


def is_anybody_suppressed(connection: sa.Connection) -> bool:
    """Or was."""
    return bool(_IS_ANYBODY_SUPPRESSED.rows(connection, {}))


def suppressions_known(
    connection: sa.Connection, newsletter: str, hashes: HashesByMark
) -> Mapping[str, Collection[KnownSuppression]]:
    """By mark: what holds for somebody, and what once did."""
    if not is_anybody_suppressed(connection):
        return {}
    mark_of = {value: mark for mark, values in hashes.items() for value in values}
    rows = [
        *_SUPPRESSED_BY_KEY.rows(connection, hashes, newsletter=newsletter),
        *_SUPPRESSED_BY_HASH.rows(connection, mark_of, newsletter=newsletter),
    ]
    found: dict[str, dict[int, KnownSuppression]] = {}
    for number, key, value, *known in rows:
        if mark := key if key in hashes else mark_of.get(value, ""):
            found.setdefault(mark, {})[number] = KnownSuppression(*known)
    return {mark: list(known.values()) for mark, known in found.items()}
