"""A Maildir: one file for each message, other programs deliver meanwhile. Touches: that folder.

What was read moves to the subfolders `.processed` and `.unparsed` (Maildir++, which IMAP servers show as folders), the
second unseen. A rename is all it takes, so a message is always in exactly one of the three. Nothing is overwritten.
A message that this user may not read is told when all others were. Limits: one that another program renames at this
moment, to set a flag, is read by the next run.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, InputError
from newsletter.settings.replace_file import give_to_owner
from newsletter.settings.system_reason import system_reason

from .source import LARGEST_READ, READ_AT_ONCE, Batch, MessageFate, WaitingMessage

_PARTS = ("tmp", "new", "cur")
_SEEN = ":2,S"


class Maildir:
    """A `Source`. `processed` and `unparsed` are the names of its subfolders; `only` is the place of one message."""

    def __init__(
        self, folder: Path, name: str, *, processed: str = "processed", unparsed: str = "unparsed", only: str = ""
    ) -> None:
        self.name = name
        self.is_busy = False
        self._folder = folder
        self._only = only
        self._unreadable: OSError | None = None
        self._targets = {MessageFate.PROCESSED: processed, MessageFate.UNPARSED: unparsed}

    def __enter__(self) -> Self:
        if not all((self._folder / part).is_dir() for part in ("new", "cur")):
            raise InputError(
                phrase("returns.maildir.is_none", folder=self.name),
                hint=phrase("returns.maildir.has_new_and_cur"),
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def count(self) -> int:
        return sum(1 for _ in self._places())

    def batches(self) -> Iterator[Batch]:
        places = self._places()
        while some := list(islice(places, READ_AT_ONCE)):
            yield [read for place in some if (read := self._read(place))]
        if self._unreadable:
            raise self._cannot(self._unreadable) from self._unreadable

    def put_away(self, fates: Sequence[tuple[WaitingMessage, MessageFate]]) -> None:
        for one, fate in fates:
            if fate is not MessageFate.STAYS:
                self._move(one.place, fate)

    def _places(self) -> Iterator[str]:
        """Streamed: a folder of a million is not held in memory."""
        if self._only:
            yield self._only
            return
        for part in ("new", "cur"):
            try:
                with os.scandir(self._folder / part) as entries:
                    for entry in entries:
                        if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                            yield f"{part}/{entry.name}"
            except OSError as error:
                raise self._cannot(error) from error

    def _read(self, place: str) -> WaitingMessage | None:
        try:
            with (self._folder / place).open("rb") as file:
                return WaitingMessage(place, file.read(LARGEST_READ))
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unreadable = self._unreadable or error
            return None

    def _move(self, place: str, fate: MessageFate) -> None:
        unique, _, flags = place.rpartition("/")[2].partition(":")
        target = self._subfolder(self._targets[fate])
        # A flag is for messages in `cur`; what nobody looked at belongs into `new`.
        part, ending = ("cur", f":{flags}" if "S" in flags else _SEEN) if fate is MessageFate.PROCESSED else ("new", "")
        try:
            (self._folder / place).rename(_free_name(target / part, unique, ending))
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._cannot(error) from error

    def _subfolder(self, name: str) -> Path:
        folder = self._folder / f".{name}"
        if (folder / "cur").is_dir():
            return folder
        try:
            for path in (folder, *(folder / part for part in _PARTS)):
                with suppress(FileExistsError):
                    path.mkdir(mode=0o700)
                    give_to_owner(path)
            (folder / "maildirfolder").touch(mode=0o600)
            give_to_owner(folder / "maildirfolder")
        except OSError as error:
            raise self._cannot(error) from error
        return folder

    def _cannot(self, error: OSError) -> CannotWriteError:
        return CannotWriteError(
            phrase("returns.maildir.cannot_be_used", folder=self.name, why=system_reason(error)),
            hint=phrase("returns.maildir.who_may_write"),
        )


def make_maildir(folder: Path) -> None:
    """Make one, for this user only, or leave it as it is. Raises OSError."""
    for path in (folder, *(folder / part for part in _PARTS)):
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            give_to_owner(path)


def _free_name(folder: Path, unique: str, ending: str) -> Path:
    """Names are unique by their making, but a back-up that was put back has some again."""
    path, number = folder / f"{unique}{ending}", 1
    while path.exists():
        path, number = folder / f"{unique}.{number}{ending}", number + 1
    return path
