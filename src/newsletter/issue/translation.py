"""An issue in another language: what of a translation does not fit the issue, and putting the rest in its place.

Touches: nothing. Limits: pictures, dates and who sees a section are the same in every language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from newsletter.catalogue import Said, Value, phrase
from newsletter.excerpt import suggestion
from newsletter.settings.explain import safe, tidy, unknown_key

from .model import Issue
from .part import DeclaredKey, Part, declared_keys
from .sections.registry import model_of, type_of
from .sections.section import Section
from .translated_parts import PartWords
from .tree import Data, DataPath

_P = TypeVar("_P", bound=Part)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A key (`at_key`) or a value of a translation to which nothing in the issue corresponds."""

    path: DataPath
    message: Said
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Translated:
    """An issue in the words of one language; places are written as in `sections[0].body`."""

    issue: Issue
    language: str
    """Of the words: the translation's, or the newsletter's where there is none."""
    taken: frozenset[str] = frozenset()
    """Places whose text came from the translation."""
    kept: frozenset[str] = frozenset()
    """Places whose text the translation lacks, so that it stays in the newsletter's language."""

    def place(self, place: str) -> str:
        """Where in the file the text of this place was written."""
        return f"translations.{self.language}.{place}" if place in self.taken else place


def translate(issue: Issue, language: str, own: str) -> Translated:
    """The issue in `language`; `own` is the newsletter's, in which the issue is written."""
    words = issue.translations.get(language)
    if words is None:
        return Translated(issue, own)
    notes = _Notes()
    return Translated(notes.put(issue, words, ""), language, frozenset(notes.taken), frozenset(notes.kept))


@dataclass(slots=True)
class _Notes:
    taken: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def put(self, part: _P, words: PartWords | None, place: str) -> _P:
        before = f"{place}." if place else ""
        said = [name for name, key in declared_keys(type(part)).items() if key.is_said or key.parts]
        names = [name for name in said if words is None or name in type(words).model_fields]
        texts = {name: self._value(getattr(part, name), getattr(words, name, None), before + name) for name in names}
        return part.model_copy(update=texts)

    def _value(self, mine: Any, theirs: Any, place: str) -> object:  # noqa: ANN401 - any two values of one key
        if mine is None and isinstance(theirs, Part):
            return None
        if isinstance(mine, Part):
            return self.put(mine, theirs, place)
        if isinstance(mine, tuple) and mine and isinstance(mine[0], Part):
            entries = theirs or ()
            return tuple(
                self.put(part, entries[index] if index < len(entries) else None, f"{place}[{index}]")
                for index, part in enumerate(mine)
            )
        if theirs:
            self.taken.add(place)
        elif mine:
            self.kept.add(place)
        if theirs and mine and isinstance(mine, tuple) and isinstance(mine[0], tuple):
            return tuple(_cells(row, theirs[index] if index < len(theirs) else ()) for index, row in enumerate(mine))
        return theirs or mine


def _cells(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """A row of a table in other words: cells left out or empty, such as numbers, stay as they are."""
    return (*(other or own for own, other in zip(mine, theirs, strict=False)), *mine[len(theirs) :])


def misfits(data: Data, model: type[Issue] = Issue) -> Iterator[Misfit]:
    """What no model alone can see in the file's data: words for a key, a part or an entry that the issue has not."""
    issue = _mapping(data)
    (translation,) = _models_of_words(declared_keys(model)["translations"])
    for language, words in _mapping(issue.get("translations")).items():
        yield from _misfits(_mapping(words), issue, translation, model, ("translations", language))


def doubled_anchors(data: Data) -> Iterator[Misfit]:
    """Sections that have the anchor of one before them, which no model of a section alone can see."""
    first: dict[str, int] = {}
    for index, section in enumerate(_list(_mapping(data).get("sections"))):
        anchor = _mapping(section).get("anchor")
        if isinstance(anchor, str) and anchor and first.setdefault(anchor, index) != index:
            said = phrase("issue.value.stands_twice", first=first[anchor])
            yield Misfit(("sections", index, "anchor"), said)


def _misfits(
    words: dict[str, Data], own: dict[str, Data], model: type[PartWords], part: type[Part], path: DataPath
) -> Iterator[Misfit]:
    """`words` are to be of `model` and translate `own`, which is to be a `part`."""
    keys = declared_keys(part)
    known = [name for name in model.model_fields if name in keys and (keys[name].is_said or keys[name].parts)]
    for name in words:
        if name in model.model_fields and name not in known:
            yield Misfit((*path, name), _no_such_key(name, known, part, path), at_key=True)
    for name in known:
        if keys[name].nested:
            yield from _misfits_of_rows(_list(words.get(name)), _list(own.get(name)), name, path)
        inside = _models_of_words(declared_keys(model)[name])
        if not inside:
            continue
        if keys[name].many:
            yield from _misfits_of_list(words, own, name, inside, keys[name].parts, path)
        elif words.get(name) and not own.get(name):
            yield Misfit((*path, name), _nothing_of(name, path), at_key=True)
        else:
            (counterpart,) = keys[name].parts
            theirs, mine = _mapping(words.get(name)), _mapping(own.get(name))
            yield from _misfits(theirs, mine, inside[0], counterpart, (*path, name))


def _misfits_of_rows(words: list[Data], own: list[Data], name: str, path: DataPath) -> Iterator[Misfit]:
    """Rows and cells of a table in other words that the table has not."""
    for index, row in enumerate(words[: len(own)]):
        there = len(_list(own[index]))
        if len(_list(row)) > there:
            yield Misfit((*path, name, index, there), phrase("issue.translation.no_such_cell", count=there))
    if len(words) > len(own):
        yield Misfit((*path, name, len(own)), _no_such_entry(name, len(own)))


def _misfits_of_list(
    words: dict[str, Data],
    own: dict[str, Data],
    name: str,
    models: list[type[PartWords]],
    parts: tuple[type[Part], ...],
    path: DataPath,
) -> Iterator[Misfit]:
    entries = _list(own.get(name))
    for index, theirs in enumerate(_list(words.get(name))):
        here = (*path, name, index)
        if index >= len(entries):
            yield Misfit(here, _no_such_entry(name, len(entries)))
            return
        entry = _mapping(entries[index])
        part = model_of(parts, entry.get("type"))
        if part is not None:
            model = next(model for model in models if part in model.translates)
            yield from _misfits(_mapping(theirs), entry, model, part, here)


def _models_of_words(key: DeclaredKey) -> list[type[PartWords]]:
    return [model for model in key.parts if issubclass(model, PartWords)]


def _no_such_key(name: str, known: list[str], part: type[Part], path: DataPath) -> Said:
    if not issubclass(part, Section):
        return unknown_key(name, known)
    section: dict[str, Value] = {"number": path[-1], "key": safe(name)}
    section["type"] = type_of(part)
    if near := suggestion(name, known):
        return phrase("issue.translation.section_has_no_key_near", near=near, **section)
    return phrase("issue.translation.section_has_no_key", known=tuple(known), **section)


def _no_such_entry(name: str, there: int) -> Said:
    if name == "sections":
        return phrase("issue.translation.no_such_section", count=there)
    return phrase("issue.translation.no_such_entry", count=there, key=name)


def _nothing_of(name: str, path: DataPath) -> Said:
    place = tidy(path[2:])
    if place:
        return phrase("issue.translation.nothing_in_section", key=name, place=place)
    return phrase("issue.translation.nothing_in_issue", key=name)


def _mapping(data: Data | None) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _list(data: Data | None) -> list[Data]:
    return data if isinstance(data, list) else []
