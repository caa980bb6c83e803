"""The few statements that run for every message, straight to sqlite3 or psycopg. Touches: the ledger's database.

SQLAlchemy looks a statement up, makes a context for it and turns each value round on every execution: 30 µs a message,
as much as SQLite itself takes. Here the text is made once, in the words of each database, and values come as what is
stored. It is the connection of the transaction at hand, opened and begun by `database`, where its errors are
translated, too.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from .column_types import EPOCH

Values = Mapping[str, Any]
"""By name, as the database keeps them: numbers, plain strings, octets."""
_Row = tuple[Any, ...]


class _Cursor(Protocol):
    rowcount: int

    def fetchall(self) -> list[tuple[Any, ...]]: ...


class _Driver(Protocol):
    """What sqlite3 and psycopg have in common."""

    def execute(self, text: str, values: Values | Sequence[Any] = ...) -> _Cursor: ...

    def cursor(self) -> "_ManyCursor": ...


class _ManyCursor(Protocol):
    def executemany(self, text: str, rows: Sequence[_Row]) -> object: ...

    def close(self) -> None: ...


_MICROSECOND = timedelta(microseconds=1)
_NAMED = sqlite.dialect(paramstyle="named")  # values by name, as psycopg takes them
_VALUE = re.compile(r"\bv\.(\w+)")
_AT_ONCE = 250
"""Values of one statement of SQLite's."""
_PLACES = [f"v{number}" for number in range(_AT_ONCE)]


class Prepared:
    """One statement with named values left open, which is compiled once."""

    def __init__(self, statement: sa.Update | sa.Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def changes(self, connection: sa.Connection, values: Values) -> int:
        """How many rows of the table it changed."""
        return self._run(connection, values).rowcount

    def rows(self, connection: sa.Connection, values: Values) -> list[tuple[Any, ...]]:
        """What it selects, as the database keeps it."""
        return self._run(connection, values).fetchall()

    def _run(self, connection: sa.Connection, values: Values) -> _Cursor:
        text, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        return _driver(connection).execute(text, {**fixed, **values} if fixed else values)

    def _compile(self, dialect: sa.Dialect) -> tuple[str, dict[str, Any]]:
        compiled = self._statement.compile(dialect=_NAMED if dialect.name == "sqlite" else dialect)
        # Plain strings: psycopg would write an enum's name, not its value.
        plain = {name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()}
        fixed = {name: value for name, value in plain.items() if not compiled.binds[name].required}
        self._compiled[dialect.name] = str(compiled), fixed
        return self._compiled[dialect.name]


class ManyRows:
    """An UPDATE of many rows, each with values of its own: one executemany on SQLite, one statement on PostgreSQL."""

    def __init__(self, table: str, changes: str, where: str, **types: str) -> None:
        """`v.NAME` in `changes` and `where` is a row's value; `types` are PostgreSQL's, in the order of the values.

        The first value is the row's id.
        """
        names = list(types)
        update = " ".join(("UPDATE", table, "SET", changes))
        self._sqlite = _VALUE.sub(lambda found: f"?{names.index(found[1]) + 1}", f"{update} WHERE {where}")
        arrays = ", ".join(f"%s::{kind}[]" for kind in types.values())
        values = f"unnest({arrays}) AS v({', '.join(names)})"
        self._postgresql = f"{update} FROM {values} WHERE {where} RETURNING v.id"

    def unchanged(self, connection: sa.Connection, rows: Sequence[_Row]) -> set[int]:
        """Change all of them; the ids of those that did not meet their `where`."""
        if not rows:
            return set()
        driver = _driver(connection)
        if connection.dialect.name == "postgresql":
            changed = driver.execute(self._postgresql, [list(column) for column in zip(*rows, strict=True)]).fetchall()
            return {row[0] for row in rows} - {number for (number,) in changed}
        missed: set[int] = set()
        file = cast(sqlite3.Connection, driver)
        file.executemany(self._sqlite, _watched(file, rows, missed))
        return missed


class RowsAmong:
    """A SELECT of the rows in which a column has one of many values; its other values have names.

    What an `IN` of SQLAlchemy does is made anew for each number of values, and sqlite3 keeps 128 such statements.
    """

    def __init__(self, statement: sa.Select[Any], column: sa.ColumnElement[Any]) -> None:
        places = [sa.bindparam(f"v{number}", type_=column.type) for number in range(_AT_ONCE)]
        self._sqlite = Prepared(statement.where(column.in_(places)))
        among = sa.func.unnest(sa.bindparam("among", type_=sa.ARRAY(column.type))).table_valued("value")
        given = among.render_derived("given")
        # OFFSET: while PostgreSQL has not counted a table, it would look through all of it for each list.
        found = statement.where(column == given.c.value).offset(0).lateral("found")
        self._postgresql = Prepared(sa.select(*found.c).join_from(given, found, sa.true()))

    def rows(self, connection: sa.Connection, among: Iterable[Any], **values: Any) -> Iterator[_Row]:  # noqa: ANN401 - what is stored
        """As the database keeps them."""
        wanted = list(among)
        if not wanted:
            return
        if connection.dialect.name == "postgresql":
            yield from self._postgresql.rows(connection, {"among": wanted, **values})
            return
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            some += some[-1:] * (_AT_ONCE - len(some))
            yield from self._sqlite.rows(connection, {**dict(zip(_PLACES, some, strict=True)), **values})


class NewRows:
    """An INSERT of many rows by their columns, in one executemany; rows that are there already are left alone."""

    def __init__(self, table: str, *columns: str) -> None:
        text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({{}}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
        self._texts = {mark: text.format(", ".join(mark for _ in columns)) for mark in ("?", "%s")}

    def insert(self, connection: sa.Connection, rows: Sequence[_Row]) -> None:
        """Values are as the database keeps them."""
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        with closing(cast(_Driver, connection.connection.driver_connection).cursor()) as cursor:
            cursor.executemany(self._texts[mark], rows)


def _watched(driver: sqlite3.Connection, rows: Iterable[_Row], missed: set[int]) -> Iterator[_Row]:
    """The rows, as they are taken one after the other; `missed` gets the ids of those that changed nothing."""
    before = driver.total_changes
    for row in rows:
        yield row
        after = driver.total_changes
        if after == before:
            missed.add(row[0])
        before = after


def _driver(connection: sa.Connection) -> _Driver:
    return cast(_Driver, connection.connection.driver_connection)


def stored_moment(value: datetime) -> int:
    """As `column_types.UtcMicroseconds` stores it."""
    return (value - EPOCH) // _MICROSECOND


def kept_moment(stored: int | None) -> datetime | None:
    """What `stored_moment` keeps."""
    return None if stored is None else EPOCH + timedelta(microseconds=stored)


def inserted_id(result: sa.CursorResult[tuple[object, ...]]) -> int:
    """The number the database gave to the one row of an INSERT."""
    key = result.inserted_primary_key
    if key is None:
        raise TypeError("no single row was inserted")
    number: int = key[0]
    return number
