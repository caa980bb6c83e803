"""Where each key of a TOML file stands, which the standard parser does not tell. Touches: nothing.

Limits: assumes text that tomllib has accepted; what is inside one statement (an array of inline tables) has the
statement's place; for `toml_places`, keys of an array of tables have the place of the last one.
"""

import re
import tomllib
from collections.abc import Iterator

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|"
    r"#[^\n]*|[\[\]{}\n]|[^\[\]{}\n\"'#]+",
    re.DOTALL,
)
Places = dict[tuple[str, ...], tuple[int, int]]


def toml_places(text: str) -> Places:
    """The (line, column), from 1, of the header of every table and of every key of a statement."""
    places: Places = {}
    for line, column, table, keys in written_keys(text):
        if not keys:
            places[table] = (line, column)
        for depth in range(1, len(keys) + 1):
            places.setdefault((*table, *keys[:depth]), (line, column))
    return places


def written_keys(text: str) -> Iterator[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    """Each statement's line and column, its table and its keys in it, none for a header."""
    table: tuple[str, ...] = ()
    for line, column, statement in _statements(text):
        if statement.startswith("["):
            table = _keys(statement.strip("[] \t") + "=0")
            yield line, column, table, ()
        else:
            yield line, column, table, _keys(_before_equals(statement) + "=0")


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
