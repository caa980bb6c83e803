"""What `init` and `new` write to be replaced, and where it still stands as it was written.

Touches: the starter files of the package, which are the only list of it. Limits: headings, labels and greetings, which
somebody may mean just so, are no samples; nor are addresses of example.org, which are told elsewhere.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.catalogue import LANGUAGES
from newsletter.folded import folded
from newsletter.settings.load import FILE
from newsletter.settings.model import Settings

from .model import Issue
from .part import Part, declared_keys
from .scaffold import starter_file, starter_issue
from .texts import FileContext
from .tree import DataPath, read_tree

_AT_THE_TOP = frozenset({"title", "preheader", "subject"})
_TABLES = ("newsletter", "sender", "institute")
_CHOICES = frozenset({"language", "timezone"})
_FEWEST_LETTERS = 16
"""Of a paragraph that nobody writes by chance; `Dear {{ subscriber.name }},` and a short thank-you are anybody's."""
_MERGE_FIELD = re.compile(r"\{\{.*?\}\}")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Sample:
    """Words that were written to be replaced: at `path`, beginning with `sought` where they are a part of a text."""

    path: DataPath
    words: str
    sought: str = ""


def samples_in(issue: Issue) -> Iterator[Sample]:
    """Every sample that still stands in the issue, in the order of the model."""
    known = _sample_words()
    return (sample for key, sample in _words_of(issue) if key in known)


def sample_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """The settings that are still as `init` wrote them, `institute.name` and the like, with their values."""
    known = _sample_settings()
    for table in _TABLES:
        for key, value in getattr(settings, table).model_dump().items():
            for one in _texts(value):
                if (f"{table}.{key}", folded(one)) in known:
                    yield f"{table}.{key}", one


@cache
def _sample_words() -> frozenset[object]:
    context = FileContext(Path("issues/sample.yaml"), ZoneInfo("UTC"))
    texts = (starter_issue(language, date(2026, 1, 1)) for language in LANGUAGES)
    issues = (Issue.model_validate(read_tree(text)[0].data(), context=context) for text in texts)
    return frozenset(key for issue in issues for key, _ in _words_of(issue))


@cache
def _sample_settings() -> frozenset[tuple[str, str]]:
    files = (tomllib.loads(starter_file(language, FILE)) for language in LANGUAGES)
    return frozenset(
        (f"{table}.{key}", folded(one))
        for file in files
        for table in _TABLES
        for key, value in file[table].items()
        if key not in _CHOICES
        for one in _texts(value)
        if "example.org" not in one
    )


def _texts(value: object) -> Iterator[str]:
    """The text of a setting, or the numbers of telephones."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list | tuple):
        yield from (str(one["number"]) for one in value if isinstance(one, Mapping))


def _words_of(issue: Issue) -> Iterator[tuple[object, Sample]]:
    """What can be a sample, each with the key by which it is compared."""
    for one in issue.texts():
        if one.kind.is_markdown:
            for paragraph in _PARAGRAPH.split(one.text):
                words = paragraph.strip()
                if sum(char.isalnum() for char in _MERGE_FIELD.sub("", words)) >= _FEWEST_LETTERS:
                    yield folded(words), Sample(one.path, words, words.partition("\n")[0])
        elif one.path[-1] in _AT_THE_TOP and not any(isinstance(step, int) for step in one.path):
            yield folded(one.text), Sample(one.path, one.text)
    for path, part in issue.parts():
        if path and _is_small(part):
            texts: list[Any] = [one for one in part.texts() if not one.kind.is_file]
            if len(texts) > 1:
                key = frozenset((one.path, folded(one.text)) for one in texts)
                yield key, Sample(path, " · ".join(one.text for one in texts))


def _is_small(part: Part) -> bool:
    """A figure, an appointment, a button: a mapping without others in it, and without Markdown."""
    keys = declared_keys(type(part)).items()
    return not any(getattr(part, name) for name, key in keys if key.parts or (key.kind and key.kind.is_markdown))
