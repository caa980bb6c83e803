"""Copies of a ledger, taken and put back by SQLite itself and by pg_dump. Touches: the disk, processes."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.postgres import programs


class Way(Enum):
    """How a file is put back. PostgreSQL has one way."""

    REPLACED = "another file in its place"
    OVERWRITTEN = "into the same file"


class Backup:
    """A ledger as it was when this was made."""

    def __init__(self, url: str, root: Path, name: str = "back-up") -> None:
        self._url = urlsplit(url)
        self._kept = root / name
        if self._url.scheme == "sqlite":
            self._file = root / self._url.path.removeprefix("/")
            with closing(sqlite3.connect(self._file)) as book, closing(sqlite3.connect(self._kept)) as copy:
                book.backup(copy)
        else:
            self._run("pg_dump", "--clean", "--schema", self._schema, "--file", str(self._kept))

    def restore(self, way: Way = Way.REPLACED) -> None:
        """Nobody may have the ledger open."""
        if self._url.scheme != "sqlite":
            self._run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(self._kept))
            return
        for name in ("-wal", "-shm"):
            self._file.with_name(self._file.name + name).unlink(missing_ok=True)
        if way is Way.REPLACED:
            new = shutil.copyfile(self._kept, self._file.with_name("new"))
            new.replace(self._file)
        else:
            shutil.copyfile(self._kept, self._file)

    @property
    def _schema(self) -> str:
        return parse_qs(self._url.query)["options"][0].rpartition("=")[2]

    def _run(self, program: str, *words: str) -> None:
        host = parse_qs(self._url.query)["host"][0]
        command = [
            str((programs() / "postgres").resolve().with_name(program)),
            "--host",
            host,
            "--username",
            "postgres",
            *words,
            "postgres",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
