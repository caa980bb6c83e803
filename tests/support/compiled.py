"""Statements are compiled to SQL once for all ledgers of a test process: a test's own ledger has an engine of its own.

SQLAlchemy keeps what it has compiled with the engine, so that each of some thousand tests would compile everything
again, which takes longer than what most of them do with it. What runs is the same.
"""

from collections import UserDict
from typing import Any

import sqlalchemy as sa


class _ForEachKind(UserDict[tuple[Any, ...], Any]):
    """By kind of database instead of by engine: a key begins with its dialect."""

    def __getitem__(self, key: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever SQLAlchemy keeps
        return self.data[type(key[0]), *key[1:]]

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        self.data[type(key[0]), *key[1:]] = compiled

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and (type(key[0]), *key[1:]) in self.data


def share_what_is_compiled() -> None:
    """From now on, for all engines of this process."""
    kept = _ForEachKind()

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def share(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=kept)
