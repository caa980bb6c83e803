"""What a workspace declares of a type of section of its own: `section.toml` -> its fields. Touches: nothing.

    title = "Project"
    [fields]
    name = { type = "line", required = true }
    ends = { type = "time", label = { ko = "마감", en = "Until" } }
    about = "markdown"

The order of the fields is that of the file. Limits: a list has fields of its own, but no list among them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from newsletter.catalogue import SILENCE, Said, known_language, phrase
from newsletter.errors import InputError, Problem
from newsletter.excerpt import excerpt, suggestion
from newsletter.language_tags import TAG
from newsletter.settings.explain import WrongValueError, explain, safe, tidy, unknown_key
from newsletter.settings.places import toml_places
from newsletter.settings.toml_faults import toml_fault

from .part import Part
from .sections.section import Section
from .texts import typed

FieldType = Literal["line", "name", "markdown", "markdown_line", "link", "image", "time", "number", "flag", "list"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
MOST_FIELDS = 40
_MOST_PROBLEMS = 20
_FIELD_NAME = re.compile(r"(?!.*__)[a-z][a-z0-9_]{0,39}", re.ASCII)
"""Without `__`, which parts the names of the models that are made."""
_TAKEN = frozenset({"labels", "untranslated", "publish_at", "declared", "declaration", "translates"})
"""What a template finds beside the fields, the one time that a whole issue has, and what the models are made with."""
_OF_SECTIONS = frozenset({*Section.model_fields, "button"})
"""The keys that every section has, and the one that stands for the first of its buttons."""


def _type(value: object) -> str:
    if isinstance(value, str) and value in FIELD_TYPES:
        return value
    found = f"`{safe(value)}`" if isinstance(value, str) else SILENCE
    if isinstance(value, str) and (near := suggestion(value, FIELD_TYPES)):
        raise WrongValueError(phrase("issue.own.no_such_type_near", found=found, near=near, known=FIELD_TYPES))
    raise WrongValueError(phrase("settings.value.must_be_one_of", known=FIELD_TYPES))


def _words(value: object) -> dict[str, str]:
    """Words in one language or several, by language; those of no language are told in every one."""
    by_language = value if isinstance(value, dict) else {"": value}
    for language, said in by_language.items():
        if language and not re.fullmatch(TAG, language):
            raise WrongValueError(phrase("issue.value.must_be_language"))
        if not isinstance(said, str) or not said.strip():
            raise WrongValueError(phrase("issue.own.must_be_words"))
    return {language: " ".join(typed(said).split()) for language, said in by_language.items()}


Words = Annotated[dict[str, str], BeforeValidator(_words)]


class FieldDeclaration(BaseModel):
    """One field; `name = "line"` is short for `name = { type = "line" }`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Annotated[FieldType, BeforeValidator(_type)]
    required: StrictBool = False
    label: Words = Field(default_factory=dict)
    """Stands before the value in the text part; editors see it as the title of the field."""
    about: Words = Field(default_factory=dict)
    """What editors are told."""
    width: Annotated[StrictInt, Field(ge=16, le=600)] | None = None
    """Of an image: the CSS pixels of its place; None: the column of text."""
    fields: "dict[str, FieldDeclaration]" = Field(default_factory=dict)
    """Of a list: what each of its entries has."""

    @model_validator(mode="before")
    @classmethod
    def _type_alone(cls, data: object) -> object:
        return {"type": data} if isinstance(data, str) else data

    @field_validator("width")
    @classmethod
    def _is_of_an_image(cls, width: int | None, info: Any) -> int | None:  # noqa: ANN401 - of pydantic
        if info.data.get("type", "image") != "image":
            raise WrongValueError(phrase("issue.own.is_for_images"))
        return width

    @model_validator(mode="after")
    def _list_has_fields(self) -> "FieldDeclaration":
        if (self.type == "list") != bool(self.fields):
            raise WrongValueError(phrase("issue.own.list_needs_fields"))
        if any(one.type == "list" for one in self.fields.values()):
            raise WrongValueError(phrase("issue.own.no_list_in_a_list"))
        return self


class SectionDeclaration(BaseModel):
    """A type of section."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Words = Field(default_factory=dict)
    """What it is called where an editor chooses; left out: as its folder."""
    about: Words = Field(default_factory=dict)
    fields: Annotated[dict[str, FieldDeclaration], Field(min_length=1)]


def read_declaration(text: str, file: str) -> SectionDeclaration:
    """The declaration in the text of a `section.toml`, which `file` names. Raises InputError with every problem."""
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise InputError(problems=[Problem(phrase("settings.file.is_nested_too_deeply"), file)]) from None
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(error, text)
        problem = _placed(fault.said, file, text, (fault.line, fault.column), (), fault.hint)
        raise InputError(problems=[problem]) from None
    declared, faults = None, list(_misnamed(data))
    try:
        declared = SectionDeclaration.model_validate(data)
    except ValidationError as error:
        faults += [_fault(detail) for detail in error.errors(include_url=False, include_input=False)]
    if (count := sum(1 for _ in _names(data))) > MOST_FIELDS:
        faults.append((("fields",), phrase("issue.own.too_many_fields", count=count, most=str(MOST_FIELDS))))
    if faults or declared is None:
        places = toml_places(text)
        problems = [_placed(said, file, text, _place(path, places), path) for path, said in faults[:_MOST_PROBLEMS]]
        raise InputError(problems=sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))
    return declared


def said_in(words: Mapping[str, str], language: str, default: str = "") -> str:
    """Words of a declaration in the language that is nearest."""
    return words.get(known_language(language, next(iter(words), ""), words), default)


_Path = tuple[str | int, ...]


def _names(data: Mapping[str, Any], path: _Path = ()) -> Iterator[tuple[_Path, str]]:
    fields = data.get("fields")
    for name, field in fields.items() if isinstance(fields, dict) else ():
        yield (*path, "fields", name), name
        if isinstance(field, dict) and not path:
            yield from _names(field, (*path, "fields", name))


def _misnamed(data: Mapping[str, Any]) -> Iterator[tuple[_Path, Said]]:
    for path, name in _names(data):
        if not _FIELD_NAME.fullmatch(name):
            yield path, phrase("issue.own.must_be_field_name")
        elif len(path) == len(("fields", name)) and name in _OF_SECTIONS:
            yield path, phrase("issue.own.every_section_has_it", name=name)
        elif name in _TAKEN or name.startswith("model_") or hasattr(Part, name):
            yield path, phrase("issue.own.name_is_taken", name=name)


def _fault(detail: ErrorDetails) -> tuple[_Path, Said]:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        known = list(SectionDeclaration.model_fields if len(path) == 1 else FieldDeclaration.model_fields)
        return path, unknown_key(str(path[-1]), known)
    return path, explain(detail)


def _place(path: _Path, places: Mapping[tuple[str, ...], tuple[int, int]]) -> tuple[int, int]:
    """Of the key, else of the nearest around it: what is in braces stands where its statement does."""
    keys = tuple(map(str, path))
    return next((places[keys[:size]] for size in range(len(keys), 0, -1) if keys[:size] in places), (1, 1))


def _placed(said: Said, file: str, text: str, where: tuple[int, int], path: _Path, hint: Said = SILENCE) -> Problem:
    line, column = where
    written = text.split("\n")
    shown = excerpt(written[line - 1], column) if line <= len(written) and written[line - 1].strip() else ""
    return Problem(said, file, line, column, tidy(path), shown, hint)
