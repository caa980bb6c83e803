"""The form in which an issue is written, as data: every field with its label, its help and its kind. Touches: nothing.

    {"language": "ko", "issue": [FormField, …], "parts": {"Research": [FormField, …], …},
     "sections": [{"type": "story", "label": "이야기", "help": …, "picture": "palette-story.png", "fields": […],
                   "fresh": {"type": "story", "body": ""}}]}

A page is made from it without knowing any key (web/studio/pages). Limits: `type` is chosen when a section is made, and
`translations` stand beside the fields whose words they are; neither is a field.
"""

from collections.abc import Iterator
from typing import Any, NotRequired, TypedDict

from newsletter.catalogue import spoken_language
from newsletter.issue.model import Issue
from newsletter.issue.part import Part, declared_keys
from newsletter.issue.sections.own import OwnSection
from newsletter.issue.sections.registry import SECTION_TYPES, type_of
from newsletter.issue.sections.section import Section
from newsletter.issue.tree import Data

from .field_kinds import FieldKind, FieldShape, field_shape
from .field_words import FormWords

NOT_IN_THE_FORM = frozenset({"type", "translations"})
_CELLS = 2
"""Columns of a new table."""


class FormChoice(TypedDict):
    value: str
    label: str


class FormField(TypedDict):
    """One field. A value is what the file holds: text as typed, `true`, a list, a mapping."""

    key: str
    label: str
    help: str
    kind: FieldKind
    required: bool
    """The key has to be there."""
    may_be_empty: NotRequired[bool]
    """Of what is required: nothing need stand in it."""
    usual: bool
    """Most letters use it."""
    markdown: bool
    merge: bool
    """Merge fields are of use in it."""
    translatable: bool
    """A translation may say it in other words, or what is inside of it."""
    examples: list[Any]
    default: str
    """What is so where it is left out, in words; empty where nothing is."""
    absent: NotRequired[str]
    """Of a choice or a flag: the value that leaving it out stands for; empty for a choice that has none."""
    choices: NotRequired[list[FormChoice]]
    """Of a choice all values; of a number the words that may stand in its place."""
    of: NotRequired[str]
    """Of parts: the name of their fields in `parts`."""
    entry: NotRequired[str]
    """What one of them is called."""
    fresh: NotRequired[Data]
    """A new one."""
    least: NotRequired[int]
    most: NotRequired[int | None]
    """Entries of a list; None: as many as one likes."""


class SectionForm(TypedDict):
    """A type of section, to be chosen from the palette and filled in."""

    type: str
    label: str
    help: str
    picture: str | None
    """A file beside the page; None for a type of the workspace."""
    fields: list[FormField]
    fresh: Data


class FormDescription(TypedDict):
    language: str
    issue: list[FormField]
    parts: dict[str, list[FormField]]
    sections: list[SectionForm]


def form_description(issue: type[Part], language: str) -> FormDescription:
    """The form of an issue (own_models.issue_with for a workspace with types of its own), in words of a language."""
    models = [part for part in declared_keys(issue)["sections"].parts if issubclass(part, Section)]
    own = tuple(model for model in models if issubclass(model, OwnSection))
    form = _Form(FormWords(spoken_language(language), own))
    return {
        "language": form.words.language,
        "issue": form.fields(issue),
        "parts": {part.__name__: form.fields(part) for part in dict.fromkeys(_parts_of(issue))},
        "sections": [form.section(model) for model in models],
    }


def palette_picture(type_: str) -> str | None:
    """The file of the picture of a type, in the palette; None for one that a workspace declares."""
    return f"palette-{type_}.png" if type_ in SECTION_TYPES else None


def _parts_of(model: type[Part]) -> Iterator[type[Part]]:
    """The models of every mapping that is no section."""
    for name, key in declared_keys(model).items():
        for part in key.parts if name not in NOT_IN_THE_FORM else ():
            if not issubclass(part, Section):
                yield part
            yield from _parts_of(part)


class _Form:
    """Describes models, in the words of one language."""

    def __init__(self, words: FormWords) -> None:
        self.words = words

    def section(self, model: type[Section]) -> SectionForm:
        type_ = type_of(model)
        return {
            "type": type_,
            "label": self.words.type_label(model, type_),
            "help": self.words.whole(model).help,
            "picture": palette_picture(type_),
            "fields": self.fields(model),
            "fresh": {"type": type_, **self._fresh(model)},
        }

    def fields(self, model: type[Part]) -> list[FormField]:
        """First those that most letters use, then its own, then what every section has."""
        usual = self.words.usual(model)
        shared = Section.model_fields if issubclass(model, Section) else {}
        more = sorted((name for name in model.model_fields if name not in usual), key=lambda name: name in shared)
        return [
            self._field(model, name, usual=name in usual) for name in (*usual, *more) if name not in NOT_IN_THE_FORM
        ]

    def _field(self, model: type[Part], name: str, *, usual: bool) -> FormField:
        words, shape = self.words.of(model, name), field_shape(model, name)
        default = words.left_out
        if not default and shape.kind == "choice" and shape.absent:
            default = words.choice(shape.absent)
        field: FormField = {
            "key": name,
            "label": words.label,
            "help": words.help,
            "kind": shape.kind,
            "required": shape.required,
            "usual": usual,
            "markdown": shape.is_markdown,
            "merge": shape.may_merge,
            "translatable": name in _said_in_translations(model),
            "examples": [] if shape.key.parts else words.examples,
            "default": default,
        }
        if shape.may_be_empty:
            field["may_be_empty"] = True
        if shape.kind in {"choice", "flag"}:
            field["absent"] = shape.absent
        if values := shape.choices or words.chosen_words:
            field["choices"] = [{"value": value, "label": words.choice(value)} for value in values]
        if shape.key.many:
            field["least"], field["most"] = shape.least, shape.most
        if shape.kind in {"part", "parts"}:
            (part,) = shape.key.parts
            field["of"], field["entry"] = part.__name__, self.words.whole(part).label
            field["fresh"] = self._fresh(part)
        return field

    def _fresh(self, model: type[Part]) -> dict[str, Data]:
        """A new one without a text: what it has to have, to be filled in."""
        begun = self.words.begun_with(model)
        shapes = {name: field_shape(model, name) for name in model.model_fields if name not in NOT_IN_THE_FORM}
        return {name: self._empty(shape) for name, shape in shapes.items() if shape.required or name in begun}

    def _empty(self, shape: FieldShape) -> Data:
        if shape.kind == "grid":
            return [[""] * _CELLS for _ in range(shape.least)]
        if shape.kind not in {"part", "parts"}:
            return [] if shape.key.many else ""
        (part,) = shape.key.parts
        return [self._fresh(part) for _ in range(max(shape.least, 1))] if shape.key.many else self._fresh(part)


def _said_in_translations(model: type[Part]) -> frozenset[str]:
    """The keys of a mapping that a translation may have, too."""
    keys = declared_keys(model)
    if issubclass(model, Issue):
        (translation,) = keys["translations"].parts
        return frozenset(translation.model_fields)
    return frozenset(name for name, key in keys.items() if key.is_said or key.parts)
