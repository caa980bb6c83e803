"""Open, change, undo: what the desk does with the file of an issue. Touches: it, `.newsletter/desk/<slug>/`.

A window names the version that it saw. Is the file another one by now, whoever wrote it, the change is merged with it,
or refused with every place that both have changed. Whatever was meant is in the file or among the kept versions: these
are written first, then the file, so that after a crash at any moment it is whole, and undo leads somewhere.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.desk.change import IssueChange
from newsletter.desk.merging.merging import Contested, ContestedError
from newsletter.desk.text.edit import data_in
from newsletter.errors import CannotWriteError, InputError, Problem
from newsletter.issue.tree import Data

from .edits import ChangesOf, FileEdit, Redo, Undo, WholeText
from .shelf import Shelf
from .steps import Steps
from .stored_issue import ChangedMeanwhileError, StoredIssue, as_shown, read_stored, shown_text, write_stored

_TRIES = 50
"""How often a file is read anew that another program writes at the same moment."""

Alone = Callable[[Path, float], AbstractContextManager[None]]
"""Waits until nobody else is in it, threads and processes of this machine, by a file that is locked; with a pause in
seconds between two looks."""
_PAUSE = 0.001
"""A save takes some ten times as long, and a window that types may begin the next one at once."""


@dataclass(frozen=True, slots=True)
class OpenedIssue:
    """An issue as it stands; `data` is None where it cannot be read, and then `text` is what is there."""

    slug: str
    file: str
    version: str
    data: Data | None
    text: str | None
    problem: Problem | None
    can_undo: bool
    can_redo: bool
    merged: bool = False
    """Changes of others have come in since the version that was named."""


class EditConflictError(Exception):
    """Both have changed the same places. Nothing was written; what was meant is kept in the file `kept`."""

    def __init__(self, places: Sequence[Contested], kept: Path | None, now: OpenedIssue) -> None:
        super().__init__(f"{len(places)} places")
        self.places, self.kept, self.now = tuple(places), kept, now


class IssueStore:
    """The issues of the workspace at `root`; all methods may be called from several threads and processes.

    They raise InputError, RefusedError and CannotWriteError, and those that write EditConflictError. A window is
    called as it likes; one without a name has made no step.
    """

    def __init__(self, root: Path, kept: Path, alone: Alone) -> None:
        self._root, self._kept, self._alone = root, kept, alone

    def open(self, path: Path, window: str = "") -> OpenedIssue:
        now = read_stored(path, self._root)
        shelf = self._shelf(now)
        shelf.see(now.data)
        return _opened(now, shelf.steps(), window)

    def change(
        self, path: Path, version: str, changes: Sequence[IssueChange], window: str, group: str = ""
    ) -> OpenedIssue:
        """Make the changes that were meant for `version`, in one write.

        Those of one window with one group are one step; an empty group is a step of its own.
        """
        return self._write(path, ChangesOf(version, window, self._root, tuple(changes), group))

    def replace_text(self, path: Path, version: str, shown: str, window: str = "") -> OpenedIssue:
        """The whole file, as a field of a page has it."""
        return self._write(path, WholeText(version, window, shown))

    def undo(self, path: Path, version: str, window: str) -> OpenedIssue:
        """Take back the last step of this window; where there is none, all stays as it is."""
        return self._write(path, Undo(version, window, self._root))

    def redo(self, path: Path, version: str, window: str) -> OpenedIssue:
        return self._write(path, Redo(version, window, self._root))

    def _shelf(self, now: StoredIssue) -> Shelf:
        return Shelf(self._kept / now.path.stem)

    def _write(self, path: Path, edit: FileEdit) -> OpenedIssue:
        shelf = self._shelf(read_stored(path, self._root))
        shelf.prepare()
        for _ in range(_TRIES):
            try:
                with self._alone(shelf.lock, _PAUSE):
                    now = read_stored(path, self._root)
                    return self._written(now, edit, shelf)
            except ChangedMeanwhileError as meanwhile:
                if meanwhile.stray:
                    shelf.see(meanwhile.stray)
                # Another window may have its turn, which an editor does not keep from writing.
                time.sleep(2 * _PAUSE)
        raise CannotWriteError(phrase("desk.file.is_written_all_the_time", file=now.file))

    def _written(self, now: StoredIssue, edit: FileEdit, shelf: Shelf) -> OpenedIssue:
        try:
            made = edit.made(now, shelf)
        except ContestedError as error:
            opened = _opened(now, shelf.steps(), edit.window, merged=now.version != edit.version)
            shelf.see(now.data)
            raise EditConflictError(error.places, shelf.meant, opened) from error
        written = now
        if made.data != now.data:
            shelf.keep_meant(made.data)
            shelf.keep(now.data, made.steps)
            written = write_stored(now, made.data)
        return _opened(written, made.steps, edit.window, merged=now.version != edit.version)


def _opened(now: StoredIssue, steps: Steps, window: str, *, merged: bool = False) -> OpenedIssue:
    opened = OpenedIssue(
        slug=now.path.stem,
        file=now.file,
        version=now.version,
        data=None,
        text=None,
        problem=None,
        can_undo=steps.to_undo(window) is not None,
        can_redo=steps.to_redo(window) is not None,
        merged=merged,
    )
    try:
        return replace(opened, data=data_in(now.text, now.file))
    except InputError as error:
        text = shown_text(now.data)
        return replace(opened, text=None if text is None else as_shown(text), problem=error.problems[0])
