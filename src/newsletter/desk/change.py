"""What may be changed in an issue's file, as values, and what its data are afterwards. Touches: nothing.

Places are those of the data: `("sections", 2, "research", 0, "url")`. Limits: a list or mapping that holds something is
never replaced as a whole; its keys and items are changed one by one, so that nothing is lost unseen.
"""

from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.issue.tree import Data, DataPath


@dataclass(frozen=True, slots=True)
class SetValue:
    """Say `value` at `path`; keys on the way that are not there yet are made.

    A text of several lines that ends with a line end stands under `|`; one without, which is other data, under `|-`.
    """

    path: DataPath
    value: Data


@dataclass(frozen=True, slots=True)
class RemoveKey:
    path: DataPath


@dataclass(frozen=True, slots=True)
class InsertItem:
    """Put `value` into the list at `path`, made where it is missing, so that it has the index `index`."""

    path: DataPath
    index: int
    value: Data


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Take the item `index` of the list at `path` to where it has the index `to`."""

    path: DataPath
    index: int
    to: int


@dataclass(frozen=True, slots=True)
class CopyItem:
    """Write the item `index` of the list at `path` once more, where it has the index `to`."""

    path: DataPath
    index: int
    to: int


@dataclass(frozen=True, slots=True)
class RemoveItem:
    path: DataPath
    index: int


IssueChange = SetValue | RemoveKey | InsertItem | MoveItem | CopyItem | RemoveItem


class CannotChangeError(Exception):
    """Why a change cannot be made, and where in the data; `edited_text` says it with its line."""

    def __init__(self, path: DataPath, message: Said, hint: Said = SILENCE) -> None:
        super().__init__(message)
        self.path, self.message, self.hint = path, message, hint


def written_too_oddly(path: DataPath) -> CannotChangeError:
    """For what is YAML and the same data, and yet cannot be changed in place."""
    return CannotChangeError(path, phrase("desk.edit.cannot_be_written_here"), phrase("desk.edit.change_by_hand"))


def changed_data(data: Data, change: IssueChange) -> Data:
    """The data as they shall be; those that were given stay. Raises CannotChangeError."""
    meant = deepcopy(data)
    if isinstance(change, SetValue):
        _set(meant, change.path, deepcopy(change.value))
    elif isinstance(change, RemoveKey):
        mapping, key = _at(meant, change.path[:-1]), change.path[-1] if change.path else ""
        if not isinstance(mapping, dict) or key not in mapping:
            raise _nothing_there(change.path)
        del mapping[str(key)]
    else:
        _change_list(meant, change)
    return meant


def simplified(data: Data, change: IssueChange) -> IssueChange:
    """The same change, with what it makes on the way as one value: a key of a new mapping is that mapping."""
    if isinstance(change, InsertItem) and not _holds_something(data, change.path):
        change = SetValue(change.path, [change.value])
    if not isinstance(change, SetValue):
        return change
    path, value = change.path, change.value
    while len(path) > 1 and not _holds_something(data, path[:-1]):
        path, value = path[:-1], {str(path[-1]): value}
    return SetValue(path, value)


def _holds_something(data: Data, path: DataPath) -> bool:
    try:
        return bool(_at(data, path))
    except CannotChangeError:
        return False


def _at(data: Data, path: DataPath) -> Data:
    for part in path:
        found = _inside(data, part)
        if found is None:
            raise _nothing_there(path)
        data = found
    return data


def _inside(data: Data, part: int | str) -> Data | None:
    if isinstance(data, dict):
        return data.get(part) if isinstance(part, str) else None
    is_there = isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data)
    return data[part] if is_there else None  # type: ignore[index]


def _set(data: Data, path: DataPath, value: Data) -> None:
    if not path:
        raise _nothing_there(path)
    for part, following in pairwise(path):
        found = _inside(data, part)
        if not found and isinstance(following, str):
            found = {}
            _put(data, part, found, path)
        if found is None:
            raise _nothing_there(path)
        data = found
    _refuse_loss(path, _inside(data, path[-1]), value)
    _put(data, path[-1], value, path)


def _put(data: Data, part: int | str, value: Data, path: DataPath) -> None:
    if isinstance(data, dict) and isinstance(part, str) and part:
        data[part] = value
        return
    if not isinstance(data, list) or not isinstance(part, int) or not 0 <= part < len(data):
        raise _nothing_there(path)
    data[part] = value


def _refuse_loss(path: DataPath, old: Data | None, new: Data) -> None:
    """A text may take the place of a text, and anything that of nothing."""
    if old and old != new and not (isinstance(old, str) and isinstance(new, str)):
        message = phrase("desk.edit.holds_text") if isinstance(old, str) else phrase("desk.edit.holds_parts")
        raise CannotChangeError(path, message, phrase("desk.edit.remove_it_first"))


def _change_list(data: Data, change: InsertItem | MoveItem | CopyItem | RemoveItem) -> None:
    if isinstance(change, InsertItem) and not _holds_something(data, change.path):
        _set(data, change.path, [])
    items = _at(data, change.path)
    if not isinstance(items, list):
        raise CannotChangeError(change.path, phrase("desk.edit.is_no_list"), phrase("desk.edit.read_anew"))
    last = len(items) - 1
    indices = {change.index} if isinstance(change, InsertItem | RemoveItem) else {change.index, change.to}
    most = last + 1 if isinstance(change, InsertItem | CopyItem) else last
    if not all(0 <= index <= most for index in indices) or (isinstance(change, CopyItem) and change.index > last):
        raise _nothing_there((*change.path, max(indices)))
    if isinstance(change, InsertItem):
        items.insert(change.index, deepcopy(change.value))
    elif isinstance(change, CopyItem):
        items.insert(change.to, deepcopy(items[change.index]))
    else:
        item = items.pop(change.index)
        if isinstance(change, MoveItem):
            items.insert(change.to, item)


def _nothing_there(path: DataPath) -> CannotChangeError:
    return CannotChangeError(path, phrase("desk.edit.nothing_there"), phrase("desk.edit.read_anew"))
