"""The links to a PostgreSQL server, each held by a second handle so that any thread can end it. Touches: sockets.

A server that stands still (a stopped process, a disk that hangs, a standby that a commit waits for) keeps its links,
and whoever asked it waits for ever in its driver.
"""

import os
import socket
from contextlib import suppress
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

_SERVER = sa.text(
    "SELECT system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) FROM pg_control_system()"
)
"""The name of a WAL file begins with its timeline."""


class _Link(Protocol):
    def fileno(self) -> int: ...


class ServerLinks:
    """Those of one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open: set[socket.socket] = set()
        sa.event.listen(engine, "connect", self._opened)
        sa.event.listen(engine, "close", self._closed)

    def place(self) -> str:
        """Which server, on which timeline; empty where this user may not ask."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection, connection.begin():
            server, timeline = connection.execute(_SERVER).one()
            return f"server {server}, timeline {timeline}"
        return ""

    def hang_up(self) -> None:
        """End all of them, now."""
        for link in tuple(self._open):
            with suppress(OSError):  # it has ended by itself
                link.shutdown(socket.SHUT_RDWR)

    def _opened(self, driver: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # A handle of our own: the driver's number may be another file's by the time that somebody hangs up.
        link = record.info["link"] = socket.socket(fileno=os.dup(cast(_Link, driver).fileno()))
        self._open.add(link)

    def _closed(self, _driver: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        if (link := record.info.pop("link", None)) is not None:
            self._open.discard(link)
            link.close()
