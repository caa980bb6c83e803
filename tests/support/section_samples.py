"""A section of any type with a word of its own in every key, made from what the model declares. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from annotated_types import MaxLen

from newsletter.issue.part import DeclaredKey, Part, declared_keys
from newsletter.issue.schema import issue_schema
from newsletter.issue.sections.registry import SECTION_TYPES, type_of
from newsletter.issue.sections.section import Section
from newsletter.issue.texts import TextKind

TWICE = 2
"""Entries of a list: one could be the last by chance."""
LEFT_OUT = frozenset({"type", "only_for", "button", "anchor"})
"""Keys of a section that no sample has: `button` is another word for the first of `buttons`, an `anchor` is unique."""
IN_PLACE_OF = {"table": {"rows": {"data"}}, "chart": {"items": {"data", "columns"}}}
"""By type, the key that a section of it needs, and those that say the same from a file."""


@cache
def _schema() -> dict[str, Any]:
    return issue_schema()


@dataclass
class Samples:
    """Makes samples; no two of its words are alike. `links` are what stands in Markdown and in keys for links."""

    word: str = "낱말"
    links: str = "https://www.si.re.kr/"
    schema: Mapping[str, Any] = field(default_factory=_schema)
    """Where the examples are of what is no text."""
    least: bool = False
    """Only the keys that a file has to have."""
    many: int = TWICE
    """Entries of each list, or as many as it may have."""
    said: dict[str, str] = field(default_factory=dict)
    """What a reader is to find in the letter: the place of a text in its section, and its word."""
    addresses: dict[str, str] = field(default_factory=dict)
    """The place of each link that is a key, and its address."""
    in_markdown: list[str] = field(default_factory=list)
    """The places of Markdown, with a link in each."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The place of each picture, and its file."""

    def __post_init__(self) -> None:
        self._numbers = count(100)

    def section(self, type_: str) -> dict[str, Any]:
        """A section of this type, everybody's, with all its keys."""
        return {"type": type_} | self._part(SECTION_TYPES[type_], "")

    def of(self, model: type[Section]) -> dict[str, Any]:
        """The same of a type that a workspace declares; `schema` is to be one with it."""
        return {"type": type_of(model)} | self._part(model, "")

    def words_of(self, model: type[Section]) -> dict[str, Any]:
        return self._part(model, "", translated=True)

    def words(self, type_: str) -> dict[str, Any]:
        """The same section in another language: no pictures, no dates."""
        return self._part(SECTION_TYPES[type_], "", translated=True)

    def _part(self, model: type[Part], place: str, *, translated: bool = False) -> dict[str, Any]:
        keys = {name: key for name, key in declared_keys(model).items() if not translated or key.is_said or key.parts}
        return {
            name: self._value(model, name, key, place, translated)
            for name, key in keys.items()
            if not (issubclass(model, Section) and name in LEFT_OUT | _others(model))
            and (not self.least or model.model_fields[name].is_required() or name in _needed(model))
        }

    def _value(self, model: type[Part], name: str, key: DeclaredKey, place: str, translated: bool) -> Any:  # noqa: ANN401
        here = f"{place}.{name}" if place else name
        if key.kind is None and not key.parts:
            return self.schema["$defs"][model.__name__]["properties"][name]["examples"][0]
        if key.kind and key.nested:
            return [[self._text(key.kind, f"{here}[{row}]") for _ in range(TWICE)] for row in range(TWICE)]
        entries = range(self._entries(model, name))
        if key.kind and key.many:
            return [self._text(key.kind, here) for _ in entries]
        if key.kind:
            return self._text(key.kind, here)
        (part,) = key.parts
        if key.many:
            return [self._part(part, f"{here}[{index}]", translated=translated) for index in entries]
        return self._part(part, here, translated=translated)

    def _entries(self, model: type[Part], name: str) -> int:
        most = [one.max_length for one in model.model_fields[name].metadata if isinstance(one, MaxLen)]
        return min([self.many, *most])

    def _text(self, kind: TextKind, place: str) -> str:
        number = next(self._numbers)
        if kind is TextKind.PICTURE:
            self.pictures[place] = f"p{number}.png"
            return self.pictures[place]
        if kind is TextKind.LINK:
            self.addresses[place] = f"{self.links}{number}"
            return self.addresses[place]
        word = f"{self.word}{number}"
        unique = f"{place} ({number})" if place in self.said else place
        self.said[unique] = word
        if kind.is_markdown:
            self.in_markdown.append(unique)
            return f"**{word}** [이어지는 글](<{self.links}{number}>)"
        return word


def _needed(model: type[Part]) -> set[str]:
    return set(IN_PLACE_OF.get(type_of(model), {}))


def _others(model: type[Part]) -> set[str]:
    return set().union(*IN_PLACE_OF.get(type_of(model), {}).values())
