"""What a key of a model asks of whoever fills it in: a line, a date, a colour, a list of parts. Touches: nothing.

Found by the declared types alone, as in issue/part.py, so that a new key or a new type of section has its fields at
once.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, get_args

from annotated_types import MaxLen, MinLen
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from newsletter.issue.part import DeclaredKey, Part, declared_keys, leaves_of_type
from newsletter.issue.picture_values import Crop, Focus
from newsletter.issue.sections.section import Section
from newsletter.issue.texts import AccentColour, TextKind

FieldKind = Literal[
    "line",
    "text",
    "lines",
    "number",
    "choice",
    "flag",
    "moment",
    "colour",
    "address",
    "part",
    "parts",
    "sections",
    "grid",
    "picture",
    "crop",
    "focus",
]
_BY_TEXT: dict[TextKind, FieldKind] = {
    TextKind.MARKDOWN: "text",
    TextKind.LINK: "address",
    TextKind.PICTURE: "picture",
}


def _reader_of(declared: object) -> BeforeValidator:
    return next(one for one in get_args(declared) if isinstance(one, BeforeValidator))


_BY_VALUE: tuple[tuple[object, FieldKind], ...] = (
    (bool, "flag"),
    (datetime, "moment"),
    (int, "number"),
    (_reader_of(AccentColour), "colour"),
    (_reader_of(Crop), "crop"),
    (_reader_of(Focus), "focus"),
)
"""What a type is made of, and the kind that follows from it; a truth value before a number."""


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What a key may hold, as a form needs to know it."""

    kind: FieldKind
    key: DeclaredKey
    required: bool
    """The key has to be there."""
    may_be_empty: bool = False
    """Although it has to be there, nothing need stand in it."""
    choices: tuple[str, ...] = ()
    """The values of a choice, as they stand in the file."""
    absent: str = ""
    """The value of a choice or a flag that is left out; empty where that is none of them."""
    least: int = 0
    """Entries that a list has to have."""
    most: int | None = None

    @property
    def is_markdown(self) -> bool:
        return self.key.kind is not None and self.key.kind.is_markdown

    @property
    def may_merge(self) -> bool:
        """Merge fields may stand in it, and are of use there."""
        return self.key.kind is not None and self.key.kind.is_read


@cache
def field_shape(model: type[Part], name: str) -> FieldShape:
    """The shape of the key `name` of a model."""
    field, key = model.model_fields[name], declared_keys(model)[name]
    leaves = [*field.metadata, *leaves_of_type(field.annotation)]
    choices = tuple(leaf for leaf in leaves if isinstance(leaf, str) and not isinstance(leaf, TextKind))
    return FieldShape(
        kind=_kind(key, leaves, choices),
        key=key,
        required=field.is_required(),
        may_be_empty=field.is_required() and not key.parts and _takes_nothing(field),
        choices=choices,
        absent=_absent(field),
        least=next((one.min_length for one in field.metadata if isinstance(one, MinLen)), 0),
        most=next((one.max_length for one in field.metadata if isinstance(one, MaxLen)), None),
    )


def _takes_nothing(field: FieldInfo) -> bool:
    alone: Any = field.annotation
    try:
        TypeAdapter(Annotated[(alone, *field.metadata)] if field.metadata else alone).validate_python("")
    except ValidationError:
        return False
    return True


def _kind(key: DeclaredKey, leaves: list[Any], choices: tuple[str, ...]) -> FieldKind:
    if key.nested:
        return "grid"
    if key.parts:
        if any(issubclass(part, Section) for part in key.parts):
            return "sections"
        return "parts" if key.many else "part"
    if key.many:
        return "lines"
    if choices:
        return "choice"
    if key.kind in _BY_TEXT:
        return _BY_TEXT[key.kind]
    return next((kind for part, kind in _BY_VALUE if part in leaves), "line")


def _absent(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, bool):
        return str(default).lower()
    return default if isinstance(default, str) else ""
