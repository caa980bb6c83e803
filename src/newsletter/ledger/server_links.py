"""The links to a PostgreSQL server: where each leads, and how any thread can end them. Touches: sockets, the server.

A server that stands still (a stopped process, a disk that hangs, a standby that a commit waits for) keeps its links,
and whoever asked it waits for ever in its driver. A name may lead to another server from one link to the next, since a
standby took over; who sends has to know before it asks anything there (fail_over.py).
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.catalogue import phrase

from .database_errors import UnreachableError

ON_STANDBY = ", standby"
"""How a place ends that has not taken over."""
_SERVER = (
    "SELECT system_identifier, CASE WHEN pg_is_in_recovery() THEN NULL"
    " ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END FROM pg_control_system()"
)
"""The name of a WAL file begins with its timeline."""


class _Link(Protocol):
    def fileno(self) -> int: ...


class ServerLinks:
    """Those of one engine."""

    def __init__(self, engine: sa.Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._open: set[socket.socket] = set()
        self._known = ""
        self._moved: Callable[[], None] | None = None
        self._moving = threading.Lock()
        self.turns: Callable[[], Mapping[int, int]] = dict
        """How many turns of each lease of this process were committed: a new server may lack some."""
        self._mover = 0
        """The thread that sees to a move, and may ask the new server already."""
        sa.event.listen(engine, "connect", self._opened)
        sa.event.listen(engine, "close", self._closed)

    def place(self) -> str:
        """Which server, on which timeline; empty where this user may not ask."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            return str(connection.info["place"])
        return ""

    def watch(self, known: str, moved: Callable[[], None]) -> None:
        """From now on all lead to this server; `moved` is called first where one leads to another."""
        self._known, self._moved = known, moved

    def require_place(self, connection: sa.Connection) -> None:
        """Before anything is asked over it. UnreachableError where it leads to a standby that has not taken over."""
        if self._moved is None or self._mover == threading.get_ident() or self._is_known(connection):
            return
        connection.invalidate()  # it may be one of before: look where a new one leads
        if self._is_known(connection):
            return
        if connection.info["place"].endswith(ON_STANDBY):
            connection.invalidate()
            raise UnreachableError(phrase("ledger.database.is_standby", where=self._where))
        with self._moving:
            if not self._is_known(connection):
                self._mover = threading.get_ident()
                try:
                    self._moved()
                    self._known = connection.info["place"]
                finally:
                    self._mover = 0

    def hang_up(self) -> None:
        """End all of them, now."""
        for link in tuple(self._open):
            with suppress(OSError):  # it has ended by itself
                link.shutdown(socket.SHUT_RDWR)

    def _is_known(self, connection: sa.Connection) -> bool:
        return connection.info["place"] in ("", self._known)

    def _opened(self, driver: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # A handle of our own: the driver's number may be another file's by the time that somebody hangs up.
        link = record.info["link"] = socket.socket(fileno=os.dup(cast(_Link, driver).fileno()))
        self._open.add(link)
        record.info["place"] = self._asked_place(driver)

    def _asked_place(self, driver: DBAPIConnection) -> str:
        try:
            with closing(driver.cursor()) as cursor:
                cursor.execute(_SERVER)
                ((server, timeline),) = cursor.fetchall()
        except self._engine.dialect.loaded_dbapi.Error:  # this user may not ask
            return ""
        finally:
            driver.rollback()
        return f"server {server}, timeline {timeline}" if timeline else f"server {server}{ON_STANDBY}"

    def _closed(self, _driver: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        if (link := record.info.pop("link", None)) is not None:
            self._open.discard(link)
            link.close()
