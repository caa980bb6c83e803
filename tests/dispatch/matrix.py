"""The fault matrix as it stands in matrix.md, a cell for each way in which a row can happen. Touches: that file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STAGES = ("connect", "banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "quit")
FAULTS = (
    "4xx", "5xx", "421", "421 and close", "close", "reset", "hang", "garbage", "multi-line", "split", "early",
)  # fmt: skip
SESSION = ("connect", "banner", "ehlo", "starttls", "auth")
"""Stages before there is a message."""

_FILE = Path(__file__).with_name("matrix.md")
_HEAD = ["Stage", "Fault", "When", "The relay", "Path", "State", "Tries", "Run", "Next"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One run: what the relay does to which reader, and what has to become of it."""

    stage: str
    fault: str
    second: bool
    """The second message, or a connection after the first."""
    does: str
    """As tests.support.smtp_script takes it."""
    pipelined: bool
    state: str
    """As the ledger has it."""
    tries: int
    stopped: tuple[str, int] | None
    """The reason's name and the exit code."""
    next: str
    """same, new, plain or none."""

    def __str__(self) -> str:
        order = "second" if self.second else "first"
        words = re.sub(r"[^\w<>]+", "-", self.does).strip("-")
        return f"{self.stage}-{self.fault}-{order}-{'piped' if self.pipelined else 'plain'}-{words}".replace(" ", "-")


@cache
def cells() -> tuple[Cell, ...]:
    return tuple(cell for row in _rows(_HEAD) for cell in _of(row))


@cache
def impossible() -> frozenset[tuple[str, str]]:
    """Pairs of a stage and a fault that the table says cannot be."""
    rows = _rows(["Stage", "Fault", "Why"])
    return frozenset((row["Stage"], fault.strip("` ")) for row in rows for fault in row["Fault"].split(","))


def _of(row: dict[str, str]) -> Iterator[Cell]:
    for path in ("plain", "piped") if row["Path"] == "both" else (row["Path"],):
        for when in ("first", "second") if row["When"] == "any" else (row["When"],):
            kind, _, code = row["Run"].partition(" ")
            yield Cell(
                stage=row["Stage"],
                fault=row["Fault"],
                second=when in ("second", "later"),
                does=row["The relay"].strip("`").replace("⏎", "\r\n"),
                pipelined=path == "piped",
                state=row["State"].replace(" ", "_"),
                tries=int(row["Tries"]),
                stopped=None if kind == "on" else (kind, int(code)),
                next=row["Next"],
            )


def _rows(head: list[str]) -> Iterator[dict[str, str]]:
    """The rows of the one table in the file that has this head."""
    inside = False
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        words = [word.strip() for word in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif words == head:
            inside = True
        elif inside and set(line) - set("|-"):
            yield dict(zip(head, words, strict=True))
