"""A real PostgreSQL for tests: a private cluster in a temporary folder, reached by a Unix socket.

Touches: processes, the disk. initdb refuses to run as root, so then both run as the user `postgres`. Where PostgreSQL
is missing, tests that need it fail: the second database is never an afterthought.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
import pytest

START_SECONDS = 60


@dataclass
class Cluster:
    """A running server; every `schema()` is a new, empty one."""

    sockets: Path
    server: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def schema(self) -> str:
        """The SQLAlchemy URL of a new schema; the password in it is not needed, and must never be printed.

        A database each would be 300 files and 7 MB of copying each.
        """
        name = f"book{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return f"postgresql+psycopg://postgres:hunter2@/postgres?host={self.sockets}&options=-csearch_path%3D{name}"

    def execute(self, statement: str) -> None:
        with closing(self.connect()) as connection:
            connection.execute(statement)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self.sockets), dbname="postgres", user="postgres", autocommit=True)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server of its own for as long as the block runs."""
    folder = programs()
    user = _user()
    root = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    try:
        if user:
            os.chown(root, user.pw_uid, user.pw_gid)
        with (root / "log").open("wb") as log:
            with _start(
                f"{folder}/initdb -U postgres -A trust -E UTF8 --locale=C -N -D data", root, user, log
            ) as making:
                making.wait(START_SECONDS)
            serve = f"{folder}/postgres -D data -k {root} -c listen_addresses= -c max_connections=60 -c fsync=off"
            with _start(serve, root, user, log) as server:
                try:
                    yield _ready(Cluster(root, server), root / "log")
                finally:
                    server.send_signal(signal.SIGQUIT)  # at once: nobody needs the data any more
                    server.wait(START_SECONDS)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _ready(started: Cluster, log: Path) -> Cluster:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            started.connect().close()
        except psycopg.OperationalError:
            if started.server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        else:
            return started


def programs() -> Path:
    """The folder with both initdb and postgres: on PATH, or where Debian keeps it, the newest first."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parts[-2].zfill(3), reverse=True)
    for folder in [*map(Path, os.get_exec_path()), *versions]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    pytest.fail("PostgreSQL is not installed: these tests need initdb and postgres (Debian: apt install postgresql)")


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail("running as root, PostgreSQL needs a user `postgres` to run as (Debian: apt install postgresql)")


def _start(command: str, folder: Path, user: pwd.struct_passwd | None, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.split(),
        cwd=folder,
        stdout=log,
        stderr=log,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
