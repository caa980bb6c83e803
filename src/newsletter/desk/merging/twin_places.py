"""Two states of an issue's data, and which place in one is which in the other, also while both are changed.

Touches: nothing.
Every value has a name that it keeps when its list is changed around it; what is the same value in both states has the
same name in both. A place in a translation's lists is where its counterpart is in the issue's own.
"""

from dataclasses import dataclass, field
from itertools import count

from newsletter.desk.change import (
    CopyItem,
    InsertItem,
    IssueChange,
    MoveItem,
    RemoveItem,
    RemoveKey,
    SetValue,
    changed_data,
)
from newsletter.issue.part import Part
from newsletter.issue.tree import Data, DataPath

from .alignment import aligned
from .in_translations import TRANSLATIONS, with_translations

_NAMES = count()


@dataclass(slots=True)
class NamedPlace:
    """A value's name, and the places in it."""

    name: int = field(default_factory=lambda: next(_NAMES))
    keys: dict[str, "NamedPlace"] = field(default_factory=dict)
    items: list["NamedPlace"] = field(default_factory=list)

    def index(self, name: int) -> int | None:
        return next((index for index, item in enumerate(self.items) if item.name == name), None)


@dataclass(slots=True)
class NamedState:
    """The data of one side, and the names of its places."""

    data: Data
    places: NamedPlace

    def place(self, path: DataPath) -> NamedPlace | None:
        place: NamedPlace | None = self.places
        for part in path:
            if place is None:
                return None
            if isinstance(part, int):
                place = place.items[part] if 0 <= part < len(place.items) else None
            else:
                place = place.keys.get(part)
        return place

    def change(self, change: IssueChange, issue: type[Part], new: NamedPlace) -> list[IssueChange]:
        """Make a change with what follows from it; `new` are the names of what it puts in. Raises CannotChangeError."""
        changes = with_translations(self.data, change, issue)
        data = self.data
        for one in changes:
            data = changed_data(data, one)
        self.data = data
        if change.path[:1] != (TRANSLATIONS,):
            self._rename(change, new)
        return changes

    def _rename(self, change: IssueChange, new: NamedPlace) -> None:
        *around, last = change.path or ("",)
        if isinstance(change, SetValue):
            place = self._made(tuple(around))
            if isinstance(last, int):
                place.items[last] = NamedPlace(place.items[last].name, new.keys, new.items)
            else:
                place.keys[last] = new
        elif isinstance(change, RemoveKey):
            self._made(tuple(around)).keys.pop(str(last), None)
        else:
            items = self._made(change.path).items
            if isinstance(change, InsertItem):
                items.insert(change.index, new)
            elif isinstance(change, CopyItem):
                items.insert(change.to, new)
            elif isinstance(change, RemoveItem):
                items.pop(change.index)
            elif isinstance(change, MoveItem):
                items.insert(change.to, items.pop(change.index))

    def _made(self, path: DataPath) -> NamedPlace:
        """The place, with all that is made on the way to it."""
        place = self.places
        for part in path:
            place = place.items[part] if isinstance(part, int) else place.keys.setdefault(part, NamedPlace())
        return place


def named(data: Data) -> NamedPlace:
    """New names for a value and all in it."""
    place = NamedPlace()
    if isinstance(data, dict):
        place.keys = {key: named(value) for key, value in data.items()}
    elif isinstance(data, list):
        place.items = [named(value) for value in data]
    return place


def twins(base: Data, theirs: Data) -> tuple[NamedState, NamedState]:
    """Both states with names; what was in `base` has in `theirs` the name that it has there."""
    mine = named(base)
    return NamedState(base, mine), NamedState(theirs, named_like(base, mine, theirs))


def named_like(base: Data, names: NamedPlace, theirs: Data) -> NamedPlace:
    """Names for `theirs`: those of `base` wherever it is the same value."""
    place = named(theirs)
    place.name = names.name
    if isinstance(base, dict) and isinstance(theirs, dict):
        for key in base.keys() & theirs.keys():
            place.keys[key] = named_like(base[key], names.keys[key], theirs[key])
    elif isinstance(base, list) and isinstance(theirs, list):
        for index, other in aligned(base, theirs).items():
            place.items[other] = named_like(base[index], names.items[index], theirs[other])
    return place


def place_in(path: DataPath, mine: NamedState, theirs: NamedState) -> DataPath | None:
    """Where a place of one state is in the other; None where an entry on the way is not there any more."""
    if path[:1] == (TRANSLATIONS,):
        inside = place_in(path[2:], mine, theirs)
        return None if inside is None else (*path[:2], *inside)
    found: DataPath = ()
    here: NamedPlace | None = mine.places
    there: NamedPlace | None = theirs.places
    for part in path:
        if isinstance(part, int) and here is not None and part < len(here.items):
            index = there.index(here.items[part].name) if there else None
            if index is None:
                return None
            here = here.items[part]
            there = there.items[index] if there else None
            found = (*found, index)
        else:
            here = here.keys.get(part) if here and isinstance(part, str) else None
            there = there.keys.get(part) if there and isinstance(part, str) else None
            found = (*found, part)
    return found
