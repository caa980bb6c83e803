"""The words of an issue in another language, as written under `translations:`. Touches: nothing.

Every key may be left out; what is missing is said in the newsletter's own language. Lists stand in the order of the
issue's: the second entry of `sections` translates its second section, and `{}` passes one over. What a section, a
picture or a card can say in other words follows from its model, so that a new type of section can be translated at
once. Limits: which keys fit which section, and how many entries there may be, only the whole file can tell
(translation.py).
"""

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import create_model, model_validator

from .part import DeclaredKey, Part, declared_keys
from .sections.registry import SECTION_TYPES
from .sections.section import Image
from .texts import Cell, Link, MarkdownLine, MarkdownText, NameLine, OneLine, TextKind

_VALUES: dict[TextKind, Any] = {
    TextKind.LINE: OneLine,
    TextKind.NAME: NameLine,
    TextKind.MARKDOWN: MarkdownText,
    TextKind.MARKDOWN_LINE: MarkdownLine,
    TextKind.LINK: Link,
}


class PartWords(Part):
    """Texts in place of the issue's own; an entry of a list that is left empty translates nothing."""

    translates: ClassVar[tuple[type[Part], ...]] = ()
    """The models whose words these are."""

    @classmethod
    def translated_models(cls) -> tuple[type[Part], ...]:
        return cls.translates

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, data: object) -> object:
        return {} if data == "" else data


@cache
def words_for(name: str, parts: tuple[type[Part], ...]) -> type[PartWords]:
    """A model with all that any of `parts` can say in other words: first the texts, then the mappings in them."""
    merged: dict[str, DeclaredKey] = {}
    for part in parts:
        for key, declared in declared_keys(part).items():
            if declared.is_said or declared.parts:
                merged[key] = _merged(key, merged.get(key, declared), declared)
    ordered = sorted(merged.items(), key=lambda named: bool(named[1].parts))
    fields = {key: _field(name, key, declared) for key, declared in ordered}
    model = create_model(name, __base__=PartWords, __module__=__name__, __doc__="In another language.", **fields)
    model.translates = parts
    return model


def _merged(name: str, one: DeclaredKey, other: DeclaredKey) -> DeclaredKey:
    """What two types of sections have under the same key, which a translation knows by its name alone."""
    if (one.kind, one.many, one.nested) != (other.kind, other.many, other.nested):
        raise TypeError(f"two types of sections mean different things by `{name}`; call one by another name")
    return DeclaredKey(one.kind, tuple(dict.fromkeys(one.parts + other.parts)), one.many, nested=one.nested)


def _field(owner: str, name: str, key: DeclaredKey) -> Any:  # noqa: ANN401 - what create_model takes
    if key.nested:
        return tuple[tuple[Cell, ...], ...], ()
    value: Any = words_for(_name(owner, name), key.parts) if key.kind is None else _VALUES[key.kind]
    if key.many:
        return tuple[value, ...], ()
    return (value | None, None) if key.kind in {None, TextKind.LINK} else (value, "")


def _name(owner: str, key: str) -> str:
    """`ItemWords`; within a type that a workspace declares (`x-project__Words`), a name that no other has."""
    outer, within, words = owner.rpartition("__")
    return f"{outer}__{key}__{words}" if within else f"{key.removesuffix('s').capitalize()}Words"


if TYPE_CHECKING:
    # Which keys they have follows from the types of sections, which a type checker does not read.
    class ImageWords(PartWords):
        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401

    class SectionWords(PartWords):
        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401

else:
    ImageWords = words_for("ImageWords", (Image,))
    SectionWords = words_for("SectionWords", tuple(SECTION_TYPES.values()))


class Translation(PartWords):
    """The issue in one other language."""

    title: OneLine = ""
    subject: OneLine = ""
    preheader: OneLine = ""
    summary: tuple[MarkdownLine, ...] = ()
    intro: MarkdownText = ""
    hero: ImageWords | None = None
    sections: tuple[SectionWords, ...] = ()
    closing: MarkdownText = ""
