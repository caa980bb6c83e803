"""What every mapping of an issue file has in common, and how all that is in it is found by what its keys are declared
to be: texts, links, mappings inside. Touches: nothing.

Limits: a key is found by its declared type alone, so a text has to be of a type of texts.py that says what it is for;
a bare `str` would be shown, checked, translated and approved by nobody, and is refused when the class is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from .texts import TextKind
from .tree import DataPath


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text of the issue, where it stands in the data, and what it is for."""

    path: DataPath
    text: str
    kind: TextKind


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A key whose value is an address, and the words that are shown for it; links in Markdown are the text's."""

    path: DataPath
    address: str
    words: str


class Part(BaseModel):
    """A mapping of the file: unknown keys are errors, an empty value of an optional key counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        for name, field in cls.model_fields.items():
            leaves = [*field.metadata, *leaves_of_type(field.annotation)]
            if str in leaves and not any(isinstance(leaf, TextKind | BeforeValidator) for leaf in leaves):
                raise TypeError(f"{cls.__name__}.{name} is a bare str: take a type of issue/texts.py, or Image")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {key: value for key, value in data.items() if value != "" or key not in optional}

    @classmethod
    def translated_models(cls) -> "tuple[type[Part], ...]":
        """The models whose words these are: itself, but for a translation's."""
        return (cls,)

    def texts(self, path: DataPath = ()) -> Iterator[PlacedText]:
        """Every text in it that says something, in the order of the model; `path` is its own place."""
        for name, key in declared_keys(type(self)).items():
            for where, value in _values(getattr(self, name), (*path, name)):
                if isinstance(value, Part):
                    yield from value.texts(where)
                elif key.kind and value:
                    yield PlacedText(where, value, key.kind)

    def parts(self, path: DataPath = ()) -> "Iterator[tuple[DataPath, Part]]":
        """This mapping and every one in it, with its place."""
        yield path, self
        for name, key in declared_keys(type(self)).items():
            if key.parts:
                for where, value in _values(getattr(self, name), (*path, name)):
                    if isinstance(value, Part):
                        yield from value.parts(where)

    def links(self, path: DataPath = ()) -> Iterator[PlacedLink]:
        """Every key in it that is an address, with the first words that stand beside it."""
        for where, part in self.parts(path):
            keys = declared_keys(type(part))
            lines = (getattr(part, name) for name, key in keys.items() if key.kind is TextKind.LINE and not key.many)
            words = next(filter(None, lines), "")
            for name, key in keys.items():
                if key.kind is TextKind.LINK and (address := getattr(part, name)):
                    yield PlacedLink((*where, name), address, words)


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """What a model says of one of its keys."""

    kind: TextKind | None = None
    """What its text is for; None where it holds no text."""
    parts: tuple[type[Part], ...] = ()
    """The mapping it holds: one of these."""
    many: bool = False
    """It holds a list."""
    by_name: bool = False
    """It holds a mapping of names that the file chooses, such as those of languages."""
    nested: bool = False
    """It holds a list of lists: the rows of a table."""

    @property
    def is_said(self) -> bool:
        """It is text that another language says in other words."""
        return self.kind is not None and not self.kind.is_file


@cache
def declared_keys(model: type[Part]) -> Mapping[str, DeclaredKey]:
    """The keys of a mapping in the order of the model."""
    return {name: _declared(field.annotation, field.metadata) for name, field in model.model_fields.items()}


def _declared(annotation: Any, metadata: list[Any]) -> DeclaredKey:  # noqa: ANN401 - any type a model may declare
    leaves = [*metadata, *leaves_of_type(annotation)]
    return DeclaredKey(
        kind=next((leaf for leaf in leaves if isinstance(leaf, TextKind)), None),
        parts=tuple(leaf for leaf in leaves if isinstance(leaf, type) and issubclass(leaf, Part)),
        many=get_origin(annotation) is tuple,
        by_name=get_origin(annotation) is dict,
        nested=get_origin(annotation) is tuple and get_origin(get_args(annotation)[0]) is tuple,
    )


def leaves_of_type(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - any type a model may declare
    """What a type is made of: `tuple[OneLine, ...]` is made of text and TextKind.LINE."""
    inside = get_args(annotation)
    if inside and get_origin(annotation) is not dict:
        for leaf in inside:
            yield from leaves_of_type(leaf)
    elif inside:
        yield from leaves_of_type(inside[1])
    else:
        yield annotation


def _values(value: object, path: DataPath) -> Iterator[tuple[DataPath, Any]]:
    """The value itself, or those of a list, also of lists, or of a mapping, each with its place."""
    if isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _values(one, (*path, index))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield (*path, name), one
    else:
        yield path, value
