"""YAML text -> a tree of texts, lists and mappings, each with its place; every scalar is the text that was typed.

Touches: nothing. Limits: one document; aliases, anchors, tags, directives, merge keys and duplicate keys are errors;
nested at most 32 deep with at most 5,000 nodes, refused while the parser is still at the first one too many.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from newsletter.catalogue import Said, phrase

from .scan import DEEPEST
from .traps import plain_words

MOST_NODES = 5_000
"""A hundred times a long letter; the parser takes 0.1 s for them."""
_KNOWN_BY_ITS_START = ("could not find expected ':'", "found unexpected end of stream")
"""Complaints of the parser whose mark is where it gave up, far behind the slip."""
DataPath = tuple[int | str, ...]
Data = str | list["Data"] | dict[str, "Data"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands: lines and columns from 1, the end behind its last character."""

    line: int
    column: int
    end_line: int
    end_column: int
    content: "str | list[Node] | dict[str, Entry]"
    plain: bool = False
    """Text without quotes, where a ` #` ends it."""

    def data(self) -> Data:
        if isinstance(self.content, dict):
            return {key: entry.value.data() for key, entry in self.content.items()}
        return self.content if isinstance(self.content, str) else [item.data() for item in self.content]

    def values(self, path: DataPath = ()) -> "Iterator[tuple[DataPath, Node]]":
        """This value and all in it, with their places in the data."""
        yield path, self
        if isinstance(self.content, dict):
            for key, entry in self.content.items():
                yield from entry.value.values((*path, key))
        elif isinstance(self.content, list):
            for index, item in enumerate(self.content):
                yield from item.values((*path, index))


