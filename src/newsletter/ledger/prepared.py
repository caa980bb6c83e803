"""Statements that run for every message, compiled once. Touches: the ledger's database.

SQLAlchemy looks a statement up and turns each row's values round anew on every execution: 30 µs a message, as much as
SQLite itself takes. Here the text is kept, and rows come as the driver wants them. Limits: values of a row are what is
stored (`stored_moment`, `stored_words`, plain strings), all of them named in each row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from .schema import EPOCH, ForeignText

_MICROSECOND = timedelta(microseconds=1)
_WORDS = ForeignText()
_NAMED = sqlite.dialect(paramstyle="named")  # rows as mappings, as psycopg takes them

Row = dict[str, Any]


class Prepared:
    """One statement with named values left open."""

    def __init__(self, statement: sa.Update) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Mapping[str, Any]]] = {}

    def run(self, connection: sa.Connection, rows: Sequence[Row]) -> int:
        """For all rows at once; how many rows of the table it changed."""
        text, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        return connection.exec_driver_sql(text, [{**fixed, **row} for row in rows]).rowcount

    def _compile(self, dialect: sa.Dialect) -> tuple[str, Mapping[str, Any]]:
        compiled = self._statement.compile(dialect=_NAMED if dialect.name == "sqlite" else dialect)
        # Plain strings: psycopg would write an enum's name, not its value.
        plain = {name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()}
        fixed = {name: value for name, value in plain.items() if not compiled.binds[name].required}
        self._compiled[dialect.name] = str(compiled), fixed
        return self._compiled[dialect.name]


def stored_moment(value: datetime) -> int:
    """As `schema.UtcMicroseconds` stores it."""
    return (value - EPOCH) // _MICROSECOND


def stored_words(value: str | None) -> str | None:
    """As `schema.ForeignText` stores it."""
    return None if value is None else _WORDS.cleaned(value)
