"""The few statements that run for every message, straight to sqlite3 or psycopg. Touches: the ledger's database.

SQLAlchemy looks a statement up, makes a context for it and turns each value round on every execution: 30 µs a message,
as much as SQLite itself takes. Here the text is made once, in the words of each database, and values come as what is
stored. It is the connection of the transaction at hand, opened and begun by `database`, where its errors are
translated, too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from .column_types import EPOCH

Values = Mapping[str, Any]
"""By name, as the database keeps them: numbers, plain strings, octets."""


class _Cursor(Protocol):
    rowcount: int

    def executemany(self, text: str, rows: Sequence[Values]) -> object: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


class _Driver(Protocol):
    """What sqlite3 and psycopg have in common."""

    def cursor(self) -> _Cursor: ...

    def execute(self, text: str, values: Values) -> _Cursor: ...


_MICROSECOND = timedelta(microseconds=1)
_NAMED = sqlite.dialect(paramstyle="named")  # values by name, as psycopg takes them


class Prepared:
    """One statement with named values left open, which is compiled once."""

    def __init__(self, statement: sa.Update | sa.Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def many(self, connection: sa.Connection, rows: Sequence[Values]) -> int:
        """For all rows at once; how many rows of the table it changed."""
        text, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        cursor = _driver(connection).cursor()
        cursor.executemany(text, [{**fixed, **row} for row in rows] if fixed else rows)
        return cursor.rowcount

    def one(self, connection: sa.Connection, values: Values) -> int:
        """Once; how many rows of the table it changed."""
        return self._run(connection, values).rowcount

    def rows(self, connection: sa.Connection, values: Values) -> list[tuple[Any, ...]]:
        """Once; what it selects, as the database keeps it."""
        return self._run(connection, values).fetchall()

    def _run(self, connection: sa.Connection, values: Values) -> _Cursor:
        text, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        return _driver(connection).execute(text, {**fixed, **values})

    def _compile(self, dialect: sa.Dialect) -> tuple[str, dict[str, Any]]:
        compiled = self._statement.compile(dialect=_NAMED if dialect.name == "sqlite" else dialect)
        # Plain strings: psycopg would write an enum's name, not its value.
        plain = {name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()}
        fixed = {name: value for name, value in plain.items() if not compiled.binds[name].required}
        self._compiled[dialect.name] = str(compiled), fixed
        return self._compiled[dialect.name]


def _driver(connection: sa.Connection) -> _Driver:
    return cast(_Driver, connection.connection.driver_connection)


def stored_moment(value: datetime) -> int:
    """As `column_types.UtcMicroseconds` stores it."""
    return (value - EPOCH) // _MICROSECOND