@dataclass(frozen=True, slots=True)
class Entry:
    key: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong that does not keep the rest from being read."""

    line: int
    column: int
    message: Said
    path: DataPath = ()
    is_repeated: bool = False
    """A key that was there before."""


class TreeError(Exception):
    """What ends the reading. `related` are lines, from 1, where the cause may stand instead."""

    def __init__(
        self, line: int, column: int, message: Said, related: tuple[int, ...] = (), *, final: bool = False
    ) -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.related = line, column, message, related
        self.final = final
        """Refused, not mistyped: there is no use in looking for more."""
        self.opened: tuple[int, int] | None = None
        """Line and column of the innermost `[` or `{` that the parser was in."""


@dataclass(slots=True)
class _Reader:
    events: Iterator[Event]
    flaws: list[Flaw] = field(default_factory=list)
    count: int = 0
    quoted_over_lines: tuple[int, ...] = ()
    brackets: list[tuple[int, int]] = field(default_factory=list)
    """Those that are open, by line and column."""

    def node(self, event: Event, path: DataPath, depth: int) -> Node:
        _refuse_features(event)
        self.count += 1
        if self.count > MOST_NODES:
            raise _error(event, phrase("issue.yaml.has_too_many_values", most=f"{MOST_NODES:,}"), final=True)
        if depth > DEEPEST:
            raise _error(event, phrase("issue.yaml.is_nested_too_deeply", deepest=DEEPEST), final=True)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        in_brackets = isinstance(event, SequenceStartEvent | MappingStartEvent) and event.flow_style
        if in_brackets:
            self.brackets.append((event.start_mark.line + 1, event.start_mark.column + 1))
        content = self._list(path, depth) if isinstance(event, SequenceStartEvent) else self._mapping(path, depth)
        if in_brackets:
            self.brackets.pop()
        return _node(event, content)

    def _scalar(self, event: ScalarEvent) -> Node:
        if event.style in ("'", '"') and event.start_mark.line != event.end_mark.line:
            self.quoted_over_lines = (event.start_mark.line + 1,)
        return _node(event, event.value, plain=not event.style)

    def _list(self, path: DataPath, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: DataPath, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            _refuse_features(event)
            if not isinstance(event, ScalarEvent):
                raise _error(event, phrase("issue.yaml.key_is_no_text"))
            key = self._scalar(event)
            name = event.value
            value = _behind(key, self.node(next(self.events), (*path, name), depth + 1))
            if name == "<<":
                self.flaws.append(Flaw(key.line, key.column, phrase("issue.yaml.merge_keys_not_allowed"), path))
            elif not name.isprintable():
                self.flaws.append(Flaw(key.line, key.column, phrase("issue.yaml.key_holds_invisible_character"), path))
            elif name in entries:
                first = entries[name].key.line
                words = phrase("issue.yaml.is_here_twice", first=first)
                self.flaws.append(Flaw(key.line, key.column, words, (*path, name), is_repeated=True))
            else:
                entries[name] = Entry(key, value)
        return entries


def read_tree(text: str) -> tuple[Node, list[Flaw]]:
    """The root of the only document of `text`, and what is wrong besides. Raises TreeError.

    Of the texts that were read last, the trees are kept: a letter is checked, placed and changed by the same text.
    """
    root, flaws = _tree(text)
    return root, list(flaws)


@dataclass(frozen=True, slots=True)
class ParsedText:
    root: Node
    flaws: tuple[Flaw, ...]
    count: int
    """Of the values."""


@lru_cache(maxsize=8)
def _tree(text: str) -> tuple[Node, tuple[Flaw, ...]]:
    from .tree_by_parts import read_by_parts

    if (root := read_by_parts(text)) is not None:
        return root, ()
    parsed = parse_text_of_tree(text, 1)
    return parsed.root, parsed.flaws


def parse_text_of_tree(text: str, depth: int) -> ParsedText:
    """All of a text, whose root is `depth` deep in an issue: 1 for all of it. Raises TreeError."""
    reader = _Reader(YAML(typ="safe", pure=True).parse(text))
    try:
        return ParsedText(_read(reader, depth), tuple(reader.flaws), reader.count)
    except TreeError as error:
        error.opened = reader.brackets[-1] if reader.brackets else None
        raise


def _read(reader: _Reader, depth: int) -> Node:
    try:
        return _document(reader, depth)
    except MarkedYAMLError as error:
        raise _parser_error(error, reader.quoted_over_lines) from error
    except YAMLError as error:
        raise TreeError(1, 1, phrase("issue.yaml.is_no_yaml", said=str(error)), final=True) from error


def _document(reader: _Reader, depth: int) -> Node:
    root: Node | None = None
    for event in reader.events:
        if isinstance(event, DocumentStartEvent):
            if root is not None:
                raise _error(event, phrase("issue.yaml.begins_second_document"))
            if event.version or event.tags:
                raise TreeError(1, 1, phrase("issue.yaml.directives_not_allowed"), final=True)
        elif isinstance(event, NodeEvent):
            root = reader.node(event, (), depth)
    if root is None:
        raise TreeError(1, 1, phrase("issue.yaml.is_empty"), final=True)
    return root


def _parser_error(error: MarkedYAMLError, suspects: tuple[int, ...]) -> TreeError:
    problem = error.problem or ""
    mark, start = error.problem_mark, error.context_mark
    if start and (mark is None or problem.startswith(_KNOWN_BY_ITS_START) or "'<stream end>'" in problem):
        mark = start
    related = (*suspects, start.line + 1) if start else suspects
    return TreeError(mark.line + 1, mark.column + 1, plain_words(problem), related)


def _refuse_features(event: Event) -> None:
    """What makes YAML more than text, lists and mappings, or less than it looks like."""
    if isinstance(event, AliasEvent):
        raise _error(event, phrase("issue.yaml.aliases_not_allowed"))
    if isinstance(event, NodeEvent) and event.anchor is not None:
        raise _error(event, phrase("issue.yaml.anchors_not_allowed"))
    if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.ctag is not None:
        raise _error(event, phrase("issue.yaml.tags_not_allowed"))


def _behind(key: Node, value: Node) -> Node:
    """A value that was left empty stands behind its key; the parser has already gone on to what comes next."""
    if value.content or not value.plain:
        return value
    column = key.end_column + 1
    return replace(value, line=key.end_line, column=column, end_line=key.end_line, end_column=column)


def _error(event: Event, message: Said, *, final: bool = False) -> TreeError:
    return TreeError(event.start_mark.line + 1, event.start_mark.column + 1, message, final=final)


def _node(event: Event, content: "str | list[Node] | dict[str, Entry]", *, plain: bool = False) -> Node:
    start, end = event.start_mark, event.end_mark
    return Node(start.line + 1, start.column + 1, end.line + 1, end.column + 1, content, plain)
