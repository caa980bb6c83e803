"""What fields, parts and types of sections are called in the form, in the words of an editor. Touches: nothing.

They lie with the models (issue/told.py). Limits: a key without a label is a KeyError here; the tests of the desk look
at all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.issue.part import Part
from newsletter.issue.sections.own import OwnPart, OwnSection
from newsletter.issue.sections.registry import SECTION_TYPES, type_name
from newsletter.issue.sections.section import Section
from newsletter.issue.told import OwnTypes, issue_words

_WHOLE = "_"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The words of one key, or of a whole mapping, in one language."""

    key: str
    told: Mapping[str, Any]
    language: str

    @property
    def label(self) -> str:
        said = str(self.told["title" if self.language == "en" else f"title_{self.language}"])
        # A workspace need not say what a field of its own type is called.
        return readable(said) if said == self.key else said

    @property
    def help(self) -> str:
        said = self.told.get("help", {}).get(self.language)
        return str(self.told[self.language] if said is None else said)

    @property
    def left_out(self) -> str:
        """What is so where the key is left out; empty where nothing is."""
        return str(self.told.get("left_out", {}).get(self.language, ""))

    def choice(self, value: str) -> str:
        """What a value is called; KeyError where nobody said."""
        return str(self.told["choices"][value][self.language])

    @property
    def chosen_words(self) -> tuple[str, ...]:
        """The values that have a name."""
        return tuple(self.told.get("choices", {}))

    @property
    def examples(self) -> list[Any]:
        """As a file has them, texts or lists of texts: in this language where there are some."""
        typed = [_typed(example) for example in self.told.get("examples", ())]
        plain = [example for example in typed if not _is_korean(example)]
        if self.language != "ko":
            return plain
        return [example for example in typed if _is_korean(example)] or plain


@dataclass(frozen=True, slots=True)
class FormWords:
    """All words of the form, in one language."""

    language: str
    own: OwnTypes = ()

    def of(self, model: type[Part], key: str) -> FieldWords:
        """Of a key; what all sections have is told once. KeyError where nobody told it."""
        words = issue_words(self.own)
        names = (model.__name__, Section.__name__) if issubclass(model, Section) else (model.__name__,)
        for name in names:
            if told := words.get(name, {}).get(key):
                return FieldWords(key, told, self.language)
        raise KeyError(f"nobody told what {model.__name__}.{key} is called")

    def whole(self, model: type[Part]) -> FieldWords:
        return FieldWords(model.__name__, issue_words(self.own)[model.__name__][_WHOLE], self.language)

    def type_label(self, model: type[Section], type_: str) -> str:
        """What a type of section is called, as a title."""
        if type_ in SECTION_TYPES:
            name = type_name(model, self.language)
            return name[:1].upper() + name[1:]
        return self.whole(model).label

    def usual(self, model: type[Part]) -> Sequence[str]:
        """The keys that most letters use, in their order; of what a workspace declares, all that it declares."""
        if issubclass(model, OwnSection):
            return ("heading", *model.declared)
        if issubclass(model, OwnPart):
            return tuple(model.declared)
        return tuple(self.whole(model).told.get("usual", ()))

    def begun_with(self, model: type[Part]) -> Sequence[str]:
        """The keys that a new one has, besides those that it has to have."""
        return tuple(self.whole(model).told.get("fresh", ()))


def readable(name: str) -> str:
    """The name of a key or of a type as words: `x-open_call` is `Open call`."""
    words = name.removeprefix("x-").rpartition("__")[2].replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _typed(example: object) -> object:
    """A value as somebody types it."""
    if isinstance(example, bool):
        return str(example).lower()
    if isinstance(example, list):
        return [_typed(one) for one in example]
    if isinstance(example, dict):
        return {name: _typed(one) for name, one in example.items()}
    return str(example)


def _is_korean(example: object) -> bool:
    if isinstance(example, list):
        return any(map(_is_korean, example))
    if isinstance(example, dict):
        return any(map(_is_korean, example.values()))
    return any("가" <= char <= "힣" for char in str(example))
