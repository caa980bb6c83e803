"""Declarations of a workspace's own types of sections -> models, and the issue that may hold them. Touches: nothing.

A class is made once for each text of a declaration. In a translation, too, the words of such a section are of a model
of their own, so that two types may mean different things by one name.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Field, ValidationInfo, WrapValidator, create_model

from .model import Issue
from .own_declaration import FieldDeclaration, read_declaration
from .sections.own import OwnPart, OwnSection
from .sections.registry import SECTION_TYPES, model_of
from .sections.section import Image
from .texts import (
    FileContext,
    Flag,
    LanguageCode,
    Link,
    MarkdownLine,
    MarkdownText,
    NameLine,
    Number,
    OneLine,
    Timestamp,
)
from .translated_parts import PartWords, SectionWords, Translation, words_for

_VALUES: Mapping[str, tuple[Any, Any]] = {
    "line": (OneLine, ""),
    "name": (NameLine, ""),
    "markdown": (MarkdownText, ""),
    "markdown_line": (MarkdownLine, ""),
    "link": (Link | None, None),
    "image": (Image | None, None),
    "time": (Timestamp | None, None),
    "number": (Number | None, None),
    "flag": (Flag, False),
}
"""The type of each field, and what it is where it is left out."""
_REQUIRED: Mapping[str, Any] = {"link": Link, "image": Image, "time": Timestamp, "number": Number}


@lru_cache(maxsize=64)
def own_model(name: str, text: str, file: str) -> type[OwnSection]:
    """The model of the type `name`, declared by `text`, which `file` names. Raises InputError with every problem."""
    declaration = read_declaration(text, file)
    kind: Any = Literal.__getitem__(name)
    fields = {"type": (kind, ...), **_fields(name, declaration.fields)}
    model: type[OwnSection] = create_model(name, __base__=OwnSection, __module__=__name__, **fields)
    model.declared, model.declaration = declaration.fields, declaration
    return model


def _fields(owner: str, declared: Mapping[str, FieldDeclaration]) -> dict[str, Any]:
    return {name: _field(f"{owner}__{name}", one) for name, one in declared.items()}


def _field(name: str, declared: FieldDeclaration) -> tuple[Any, Any]:
    if declared.type == "list":
        part: Any = create_model(name, __base__=OwnPart, __module__=__name__, **_fields(name, declared.fields))
        part.declared = declared.fields
        entries = tuple[part, ...]
        return (Annotated[entries, Field(min_length=1)], ...) if declared.required else (entries, ())
    value, left_out = _VALUES[declared.type]
    return (_REQUIRED.get(declared.type, value), ...) if declared.required else (value, left_out)


@lru_cache(maxsize=32)
def issue_with(own: tuple[type[OwnSection], ...]) -> type[Issue]:
    """The model of an issue that may have sections of these types, too."""
    if not own:
        return Issue
    section: Any = Annotated[Union[(*SECTION_TYPES.values(), *own)], Field(discriminator="type")]
    translation: Any = _translation_with(own)
    fields: dict[str, Any] = {
        "sections": (tuple[section, ...], ()),
        "translations": (dict[LanguageCode, translation], Field(default_factory=dict)),
    }
    return create_model("Issue", __base__=Issue, __module__=__name__, **fields)


class _Entry(dict[str, Any]):
    """The words of a section in a translation, and the model that they are of."""

    model: type[PartWords]


def _translation_with(own: tuple[type[OwnSection], ...]) -> type[Translation]:
    models: tuple[type[PartWords], ...] = (
        SectionWords,
        *(words_for(f"{model.__name__}__Words", (model,)) for model in own),
    )

    def with_models(entries: object, info: ValidationInfo[FileContext]) -> object:
        types = info.context.section_types
        if not isinstance(entries, list):
            return entries
        return [_entry(entry, models, types[index : index + 1]) for index, entry in enumerate(entries)]

    entry: Any = Annotated[Union[models], WrapValidator(_read)]  # noqa: UP007 - of a tuple that is made here
    fields: dict[str, Any] = {"sections": (Annotated[tuple[entry, ...], BeforeValidator(with_models)], ())}
    return create_model("Translation", __base__=Translation, __module__=__name__, **fields)


def _entry(entry: object, models: tuple[type[PartWords], ...], type_: tuple[str, ...]) -> object:
    model = model_of(models, "".join(type_)) or SectionWords
    if not isinstance(entry, dict) or not issubclass(model, PartWords):
        return entry
    marked = _Entry(entry)
    marked.model = model
    return marked


def _read(entry: object, _: object, info: ValidationInfo[FileContext]) -> PartWords:
    model = entry.model if isinstance(entry, _Entry) else SectionWords
    return model.model_validate(entry, context=info.context)
