"""What a column holds and how the database keeps it: moments, words from outside, states. Touches: nothing."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from newsletter.catalogue import Phrase, Said

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UtcMicroseconds(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 UTC: the same 8 sortable bytes in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


_LONGEST_TEXT = 500
"""Characters. RFC 5321 4.5.3.1.5 allows a reply line 512 octets; a reply of many lines says it in the first."""


def storable_text(value: str) -> str:
    """As `ForeignText` stores it."""
    if value.isascii() and len(value) <= _LONGEST_TEXT and "\0" not in value:
        return value
    value = value[:_LONGEST_TEXT].replace("\0", "\ufffd")
    return value.encode("utf-8", "replace").decode("utf-8")


class ForeignText(sa.types.TypeDecorator[str]):
    """Text from outside, such as a relay's reply: what no database takes is replaced, what is too long is cut."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else storable_text(value)


class Reason(sa.types.TypeDecorator[Said]):
    """Why a dispatch is paused: a code of the catalogue with its values, as JSON; another's words as they stand."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Said | None, _dialect: sa.Dialect) -> str:
        if not isinstance(value, Phrase):
            return storable_text(str(value or ""))
        return value.to_json().encode("utf-8", "replace").decode("utf-8")

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Said | None:
        return Phrase.from_json(value) if value else None


RowId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def listed(values: Iterable[StrEnum]) -> str:
    """As SQL text, for a CHECK: constraints cannot have bound values."""
    return f"({', '.join(repr(value.value) for value in values)})"


def is_one_of(column: str, values: Sequence[StrEnum]) -> tuple[sa.CheckConstraint, ...]:
    """A CHECK. SQLite makes the list of `IN` anew for each row, for half of what the row's update costs."""
    one_by_one = " OR ".join(f"{column} = {value.value!r}" for value in values)
    texts = {"sqlite": one_by_one, "postgresql": f"{column} IN {listed(values)}"}
    return tuple(sa.CheckConstraint(text, name=column).ddl_if(dialect) for dialect, text in texts.items())


def points_at_in_sqlite(column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key that SQLite alone keeps. PostgreSQL asks for it row by row, for half of what a plan costs it."""
    return sa.ForeignKeyConstraint([column], [target]).ddl_if("sqlite")
