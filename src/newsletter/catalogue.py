"""The words a person meets, in Korean and English, by their code. Touches: the package's own files, each once.

A stage keeps its words beside its code: `phrase("issue.yaml.tab_indents")` is the key `tab_indents` of
newsletter/issue/words/yaml.toml, and each entry has both languages:

    [tab_indents]
    en = "a tab indents line {line}; indent with spaces"
    ko = "{line}번째 줄이 탭으로 시작합니다. 빈칸으로 들여 쓰세요"

Holes have names. `{name:을/를}` adds the Korean particle that fits the sound of the value,
`{count:delivery/deliveries}` the English noun that fits the number; a brace that is meant stands twice.

What is raised, returned or kept are codes and values; they become words where a person is spoken to, in that person's
language. `str()` of them is English: for logs, JSON and whoever debugs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, Protocol

from .korean import with_particle

LANGUAGES = ("ko", "en")


class Said(Protocol):
    """Anything that can be put into words in a language of LANGUAGES."""

    def in_language(self, language: str) -> str: ...


Value = str | int | Said | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A code of the catalogue with the values for its holes."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def in_language(self, language: str) -> str:
        """The words. A KeyError here is a bug: tests/project/test_words.py knows every code and every hole."""
        spoken = spoken_language(language)
        return _Filled(spoken).vformat(_entry(self.code)[spoken], (), dict(self.values))

    def __str__(self) -> str:
        return self.in_language("en")

    def to_json(self) -> str:
        """As the ledger keeps it: `{"code": …, "values": {…}}`; words of others in the values stay as they are."""
        return json.dumps(_plain(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: str) -> Said:
        """What `to_json` kept. Text that is no such JSON was kept by an earlier version: it is said as it stands."""
        try:
            said = _revived(json.loads(kept))
            for language in LANGUAGES:
                said.in_language(language)
        except (ValueError, LookupError, TypeError, AttributeError, OSError, ImportError, RecursionError):
            return Verbatim(kept)
        return said


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words that are not ours to translate: a relay's reply, an operating system's reason, a person's note."""

    text: str

    def in_language(self, language: str) -> str:  # noqa: ARG002 - the same in every language
        return self.text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Lines:
    """Several things said, each on a line of its own; what says nothing gets no line."""

    parts: tuple[Said, ...]

    def in_language(self, language: str) -> str:
        return "\n".join(line for part in self.parts if (line := part.in_language(language)))

    def __str__(self) -> str:
        return self.in_language("en")


def phrase(code: str, **values: Value) -> Phrase:
    """`phrase("dispatch.stop.too_many", refused=21)`: the code's file, its key, and a value for each hole."""
    return Phrase(code, tuple(values.items()))


def lines(*parts: Said) -> Lines:
    return Lines(parts)


SILENCE = Verbatim("")
"""Nothing to say, where something could be said."""


def spoken_language(tag: str) -> str:
    """The nearest of LANGUAGES to a tag: `ko-KR` and `ko_KR.UTF-8` are Korean; what we do not speak is English."""
    return language_of_tag(tag) or "en"


def language_of_tag(tag: str) -> str | None:
    """One of LANGUAGES for a tag such as `ko`, `ko-KR` or `ko_KR.UTF-8`; None for what we do not speak."""
    name = tag.strip().lower().replace("_", "-").partition(".")[0].partition("-")[0]
    return name if name in LANGUAGES else None


def known_language(wanted: str, default: str, known: Iterable[str] = LANGUAGES) -> str:
    """The nearest of `known` (RFC 4647 3.4): `en-GB` is `en`, `zh_tw` is `zh-TW`; `default` where there is none."""
    names = {language.lower(): language for language in known}
    tag = wanted.strip().replace("_", "-").lower()
    while tag:
        if tag in names:
            return names[tag]
        tag = tag.rpartition("-")[0]
    return default


def texts(package: str, *path: str, language: str) -> Mapping[str, str]:
    """All texts of one file in one language, by key such as `leave.title`; holes are left as they are."""
    spoken = spoken_language(language)
    return {key: entry[spoken] for key, entry in entries(package, *path).items()}


@cache
def entries(package: str, *path: str) -> Mapping[str, Mapping[str, str]]:
    """The entries of one file, tables in tables with a dot between their names; what is no text is left out.

    `entries("newsletter.issue", "words", "yaml.toml")`.
    """
    return dict(_leaves("", table(package, *path)))


@cache
def table(package: str, *path: str) -> Mapping[str, Any]:
    """A whole file as it is written, for whoever keeps more beside the texts than their two languages."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files(package).joinpath(*path).read_text(encoding="utf-8"))


def _leaves(name: str, table: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, str]]]:
    if all(language in table for language in LANGUAGES):
        yield name, {language: table[language] for language in LANGUAGES}
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(f"{name}.{key}" if name else key, value)


def _entry(code: str) -> Mapping[str, str]:
    stage, group, key = code.split(".", 2)
    return entries(f"newsletter.{stage}", "words", f"{group}.toml")[key]


class _Filled(Formatter):
    """Fill holes by name alone: a value's attributes and items cannot be reached from a catalogue."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:  # noqa: ANN401, ARG002 - as the base has it
        return self._words(kwargs[field_name]), field_name

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as the base has it
        if "/" not in format_spec:
            return format(value, format_spec)
        first, second = format_spec.split("/")
        if first.isascii():
            return f"{value} {first if str(value) == '1' else second}"
        return with_particle(str(value), first, second)

    def _words(self, value: Value) -> str | int:
        if isinstance(value, str | int):
            return value
        if isinstance(value, tuple):
            return ", ".join(str(self._words(item)) for item in value)
        return value.in_language(self._language)


def _plain(value: Value) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Phrase):
        return {"code": value.code, "values": {name: _plain(item) for name, item in value.values}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, int) else str(value)


def _revived(kept: Any) -> Said:  # noqa: ANN401 - JSON
    code, values = kept["code"], kept["values"]
    _entry(code)
    return Phrase(code, tuple((name, _value(item)) for name, item in values.items()))


def _value(item: Any) -> Value:  # noqa: ANN401 - JSON
    if isinstance(item, dict):
        return _revived(item)
    if isinstance(item, list):
        return tuple(_value(one) for one in item)
    if isinstance(item, str | int):
        return item
    raise TypeError(item)
