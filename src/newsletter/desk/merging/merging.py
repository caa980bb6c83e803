"""Changes that were meant for one text of an issue, made in another that it has become meanwhile. Touches: nothing.

They are carried over by place: a section that somebody moved is changed where it is now. What nobody else has touched
is changed, and every other byte stays as the others left it. Where both have changed the same place, or one has changed
what the other took out, nothing is written, and every such place is told with what it was, is meant to be, and is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.desk.change import (
    CannotChangeError,
    CopyItem,
    InsertItem,
    IssueChange,
    MoveItem,
    RemoveItem,
    RemoveKey,
    SetValue,
)
from newsletter.desk.text.edit import data_in, edited_text
from newsletter.issue.model import Issue
from newsletter.issue.part import Part
from newsletter.issue.tree import Data, DataPath

from .in_translations import TRANSLATIONS, languages_in, value_at, with_translations
from .twin_places import NamedState, named, named_like, place_in, twins


@dataclass(frozen=True, slots=True)
class Contested:
    """A place that both have changed; None where there is nothing."""

    path: DataPath
    """In the data of what the window saw, with its changes until then."""
    base: Data | None
    mine: Data | None
    theirs: Data | None
    there: DataPath | None = None
    """The same place in what is there now; None where it is gone."""


class ContestedError(Exception):
    """Places that both have changed, at least one."""

    def __init__(self, places: Sequence[Contested]) -> None:
        super().__init__(f"{len(places)} places")
        self.places = tuple(places)


def changed_text(text: str, changes: Sequence[IssueChange], *, file: str = "", issue: type[Part] = Issue) -> str:
    """The text with the changes, one after the other, and all that follows from them in translations. InputError."""
    for change in changes:
        for one in with_translations(data_in(text, file), change, issue):
            text = edited_text(text, one, file=file, issue=issue)
    return text


def merged_text(
    base: str, theirs: str, changes: Sequence[IssueChange], *, file: str = "", issue: type[Part] = Issue
) -> str:
    """`theirs` with the changes, which can be made in `base` and were meant for it.

    ContestedError where both have changed a place; InputError where `theirs` cannot be read, or not be changed so.
    """
    here, there = twins(data_in(base, file), data_in(theirs, file))
    contested: list[Contested] = []
    carried_over: list[IssueChange] = []
    for change in changes:
        new = named(_put_in(here.data, change))
        try:
            found = _carried_over(change, here, there)
            if found is not None:
                names = named_like(_put_in(here.data, change), new, _put_in(there.data, found))
                carried_over += there.change(found, issue, names)
        except _ContestedPlaceError as place:
            contested.append(place.contested)
        except CannotChangeError:
            contested.append(_contest(change, here, there).contested)
        here.change(change, issue, new)
    if contested:
        raise ContestedError(contested)
    for change in carried_over:
        theirs = edited_text(theirs, change, file=file, issue=issue)
    return theirs


class _ContestedPlaceError(Exception):
    def __init__(self, contested: Contested) -> None:
        super().__init__()
        self.contested = contested


def _contest(change: IssueChange, here: NamedState, there: NamedState) -> _ContestedPlaceError:
    path = change.path if isinstance(change, SetValue | RemoveKey) else (*change.path, change.index)
    is_new = isinstance(change, InsertItem)
    found = None if is_new else place_in(path, here, there)
    return _ContestedPlaceError(
        Contested(
            path,
            base=None if is_new else value_at(here.data, path),
            mine=None if isinstance(change, RemoveKey | RemoveItem) else _put_in(here.data, change),
            theirs=None if found is None else value_at(there.data, found),
            there=found,
        )
    )


def _put_in(data: Data, change: IssueChange) -> Data:
    """The value that a change puts in, moves or takes out."""
    if isinstance(change, SetValue | InsertItem):
        return change.value
    path = change.path if isinstance(change, RemoveKey) else (*change.path, change.index)
    return value_at(data, path) or ""


def _carried_over(change: IssueChange, here: NamedState, there: NamedState) -> IssueChange | None:
    """The change as it is to be made there; None where there is nothing left to do."""
    path = place_in(change.path, here, there)
    if isinstance(change, SetValue | RemoveKey):
        if path is None:
            raise _contest(change, here, there)
        now = value_at(there.data, path)
        if now == (change.value if isinstance(change, SetValue) else None):
            return None
        if not _same(now, value_at(here.data, change.path)) or _is_gone(change.path[:-1], here, there):
            raise _contest(change, here, there)
        return replace(change, path=path)
    if path is None:
        if isinstance(change, MoveItem | RemoveItem):
            return None
        raise _contest(change, here, there)
    if change.path[:1] == (TRANSLATIONS,):
        if not _same(value_at(here.data, change.path), value_at(there.data, path)):
            raise _contest(change, here, there)
        return replace(change, path=path)
    return _in_list(change, path, here, there)


def _in_list(
    change: InsertItem | MoveItem | CopyItem | RemoveItem, path: DataPath, here: NamedState, there: NamedState
) -> IssueChange | None:
    mine, theirs = _items(here, change.path), _items(there, path)
    if isinstance(change, InsertItem):
        if _is_gone(change.path[:-1], here, there):
            raise _contest(change, here, there)
        return InsertItem(path, _position(mine[: change.index], mine[change.index :], theirs), change.value)
    name = mine[change.index]
    index = theirs.index(name) if name in theirs else None
    if isinstance(change, CopyItem):
        to = _position(mine[: change.to], mine[change.to :], theirs)
        return InsertItem(path, to, _put_in(here.data, change)) if index is None else CopyItem(path, index, to)
    if index is None or (isinstance(change, MoveItem) and change.index == change.to):
        return None
    if isinstance(change, MoveItem):
        others, rest = [one for one in mine if one != name], [one for one in theirs if one != name]
        return MoveItem(path, index, _position(others[: change.to], others[change.to :], rest))
    before, now = (*change.path, change.index), (*path, index)
    if not _say_the_same(here.data, before, there.data, now):
        raise _contest(change, here, there)
    return RemoveItem(path, index)


def _items(state: NamedState, path: DataPath) -> list[int]:
    place = state.place(path)
    return [item.name for item in place.items] if place else []


def _position(before: list[int], behind: list[int], theirs: list[int]) -> int:
    """Behind the nearest of those before that is there, else before the nearest of those behind."""
    for name in reversed(before):
        if name in theirs:
            return theirs.index(name) + 1
    return next((theirs.index(name) for name in behind if name in theirs), len(theirs))


def _is_gone(path: DataPath, here: NamedState, there: NamedState) -> bool:
    """Whether something in which a change is made has been taken out."""
    for depth in range(1, len(path) + 1):
        found = place_in(path[:depth], here, there)
        if value_at(here.data, path[:depth]) and (found is None or value_at(there.data, found) is None):
            return True
    return False


def _say_the_same(mine: Data, before: DataPath, theirs: Data, now: DataPath) -> bool:
    """Whether an entry has stayed as it was, in every translation too."""
    if value_at(mine, before) != value_at(theirs, now):
        return False
    languages = dict.fromkeys((*languages_in(mine), *languages_in(theirs)))
    return all(
        _same(value_at(mine, (TRANSLATIONS, one, *before)), value_at(theirs, (TRANSLATIONS, one, *now)))
        for one in languages
    )


def _same(one: Data | None, other: Data | None) -> bool:
    return one == other or (not one and not other)
