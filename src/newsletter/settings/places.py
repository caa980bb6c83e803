"""Where each key of a TOML file stands, which the standard parser does not tell. Touches: nothing.

Limits: assumes text that tomllib has accepted; what is inside one statement (an array of inline tables) has the
statement's place; for `toml_places`, keys of an array of tables have the place of the last one.
"""

import re
import tomllib
from collections.abc import Iterator

from newsletter.catalogue import Said, phrase

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|"
    r"#[^\n]*|[\[\]{}\n]|[^\[\]{}\n\"'#]+",
    re.DOTALL,
)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
Places = dict[tuple[str, ...], tuple[int, int]]


def toml_places(text: str) -> Places:
    """The (line, column), from 1, of the header of every table and of every key of a statement."""
    places: Places = {}
    table: tuple[str, ...] = ()
    for line, column, statement in _statements(text):
        if statement.startswith("["):
            table = _keys(statement.strip("[] \t") + "=0")
            places[table] = (line, column)
        else:
            keys = _keys(_before_equals(statement) + "=0")
            for depth in range(1, len(keys) + 1):
                places.setdefault((*table, *keys[:depth]), (line, column))
    return places


def array_places(text: str, name: str) -> list[Places]:
    """For each table `[[name]]`, where its keys stand; `()` is its header."""
    tables: list[Places] = []
    inside = False
    for line, column, statement in _statements(text):
        if statement.startswith("["):
            inside = statement.startswith("[[") and _keys(statement.strip("[] \t") + "=0") == (name,)
            if inside:
                tables.append({(): (line, column)})
        elif inside:
            tables[-1].setdefault(_keys(_before_equals(statement) + "=0"), (line, column))
    return tables


def broken_at(error: tomllib.TOMLDecodeError, text: str) -> tuple[Said, int, int]:
    """What the standard parser found wrong, in words that go on after a colon, and the line and column of it."""
    message = str(error)
    at = _AT.search(message)
    lines = text.split("\n")
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    words = _AT.sub("", message)
    return phrase("settings.file.is_no_toml", said=words[:1].lower() + words[1:]), line, column


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Each statement with the place of its first character; brackets and strings may hold line ends."""
    line, start, depth, statement = 1, (1, 1), 0, ""
    for match in _TOKEN.finditer(text + "\n"):
        piece = match[0]
        if not statement.strip():
            indent = len(piece) - len(piece.lstrip())
            start = (line, match.start() - text.rfind("\n", 0, match.start()) + indent)
        line += piece.count("\n")
        if piece == "\n" and depth <= 0:
            if statement.strip():
                yield *start, statement.strip()
            statement = ""
        elif not piece.startswith("#"):
            depth += (piece in {"[", "{"}) - (piece in {"]", "}"})
            statement += piece


def _before_equals(statement: str) -> str:
    """The key of `key = value`; the first `=` outside quotes ends it."""
    key = ""
    for match in _TOKEN.finditer(statement):
        before, equals, _ = match[0].partition("=")
        if equals and match[0][0] not in "\"'":
            return key + before
        key += match[0]
    return key


def _keys(assignment: str) -> tuple[str, ...]:
    """("a", "b c") of `a."b c"=0`: the standard parser unquotes it."""
    try:
        node: object = tomllib.loads(assignment)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        keys.append(key)
    return tuple(keys)
