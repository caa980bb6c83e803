"""What a page sends, as values: changes of an issue's data, and the words around them. Touches: nothing.

Limits: a value is a text, a list or a mapping of them, at most as deep as an issue; whatever else is malformed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.issue.scan import DEEPEST
from newsletter.issue.tree import MOST_NODES, Data, DataPath

MOST_CHANGES = 500
_LONGEST_WORD = 200
"""Characters of a slug, a version, a window, a group, a key."""


class MalformedError(Exception):
    """Not what a page of ours sends."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A body of JSON that is an object; each method raises MalformedError where there is something else."""

    body: Mapping[str, object]

    def word(self, name: str, default: str | None = None) -> str:
        value = self.body.get(name, default)
        if not isinstance(value, str) or len(value) > _LONGEST_WORD:
            raise MalformedError(name)
        return value

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str):
            raise MalformedError(name)
        return value

    def changes(self) -> list[IssueChange]:
        changes = self.body.get("changes")
        if not isinstance(changes, list) or not 0 < len(changes) <= MOST_CHANGES:
            raise MalformedError("changes")
        return [_change(one) for one in changes]


def _change(given: object) -> IssueChange:
    if not isinstance(given, dict):
        raise MalformedError("changes")
    path = _path(given.get("path"))
    match given.get("op"):
        case "set":
            return SetValue(path, _value(given))
        case "remove_key":
            return RemoveKey(path)
        case "insert":
            return InsertItem(path, _index(given, "index"), _value(given))
        case "move":
            return MoveItem(path, _index(given, "index"), _index(given, "to"))
        case "copy":
            return CopyItem(path, _index(given, "index"), _index(given, "to"))
        case "remove":
            return RemoveItem(path, _index(given, "index"))
    raise MalformedError("op")


def _path(given: object) -> DataPath:
    if not isinstance(given, list) or not 0 < len(given) <= DEEPEST:
        raise MalformedError("path")
    return tuple(_key(part) if isinstance(part, str) else _number(part, "path") for part in given)


def _key(given: str) -> str:
    if len(given) > _LONGEST_WORD:
        raise MalformedError("path")
    return given


def _index(given: dict[str, object], name: str) -> int:
    return _number(given.get(name), name)


def _number(given: object, name: str) -> int:
    # `true` is a number for Python, and none for us.
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= MOST_NODES:
        raise MalformedError(name)
    return given


def _value(given: dict[str, object]) -> Data:
    if "value" not in given:
        raise MalformedError("value")
    return _data(given["value"], DEEPEST)


def _data(given: object, depth: int) -> Data:
    if isinstance(given, str):
        return given
    if depth == 0:
        raise MalformedError("value")
    if isinstance(given, list):
        return [_data(one, depth - 1) for one in given]
    if isinstance(given, dict):
        return {_key(key): _data(one, depth - 1) for key, one in given.items()}
    raise MalformedError("value")
