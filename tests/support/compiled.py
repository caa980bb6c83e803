"""What would be compiled for each ledger, page and call anew is compiled once for all of a test process.

SQLAlchemy keeps the SQL that it has compiled with an engine, and that of new tables not at all, Jinja keeps a template
with its environment, and typer reads the commands out of their functions for each call; thousands of tests have a
ledger, an environment, or a call of their own, and compiling takes longer than what most of them do. What runs is the
same. Nor are the styles of a page moved twice: most letters of the tests are one of a few.
"""

from collections import UserDict
from functools import cache, lru_cache
from types import CodeType
from typing import Any

import sqlalchemy as sa
import typer.main
from jinja2 import Environment

from newsletter.cli import app
from newsletter.edition import inline
from newsletter.edition.inliner import inlined_by_premailer

_PAGES = 128
"""Kept at a time, each of some hundred kilobytes."""


class _ForEachKind(UserDict[tuple[Any, ...], Any]):
    """By kind of database instead of by engine: a key begins with its dialect."""

    def __getitem__(self, key: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever SQLAlchemy keeps
        return self.data[type(key[0]), *key[1:]]

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        self.data[type(key[0]), *key[1:]] = compiled

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and (type(key[0]), *key[1:]) in self.data


def share_what_is_compiled() -> None:
    """From now on, for all engines, environments and calls of this process."""
    _share_statements()
    _share_tables()
    _share_templates()
    inline.inlined_by_premailer = lru_cache(_PAGES)(inlined_by_premailer)  # type: ignore[attr-defined]  # not exported
    app.command_line, typer.main.get_command = cache(app.command_line), cache(typer.main.get_command)


def _share_statements() -> None:
    kept = _ForEachKind()

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def share(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=kept)


def _share_tables() -> None:
    anew = sa.MetaData.create_all
    kept: dict[tuple[int, str], list[str]] = {}

    def create_all(self: sa.MetaData, bind: sa.Connection, *, checkfirst: bool) -> None:
        """All that `create_all` said the first time, without a look at what is there; PostgreSQL hears it at once."""
        assert not checkfirst
        key = id(self), bind.dialect.name
        if key not in kept:
            said: list[str] = []

            def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
                said.append(statement)

            sa.event.listen(bind, "before_cursor_execute", keep)
            anew(self, bind, checkfirst=False)
            sa.event.remove(bind, "before_cursor_execute", keep)
            kept[key] = said
            return
        driver = bind.connection.driver_connection
        assert driver is not None
        for script in kept[key] if bind.dialect.name == "sqlite" else [";".join(kept[key])]:
            driver.execute(script)

    sa.MetaData.create_all = create_all  # type: ignore[method-assign,assignment]  # without what nobody here asks for


def _share_templates() -> None:
    anew = Environment.compile
    kept: dict[tuple[object, ...], CodeType] = {}

    def compiled(self: Environment, source: str, name: str | None = None, filename: str | None = None) -> CodeType:
        """By its text, by what the environment makes of it, and by the language that a filter might put into it."""
        made = (type(self), self.autoescape, self.trim_blocks, self.lstrip_blocks, self.globals.get("language"))
        key = (*made, source, name, filename)
        if key not in kept:
            kept[key] = anew(self, source, name, filename)
        return kept[key]

    Environment.compile = compiled  # type: ignore[method-assign,assignment]  # without what nobody here asks for
