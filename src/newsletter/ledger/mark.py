"""The high-water mark: how far the book has come, kept beside it, so that an older copy in its place is noticed.

A ledger put back from a back-up is whole and keeps every promise; only what stands outside of it can tell that it is
old. `.newsletter/ledger.mark.json` is written when a lease is taken, so before the first claim, with each heartbeat and
at the end. In between, each process notes in its lock file how many messages it has begun: after the commit of their
intents and before their dots, so a dot that may have been written is always known outside of the book, too.

Touches: the disk, and the ledger's database for reading. Limits: where `.newsletter/` is put back as a whole, the mark
goes along; after a power cut the notes may be gone, and with them what was begun since the last heartbeat.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from newsletter.catalogue import Phrase, phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import LEASES_FOLDER, MARK_FILE

from .database import Database
from .lock_file import cannot_write, locked, note, notes
from .records import LedgerBehindError
from .schema import facts, leases

ID = "id"
"""The fact that names the book; a copy has the same."""
FORMER = "former "
"""A fact of this name and an id: a person looked at the difference and took this book for that one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a book had come."""

    ledger: str
    """Its id."""
    lease: int
    """The last one."""
    begun: int
    """Messages whose intent was committed, over all leases."""
    open: tuple[int, ...]
    """Leases that had not ended."""
    place: str
    """The file's inode, or the server and its timeline; empty where nobody may ask."""

    @classmethod
    def from_json(cls, text: str) -> Self:
        """ValueError for anything else."""
        found = json.loads(text)
        try:
            return cls(
                ledger=str(found["ledger"]),
                lease=int(found["lease"]),
                begun=int(found["begun"]),
                open=tuple(map(int, found["open"])),
                place=str(found["place"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Book:
    """What the ledger says of itself now."""

    mark: Mark
    former: Collection[str]
    begun: Mapping[int, int]
    """By lease, of those that were asked about."""


@dataclass(frozen=True, slots=True)
class Distrust:
    """Why the ledger is not the one that was last used from here."""

    said: Phrase
    missing: int = 0
    """Messages that were begun and that it knows nothing of, at least."""


def distrust(before: Mark | None, noted: Mapping[int, int], book: Book, where: str) -> Distrust | None:
    """Compare what stands outside of the book with the book. `noted`: begun by lease, of processes that used it."""
    now = book.mark
    if before is not None and before.ledger != now.ledger:
        is_known = before.ledger in book.former
        return None if is_known else Distrust(phrase("ledger.mark.is_another", where=where))
    ahead = sum(max(0, begun - book.begun.get(lease, 0)) for lease, begun in noted.items())
    if missing := max(ahead, before.begun - now.begun if before else 0):
        return Distrust(phrase("ledger.mark.is_behind", where=where, count=missing), missing)
    if before is None:
        return None
    if now.lease < before.lease:
        return Distrust(phrase("ledger.mark.lacks_run", where=where))
    moved = before.place and now.place and before.place != now.place
    if moved and set(before.open) & set(now.open):
        return Distrust(phrase("ledger.mark.was_moved", where=where))
    return None


class HighWaterMark:
    """The mark of one workspace, beside its ledger."""

    def __init__(self, database: Database, state: Path) -> None:
        """`state` is `.newsletter/`."""
        self._database = database
        self._path = state / MARK_FILE
        self._lock = state / f"{MARK_FILE}.lock"
        self._leases = state / LEASES_FOLDER

    def require(self) -> None:
        """LedgerBehindError (77) where the ledger is older than what was sent from here, or another one."""
        if (found := self.distrust()) is not None:
            raise LedgerBehindError(found.said, hint=phrase("ledger.mark.put_newest_back"))

    def distrust(self) -> Distrust | None:
        """Why the ledger must not be sent with; None where it is the one that was last used from here."""
        # What is outside is read first: the book, which only grows, has then come at least as far.
        noted = [note for note in map(_parsed, notes(self._leases).values()) if note is not None]
        try:
            before = self._read()
        except ValueError:
            return Distrust(phrase("ledger.mark.is_unreadable", path=str(self._path)))
        book = self._look({lease for _, lease, _ in noted})
        of_this = {lease: begun for ledger, lease, begun in noted if ledger == book.mark.ledger}
        return distrust(before, of_this, book, self._database.where)

    def rise(self) -> str:
        """Write down how far the book is now; its id. CannotWriteError where it was put back meanwhile."""
        with locked(self._lock):
            try:
                before = self._read()
            except ValueError as error:
                why = phrase("ledger.mark.is_unreadable", path=str(self._path))
                raise CannotWriteError(phrase("ledger.lease.cannot_write", path=str(self._path), why=why)) from error
            book = self._look()
            if before is not None and (found := distrust(before, {}, book, self._database.where)) is not None:
                raise CannotWriteError(found.said)
            if book.mark != before:
                self._write(book.mark)
        return book.mark.ledger

    def begin_anew(self) -> None:
        """From now on it is the mark of the ledger that is there."""
        with locked(self._lock):
            self._write(self._look().mark)

    def _read(self) -> Mark | None:
        try:
            return Mark.from_json(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _write(self, mark: Mark) -> None:
        try:
            replace_file(self._path, mark.to_json(), durable=True)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _look(self, asked: Collection[int] = ()) -> Book:
        """Leases are kept for ever, so only sums are read of them, and what those that are asked about have begun."""
        of, fact = leases.c, facts.c
        names = (fact.name == ID) | fact.name.startswith(FORMER, autoescape=True)
        with self._database.read() as connection:
            known = {row.name: row.value for row in connection.execute(sa.select(fact.name, fact.value).where(names))}
            last, total = connection.execute(sa.select(sa.func.max(of.id), sa.func.sum(of.begun))).one()
            theirs = sa.select(of.id, of.begun).where(of.id.in_(asked))
            begun = {row.id: row.begun for row in connection.execute(theirs)} if asked else {}
            still = connection.execute(sa.select(of.id).where(of.ended_at.is_(None)).order_by(of.id)).scalars().all()
        mark = Mark(
            ledger=known.pop(ID, ""),
            lease=last or 0,
            begun=int(total or 0),
            open=tuple(still),
            place=self._database.place(),
        )
        return Book(mark, frozenset(name.removeprefix(FORMER) for name in known), begun)


def note_of(ledger: str, lease: int, begun: int) -> str:
    """As a process keeps it in its lock file; always of the same length."""
    return f"{ledger} {lease} {begun:020}"


def begun_by(folder: Path, name: str) -> int:
    """What the process of a lock file noted; 0 where it noted nothing."""
    found = _parsed(note(folder, name))
    return found[2] if found else 0


def _parsed(line: str) -> tuple[str, int, int] | None:
    """None for what a file says that nobody finished writing, or an earlier version left empty."""
    try:
        ledger, lease, begun = line.split(" ")
        return ledger, int(lease), int(begun)
    except ValueError:
        return None
