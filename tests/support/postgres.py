"""A real PostgreSQL for tests: a private cluster in a temporary folder, reached by a Unix socket, or a network, too.

Touches: processes, the disk. initdb refuses to run as root, so then both run as the user `postgres`. Where PostgreSQL
is missing, tests that need it fail: the second database is never an afterthought.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
import pytest

START_SECONDS = 60
_INITDB = "{}/initdb -U postgres -A trust -E UTF8 --locale=C -N -D data"


@dataclass
class Cluster:
    """A running server; every `schema()` is a new, empty one."""

    sockets: Path
    begin: Callable[[], subprocess.Popen[bytes]]
    server: subprocess.Popen[bytes]
    is_still: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def schema(self, port: int | None = None) -> str:
        """The SQLAlchemy URL of a new schema; the password in it is not needed, and must never be printed.

        A database each would be 300 files and 7 MB of copying each. `port` is that of somebody on 127.0.0.1 who passes
        everything on.
        """
        name = f"book{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        where = f"host=127.0.0.1&port={port}" if port else f"host={self.sockets}"
        return f"postgresql+psycopg://postgres:hunter2@/postgres?{where}&options=-csearch_path%3D{name}"

    def stop(self, how: signal.Signals) -> None:
        """SIGINT: a fast shutdown. SIGQUIT: an immediate one, from which it recovers as from a crash."""
        if self.server.poll() is None:
            self.server.send_signal(how)
            self.server.wait(START_SECONDS)

    def start(self) -> None:
        """Again, on the same data; returns when it answers."""
        self.server = self.begin()
        _wait_for(self)

    def follow(self) -> None:
        """From now on a commit waits until some standby has it."""
        self.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.execute("SELECT pg_reload_conf()")

    @contextmanager
    def standby(self) -> Iterator["Cluster"]:
        """A second server, which gets all that this one writes."""
        folder, user = (programs() / "postgres").resolve().parent, _user()
        root = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
        try:
            if user:
                os.chown(root, user.pw_uid, user.pw_gid)
            with (root / "log").open("wb") as log:
                copy = f"{folder}/pg_basebackup -h {self.sockets} -U postgres -D data -R -X stream -c fast -N"
                with _start(copy, root, user, log) as copying:
                    copying.wait(START_SECONDS)
                with _served(root, user, log) as running:
                    yield running
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def promote(self) -> None:
        """It takes over; returns when it does."""
        self.execute("SELECT pg_promote()")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Every process of the server is stopped (SIGSTOP), so that its links stay and nobody answers."""
        everybody = [self.server.pid, *_children(self.server.pid)]
        for process in everybody:
            os.kill(process, signal.SIGSTOP)
        self.is_still = True
        try:
            yield
        finally:
            self.is_still = False
            # The server last: one of the others may have ended just before, and is gone as soon as it is waited for.
            for process in reversed(everybody):
                os.kill(process, signal.SIGCONT)

    def execute(self, statement: str) -> None:
        with closing(self.connect()) as connection:
            connection.execute(statement)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self.sockets), dbname="postgres", user="postgres", autocommit=True)


@contextmanager
def cluster(listen: tuple[str, str] | None = None, *, is_another: bool = False) -> Iterator[Cluster]:
    """A server of its own for as long as the block runs; `listen` are an address and the network that it trusts.

    PostgreSQL takes it for the same as the others of this process, moved elsewhere, unless it `is_another`.
    """
    user = _user()
    root = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    try:
        if user:
            os.chown(root, user.pw_uid, user.pw_gid)
        with (root / "log").open("wb") as log:
            make = _INITDB.format(programs()) if is_another else f"cp -a {_made_once()} data"
            with _start(make, root, user, log) as making:
                making.wait(START_SECONDS)
            address, trusted = listen or ("", "")
            if trusted:
                with (root / "data" / "pg_hba.conf").open("a", encoding="ascii") as rules:
                    rules.write(f"host all all {trusted} trust\n")
            with _served(root, user, log, address) as running:
                yield running
    finally:
        shutil.rmtree(root, ignore_errors=True)


@cache
def _made_once() -> Path:
    """The data of a new server, to copy: to make them takes longer than most of what is tested with them."""
    user = _user()
    root = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    if user:
        os.chown(root, user.pw_uid, user.pw_gid)
    with (root / "log").open("wb") as log, _start(_INITDB.format(programs()), root, user, log) as making:
        making.wait(START_SECONDS)
    return root / "data"


@contextmanager
def _served(root: Path, user: pwd.struct_passwd | None, log: IO[bytes], address: str = "") -> Iterator[Cluster]:
    """A server on the data that is there; `address` is where it listens, besides its socket."""
    options = f"-k {root} -c listen_addresses={address} -c max_connections=60 -c fsync=off"
    serve = f"{programs()}/postgres -D data {options}"
    begin = partial(_start, serve, root, user, log)
    running = Cluster(root, begin, begin())
    try:
        _wait_for(running)
        yield running
    finally:
        running.stop(signal.SIGQUIT)  # at once: nobody needs the data any more


def _wait_for(started: Cluster) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            started.connect().close()
        except psycopg.OperationalError:
            if started.server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{(started.sockets / 'log').read_text(errors='replace')}")
            time.sleep(0.05)
        else:
            return


def _children(pid: int) -> list[int]:
    """Of a process, as Linux knows them."""
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()))


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
