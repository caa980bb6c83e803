"""Seconds and memory to check, import and export many subscribers, beside csv with email-validator for each row.

    python benchmarks/people/million.py [--rows 1000000] [--postgresql URL] [--only WORD]

Each command is a process of its own, as people start it; all of them read the same file in the same run. `--postgresql`
is a database, in which there is a schema of its own, removed in the end; without it the ledger is SQLite's. Memory is
the most that a process had in its first tenth, and in all. Touches: a folder that is removed, that database. Limits:
Linux; the domains are 5,000, which is many for a list of this size; the processor is the client's, not the server's.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import sqlalchemy as sa

COMMAND = [sys.executable, "-m", "newsletter"]
DOMAINS = 5_000
MOST = 1_000_000
_SCHEMA = "people_in_and_out"
_LOOK = 0.2
"""Seconds between two looks at a process's memory."""
BASELINE = """
import csv, sys
from email_validator import EmailNotValidError, validate_email
good = 0
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        try:
            validate_email(row["email"], check_deliverability=False)
            good += 1
        except EmailNotValidError:
            pass
print(good)
"""


class Used(NamedTuple):
    """What a process took: seconds, those of the processor, and MB in its first tenth and in all."""

    seconds: float
    processor: float
    early: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=MOST, help=f"at most {MOST:,}")
    parser.add_argument("--postgresql", metavar="URL", default="", help="of a database, to measure there")
    parser.add_argument("--only", metavar="WORD", default="", help="commands with this word in their name")
    given = parser.parse_args()
    if not 1 <= given.rows <= MOST:
        parser.error(f"--rows is a number up to {MOST:,}")
    with tempfile.TemporaryDirectory() as folder, ledger_in(given.postgresql) as url:
        measure(given.rows, Path(folder), url, given.only)


def measure(rows: int, folder: Path, url: str, only: str) -> None:
    """Print a line a command."""
    path = folder / "export.csv"
    write_people(path, rows)
    root = folder / "letter"
    run([*COMMAND, "init", str(root)], folder, {})
    environ = {"NEWSLETTER_LEDGER__URL": url} if url else {}
    loop = run([sys.executable, "-c", BASELINE, str(path)], folder, {})
    tell("csv with email-validator", loop, loop)
    for name, words in {
        "subscribers check": ("check", str(path)),
        "subscribers import": ("import", str(path), "--yes"),
        "subscribers import again": ("import", str(path), "--yes"),
        "subscribers export": ("export", "--out", str(folder / "all.csv"), "--yes"),
        "subscribers export --as keila": ("export", "--as", "keila", "--out", str(folder / "keila.csv"), "--yes"),
    }.items():
        if only in name:
            tell(name, run([*COMMAND, "subscribers", *words, "--quiet"], root, environ), loop)


def tell(name: str, found: Used, loop: Used) -> None:
    ratio = loop.processor / found.processor
    print(
        f"{name:32}{found.seconds:8.1f} s {found.processor:8.1f} s CPU {ratio:6.2f} x"
        f"{found.early:6.0f} MB at 10 % {found.memory:6.0f} MB at the end",
        flush=True,
    )


def write_people(path: Path, rows: int) -> None:
    """As a spreadsheet keeps them."""
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,language,tags,consent_at,consent_source,소속\n")
        for number in range(rows):
            address = f"reader{number}@d{number % DOMAINS}.example.com"
            file.write(f"{address},홍길동{number},ko,시민;연구,2026-03-02,누리집,서울시 {number % 900}\n")


def run(words: list[str], folder: Path, environ: dict[str, str]) -> Used:
    """What one process took; SystemExit where it failed."""
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ, **environ})
    with watched(process.pid, began) as looks:
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    seconds = time.perf_counter() - began
    early = max((memory for at, memory in looks if at <= seconds / 10), default=0.0)
    memory = max((memory for _, memory in looks), default=0.0)  # ru_maxrss may be that of this process, before exec
    return Used(seconds, used.ru_utime + used.ru_stime, early, memory)


@contextmanager
def watched(pid: int, began: float) -> Iterator[list[tuple[float, float]]]:
    """The most memory of a process so far, in MB, by seconds since it began."""
    looks: list[tuple[float, float]] = []
    ended = Event()

    def look() -> None:
        while not ended.wait(_LOOK):
            status = ""
            with suppress(OSError):  # it has just ended
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
            looks.extend((time.perf_counter() - began, int(kilobytes) / 1024) for kilobytes in found)

    thread = Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        ended.set()
        thread.join()


@contextmanager
def ledger_in(url: str) -> Iterator[str]:
    """The URL of a new schema there, for as long as the block runs; empty for none."""
    if not url:
        yield ""
        return
    name, joint = url.replace("postgresql://", "postgresql+psycopg://"), "&" if "?" in url else "?"
    engine = sa.create_engine(name, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
    try:
        yield f"{name}{joint}options=-csearch_path%3D{_SCHEMA}"
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA} CASCADE")


if __name__ == "__main__":
    main()
