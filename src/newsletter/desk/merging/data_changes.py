"""What makes one state of an issue's data of another, as changes that can be carried over to a third. Touches: nothing.

Of a list, entries are taken out, moved and put in, and what is left is changed inside, so that a change of one word
stays one. Limits: the order of the keys of a mapping is none of its data.
"""

from collections.abc import Iterator

from newsletter.desk.change import InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue, changed_data
from newsletter.issue.model import Issue
from newsletter.issue.part import Part
from newsletter.issue.tree import Data, DataPath

from .alignment import aligned
from .in_translations import TRANSLATIONS, with_translations


def changes_between(base: Data, wanted: Data, issue: type[Part] = Issue) -> list[IssueChange]:
    """In the order in which they are to be made. What follows from them in translations is not among them."""
    if not isinstance(base, dict) or not isinstance(wanted, dict):
        return []
    own = [*_of_mapping((), _without_words(base), _without_words(wanted))]
    data: Data = base
    for change in own:
        for one in with_translations(data, change, issue):
            data = changed_data(data, one)
    words = data.get(TRANSLATIONS, {}) if isinstance(data, dict) else {}
    return [*own, *_of_words((TRANSLATIONS,), words or {}, wanted.get(TRANSLATIONS, {}) or {})]


def _without_words(data: dict[str, Data]) -> dict[str, Data]:
    return {key: value for key, value in data.items() if key != TRANSLATIONS}


def _of(path: DataPath, base: Data, wanted: Data) -> Iterator[IssueChange]:
    """Of two values that may take each other's place."""
    if isinstance(base, dict) and isinstance(wanted, dict):
        yield from _of_mapping(path, base, wanted)
    elif isinstance(base, list) and isinstance(wanted, list) and base:
        yield from _of_list(path, base, wanted)
    elif base != wanted:
        yield SetValue(path, wanted)


def _is_another(base: Data, wanted: Data) -> bool:
    """Whether a value has to go before the other can be there."""
    return bool(base) and type(base) is not type(wanted)


def _of_mapping(path: DataPath, base: dict[str, Data], wanted: dict[str, Data]) -> Iterator[IssueChange]:
    for key, value in base.items():
        if key not in wanted or _is_another(value, wanted[key]):
            yield RemoveKey((*path, key))
    for key, value in wanted.items():
        if key not in base or _is_another(base[key], value):
            yield SetValue((*path, key), value)
        else:
            yield from _of((*path, key), base[key], value)


def _of_list(path: DataPath, base: list[Data], wanted: list[Data]) -> Iterator[IssueChange]:
    same = {one: two for one, two in aligned(base, wanted).items() if not _is_another(base[one], wanted[two])}
    order: list[int | None] = [index for index in range(len(base)) if index in same]
    for index in reversed(range(len(base))):
        if index not in same:
            yield RemoveItem(path, index)
    came_from = {two: one for one, two in same.items()}
    for to, value in enumerate(wanted):
        if to not in came_from:
            yield InsertItem(path, to, value)
            order.insert(to, None)
        elif (index := order.index(came_from[to])) != to:
            yield MoveItem(path, index, to)
            order.insert(to, order.pop(index))
    for one, two in same.items():
        yield from _of((*path, two), base[one], wanted[two])


def _of_words(path: DataPath, base: Data, wanted: Data) -> Iterator[IssueChange]:
    """Of a translation, whose lists stand in the order of the issue's own, which is settled by now."""
    if isinstance(base, dict) and isinstance(wanted, dict):
        for key, value in base.items():
            if key not in wanted:
                yield RemoveKey((*path, key))
            elif _is_another(value, wanted[key]):
                yield from (RemoveKey((*path, key)), SetValue((*path, key), wanted[key]))
            else:
                yield from _of_words((*path, key), value, wanted[key])
        yield from (SetValue((*path, key), value) for key, value in wanted.items() if key not in base)
    elif isinstance(base, list) and isinstance(wanted, list) and not _are_texts(base, wanted):
        for index in range(max(len(base), len(wanted))):
            before, after = (one[index] if index < len(one) else {} for one in (base, wanted))
            yield from _of_words((*path, index), before or type(after)(), after or type(before)())
    else:
        yield from _of(path, base, wanted)


def _are_texts(base: list[Data], wanted: list[Data]) -> bool:
    """Whether they are lists of texts, which say in another language what they like; the cells of a row do not."""
    return all(isinstance(one, str) for one in (*base, *wanted))
