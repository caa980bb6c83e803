"""A PostgreSQL of its own, durable as one in use, for as long as a measurement runs. Touches: processes, the disk."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.postgres import programs

_SETTINGS = "-c max_connections=60 -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c listen_addresses="
_START_WITHIN = 60
"""Seconds."""


class DurableServer:
    """Reached by a socket in `folder`."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.pid = pid
        self._folder = folder

    def url(self, schema: str) -> str:
        """Of a ledger in a schema, which is made."""
        self.execute(f"CREATE SCHEMA {schema}")
        return f"postgresql+psycopg://postgres@/postgres?host={self._folder}&options=-csearch_path%3D{schema}"

    def execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def octets(self) -> int:
        """Of the database as it stands, tables and indexes, without its log."""
        with self.connect() as connection:
            (found,) = connection.execute("SELECT pg_database_size('postgres')").fetchone() or (0,)
        return int(str(found))

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self._folder), dbname="postgres", user="postgres", autocommit=True)


@contextmanager
def durable_server(more: str = "") -> Iterator[DurableServer]:
    """As root it runs as the user `postgres`; `more` are settings of `postgres`, each with its `-c`."""
    folder = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    try:
        if user:
            shutil.chown(folder, user, user)
        with (folder / "log").open("wb") as log:
            make = [str(programs() / "initdb"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "data"]
            subprocess.run(make, cwd=folder, stdout=log, stderr=log, user=user, group=user, check=True)
            serve = [str(programs() / "postgres"), "-D", "data", "-k", str(folder), *_SETTINGS.split(), *more.split()]
            with subprocess.Popen(serve, cwd=folder, stdout=log, stderr=log, user=user, group=user) as process:
                try:
                    yield _ready(DurableServer(folder, process.pid), process)
                finally:
                    process.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ready(server: DurableServer, process: "subprocess.Popen[bytes]") -> DurableServer:
    deadline = time.monotonic() + _START_WITHIN
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return server
