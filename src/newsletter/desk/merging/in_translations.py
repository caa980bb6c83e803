"""What follows from a change in the translations of an issue, whose lists stand in the order of its own.

Touches: nothing.
A section that is put in, moved, copied or taken out is so in every translation, `{}` where it says nothing there; so is
a card, an entry, a row, a cell. Words for an entry that a translation has not come to yet get the `{}` before them.
Limits: lists of texts, such as `summary`, are translated as a whole, and stay as they are.
"""

from collections.abc import Iterator

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.issue.model import Issue, model_at
from newsletter.issue.part import DeclaredKey, Part, declared_keys
from newsletter.issue.tree import Data, DataPath

TRANSLATIONS = "translations"


def with_translations(data: Data, change: IssueChange, issue: type[Part] = Issue) -> list[IssueChange]:
    """The change with all that goes before and follows from it, in the order in which it is made."""
    path = change.path
    if path[:1] == (TRANSLATIONS,):
        return [*_entries_before(data, change, issue), change] if len(path) > 2 else [change]
    followers: list[IssueChange] = []
    for language in languages_in(data):
        words: DataPath = (TRANSLATIONS, language, *path)
        if isinstance(change, RemoveKey):
            if value_at(data, words) is not None and _is_positional(data, path, issue, lists_only=False):
                followers.append(RemoveKey(words))
        elif not isinstance(change, SetValue) and _is_positional(data, path, issue):
            entries = value_at(data, words)
            followers += (
                _followed(change, words, len(entries), _nothing(data, path, issue)) if isinstance(entries, list) else ()
            )
    return [change, *followers]


def languages_in(data: Data) -> list[str]:
    translations = data.get(TRANSLATIONS) if isinstance(data, dict) else None
    return list(translations) if isinstance(translations, dict) else []


def value_at(data: Data, path: DataPath) -> Data | None:
    """What stands at a place; None where there is no such place."""
    value: Data | None = data
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
            value = value[part]
        else:
            return None
    return value


def _followed(
    change: InsertItem | MoveItem | CopyItem | RemoveItem, words: DataPath, there: int, nothing: Data
) -> Iterator[IssueChange]:
    """The same in a list of words that has `there` entries, perhaps fewer than the issue's list."""
    index = change.index
    if isinstance(change, InsertItem):
        if index < there:
            yield InsertItem(words, index, nothing)
    elif isinstance(change, RemoveItem):
        if index < there:
            yield RemoveItem(words, index)
    elif isinstance(change, MoveItem):
        if index < there:
            yield from (InsertItem(words, at, nothing) for at in range(there, change.to + 1))
            yield MoveItem(words, index, change.to)
        elif change.to < there:
            yield InsertItem(words, change.to, nothing)
    elif index < there:
        yield from (InsertItem(words, at, nothing) for at in range(there, change.to))
        yield CopyItem(words, index, change.to)
    elif change.to < there:
        yield InsertItem(words, change.to, nothing)


def _entries_before(data: Data, change: IssueChange, issue: type[Part]) -> Iterator[IssueChange]:
    """Empty entries, so that the place in a translation that is to be written is there."""
    language, own = change.path[:2], change.path[2:]
    if not isinstance(change, SetValue | InsertItem):
        return
    for depth, part in enumerate(own):
        if not isinstance(part, int):
            continue
        path = own[:depth]
        counterpart, entries = value_at(data, path), value_at(data, (*language, *path)) or []
        if not isinstance(counterpart, list) or not isinstance(entries, list) or part >= len(counterpart):
            return
        if not _is_positional(data, path, issue):
            return
        for at in range(len(entries), part + 1):
            yield InsertItem((*language, *path), at, _nothing(data, path, issue))


def _nothing(data: Data, path: DataPath, issue: type[Part]) -> Data:
    """An entry that translates nothing: of mappings, of rows, of the cells of a row."""
    key = _declared(data, path, issue)
    if key and key.nested:
        return "" if isinstance(path[-1], int) else []
    return {}


def _is_positional(data: Data, path: DataPath, issue: type[Part], *, lists_only: bool = True) -> bool:
    """Whether the entries of the list at a place are translated one by one; or what is there, as one part."""
    key = _declared(data, path, issue)
    return key is not None and (
        key.nested or (bool(key.parts) and (key.many or not lists_only) and path[-1:] != (TRANSLATIONS,))
    )


def _declared(data: Data, path: DataPath, issue: type[Part]) -> DeclaredKey | None:
    """What the model says of the last key on the way to a place, where the place is it or an entry of its rows."""
    *around, name = path or ("",)
    row = isinstance(name, int)
    if row and around:
        *around, name = around
    model = model_at(tuple(around), _type_of_section(data, path), issue)
    key = declared_keys(model).get(str(name)) if model and not isinstance(name, int) else None
    return None if row and not (key and key.nested) else key


def _type_of_section(data: Data, path: DataPath) -> str:
    type_ = value_at(data, (*path[:2], "type")) if path[:1] == ("sections",) and len(path) > 1 else ""
    return type_.strip() if isinstance(type_, str) else ""
