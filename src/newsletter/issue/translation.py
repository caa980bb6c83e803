"""An issue in another language: what of a translation does not fit the issue, and putting the rest in its place.

Touches: nothing. Limits: pictures, dates and who sees a section are the same in every language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from newsletter.settings.explain import tidy, unknown_key

from .model import KINDS, Button, Event, Figure, Image, Issue, Research
from .part import Part
from .translated_parts import ButtonWords, ImageWords, ItemWords, PartWords, ResearchWords, SectionWords, Translation
from .tree import Data, DataPath

_P = TypeVar("_P", bound=Part)
_WORDS: dict[type[Part], type[PartWords]] = {
    Issue: Translation,
    Image: ImageWords,
    Research: ResearchWords,
    Button: ButtonWords,
    Figure: ItemWords,
    Event: ItemWords,
    **dict.fromkeys(KINDS.values(), SectionWords),
}
_ITEMS: dict[str, type[Part]] = {"figures": Figure, "events": Event}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A key (`at_key`) or a value of a translation to which nothing in the issue corresponds."""

    path: DataPath
    message: str
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

    def put(self, part: _P, words: PartWords, place: str) -> _P:
        names = [name for name in type(words).model_fields if name in type(part).model_fields]
        before = f"{place}." if place else ""
        texts = {name: self._value(getattr(part, name), getattr(words, name), before + name) for name in names}
        return part.model_copy(update=texts)

    def _value(self, mine: Any, theirs: Any, place: str) -> object:  # noqa: ANN401 - any two values of one key
        if mine is None and isinstance(theirs, Part):
            return None
        if isinstance(mine, Part):
            return self.put(mine, theirs or _WORDS[type(mine)](), place)
        if isinstance(mine, tuple) and mine and isinstance(mine[0], Part):
            return tuple(
                self.put(part, theirs[index] if index < len(theirs) else _WORDS[type(part)](), f"{place}[{index}]")
                for index, part in enumerate(mine)
            )
        if theirs:
            self.taken.add(place)
        elif mine:
            self.kept.add(place)
        return theirs or mine


def misfits(data: Data) -> Iterator[Misfit]:
    """What no model alone can see in the file's data: words for a key, a part or an entry that the issue has not."""
    issue = _mapping(data)
    for language, words in _mapping(issue.get("translations")).items():
        path = ("translations", language)
        yield from _counterpart(_mapping(words), issue, "hero", path)
        sections = _list(issue.get("sections"))
        for index, (here, section, theirs) in enumerate(_pairs(words, sections, "sections", path)):
            if index >= len(sections):
                yield Misfit(here, f"there is no such section: the issue has {len(sections)}")
                break
            yield from _section(theirs, section, here)


def _section(words: dict[str, Data], section: dict[str, Data], path: DataPath) -> Iterator[Misfit]:
    kind = section.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        return
    known = [name for name in SectionWords.model_fields if name in KINDS[kind].model_fields]
    for name in words:
        if name in SectionWords.model_fields and name not in known:
            message = unknown_key(name, known).replace("unknown key", f"section {path[-1]} is a {kind}, which has no")
            yield Misfit((*path, name), message, at_key=True)
    for name in {"image", "button"} & set(known):
        yield from _counterpart(words, section, name, path)
    for name in {"research", "items"} & set(known):
        entries = _list(section.get(name))
        for index, (here, _, theirs) in enumerate(_pairs(words, entries, name, path)):
            if index >= len(entries):
                yield Misfit(here, f"there is nothing to translate here: the section has {len(entries)} in its {name}")
                break
            if name == "items":
                yield from _item(theirs, kind, here)


def _item(words: dict[str, Data], kind: str, path: DataPath) -> Iterator[Misfit]:
    known = [name for name in ItemWords.model_fields if name in _ITEMS[kind].model_fields]
    for name in words:
        if name in ItemWords.model_fields and name not in known:
            yield Misfit((*path, name), unknown_key(name, known), at_key=True)


def _counterpart(words: dict[str, Data], own: dict[str, Data], name: str, path: DataPath) -> Iterator[Misfit]:
    if words.get(name) and not own.get(name):
        place = tidy(path[2:])
        yield Misfit((*path, name), f"there is no {name} to translate in {place or 'the issue'}", at_key=True)


def _pairs(
    words: Data, entries: list[Data], name: str, path: DataPath
) -> Iterator[tuple[DataPath, dict[str, Data], dict[str, Data]]]:
    """Each entry of a translated list: its place, what it translates, and its words."""
    for index, theirs in enumerate(_list(_mapping(words).get(name))):
        own = entries[index] if index < len(entries) else {}
        yield (*path, name, index), _mapping(own), _mapping(theirs)


def _mapping(data: Data | None) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _list(data: Data | None) -> list[Data]:
    return data if isinstance(data, list) else []
