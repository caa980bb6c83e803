"""What can be done to an issue's file, and what it is then, as bytes and as steps. Touches: what is kept of it.

Each knows the version that its window saw, and merges where the file is another one by now.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from newsletter.catalogue import phrase
from newsletter.desk.change import IssueChange
from newsletter.desk.merging.data_changes import changes_between
from newsletter.desk.merging.in_translations import value_at
from newsletter.desk.merging.line_merge import merged_lines
from newsletter.desk.merging.merging import Contested, ContestedError, changed_text, merged_text
from newsletter.desk.merging.own_sections import model_for
from newsletter.desk.text.edit import data_in
from newsletter.errors import InputError, Problem
from newsletter.issue.tree import Data

from .shelf import Shelf
from .steps import Step, Steps
from .stored_issue import StoredIssue, as_shown, as_stored, as_text, shown_text, version_of


@dataclass(frozen=True, slots=True)
class EditedFile:
    """What the file is to be, and the steps with this one."""

    data: bytes
    steps: Steps


class FileEdit(Protocol):
    """`made` raises ContestedError where others have changed the same place, and InputError."""

    @property
    def version(self) -> str: ...

    @property
    def window(self) -> str: ...

    def made(self, now: StoredIssue, shelf: Shelf) -> EditedFile: ...


@dataclass(frozen=True, slots=True)
class ChangesOf:
    version: str
    window: str
    root: Path
    changes: Sequence[IssueChange]
    group: str

    def made(self, now: StoredIssue, shelf: Shelf) -> EditedFile:
        text = now.text
        model = model_for(data_in(text, now.file), self.root)
        if now.version == self.version:
            text = changed_text(text, self.changes, file=now.file, issue=model)
        else:
            seen = shelf.find(self.version)
            if seen is None:
                raise self._unseen(text, now, shelf)
            base = as_text(seen, now.file)
            shelf.keep_meant(changed_text(base, self.changes, file=now.file, issue=model).encode())
            text = merged_text(base, text, self.changes, file=now.file, issue=model)
        return _one_step(now, text.encode(), shelf, self.window, self.group)

    def _unseen(self, text: str, now: StoredIssue, shelf: Shelf) -> ContestedError:
        """What the window saw is not kept any more, so nobody can tell what others have changed since."""
        meant = [{"change": type(one).__name__, **asdict(one)} for one in self.changes]
        shelf.keep_meant(json.dumps(meant, indent=1).encode())
        data = data_in(text, now.file)
        return ContestedError([_as_it_is(one, data) for one in self.changes])


@dataclass(frozen=True, slots=True)
class WholeText:
    """The file as a field of a page has it, with LF and without BOM."""

    version: str
    window: str
    shown: str

    def made(self, now: StoredIssue, shelf: Shelf) -> EditedFile:
        theirs = shown_text(now.data) or ""
        is_seen = now.version == self.version
        base = theirs if is_seen else shown_text(shelf.find(self.version) or b"") or ""
        mine = as_stored(self.shown, base or theirs)
        data = _encoded(mine, now.file)
        if not is_seen:
            shelf.keep_meant(data)
            merged = merged_lines(base, mine, theirs)
            if merged is None:
                raise ContestedError([_whole(base, self.shown, theirs)])
            data = merged.encode()
        return _one_step(now, data, shelf, self.window, "")


@dataclass(frozen=True, slots=True)
class Undo:
    version: str
    window: str
    root: Path

    def made(self, now: StoredIssue, shelf: Shelf) -> EditedFile:
        return _stepped(self, now, shelf, Steps.to_undo, Steps.undone_with)


@dataclass(frozen=True, slots=True)
class Redo:
    version: str
    window: str
    root: Path

    def made(self, now: StoredIssue, shelf: Shelf) -> EditedFile:
        return _stepped(self, now, shelf, Steps.to_redo, Steps.redone_with)


def _stepped(
    edit: Undo | Redo,
    now: StoredIssue,
    shelf: Shelf,
    found: Callable[[Steps, str], Step | None],
    moved: Callable[[Steps, Step, Step], Steps],
) -> EditedFile:
    """The last step of that window that still changes anything, taken back; `moved` are the steps after it."""
    steps = shelf.steps()
    while step := found(steps, edit.window):
        data = _without(step, now, shelf, edit.root)
        if data is not None and data != now.data:
            return EditedFile(data, moved(steps, step, Step(now.version, version_of(data), edit.window)))
        steps = steps.without(step)
    return EditedFile(now.data, steps)


def _one_step(now: StoredIssue, data: bytes, shelf: Shelf, window: str, group: str) -> EditedFile:
    steps = shelf.steps()
    if data == now.data:
        return EditedFile(data, steps)
    return EditedFile(data, steps.with_change(Step(now.version, version_of(data), window, group)))


def _without(step: Step, now: StoredIssue, shelf: Shelf, root: Path) -> bytes | None:
    """The file as it is now with a step taken back; None where its versions are not kept any more."""
    base, mine = shelf.find(step.after), shelf.find(step.before)
    if base is None or mine is None:
        return None
    if now.version in {step.after, step.earlier}:
        return mine
    after, before, theirs = (shown_text(one) or "" for one in (base, mine, now.data))
    merged = merged_lines(after, before, theirs)
    if merged is None or (_is_readable(theirs) and not _is_readable(merged)):
        merged = _without_by_place(after, before, theirs, now.file, root)
    return merged.encode()


def _without_by_place(after: str, before: str, theirs: str, file: str, root: Path) -> str:
    """What lines do not show: which places in the data were changed. ContestedError."""
    try:
        base = data_in(after, file)
        model = model_for(base, root)
        if changes := changes_between(base, data_in(before, file), model):
            return merged_text(after, theirs, changes, file=file, issue=model)
    except InputError:
        pass  # one of them is no issue, or written in a way that cannot be changed: then all of it is contested
    raise ContestedError([_whole(after, before, theirs)])


def _is_readable(text: str) -> bool:
    try:
        data_in(text)
    except InputError:
        return False
    return True


def _whole(base: str, mine: str, theirs: str) -> Contested:
    return Contested((), as_shown(base), as_shown(mine), as_shown(theirs), there=())


def _as_it_is(change: IssueChange, now: Data) -> Contested:
    return Contested(change.path, None, getattr(change, "value", None), value_at(now, change.path), change.path)


def _encoded(text: str, file: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InputError(problems=[Problem(phrase("desk.edit.holds_half_a_character"), file)]) from None
