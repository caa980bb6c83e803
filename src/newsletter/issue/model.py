"""An issue as typed values: what a file may say, and what each part means (docs/design.md 4.2). Touches: nothing.

What is in it is found by `texts`, `links` and `pictures`, whatever types of sections there are. Limits: all text is NFC
and may hold merge fields that `fields.py` reads without an error; Markdown is kept as written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from newsletter.catalogue import phrase
from newsletter.settings.explain import WrongValueError

from .find import WELCOME
from .part import Part, PlacedText, declared_keys
from .sections.divider import Divider
from .sections.registry import AnySection, model_of
from .sections.section import Image, Section
from .texts import (
    AccentColour,
    FileContext,
    Flag,
    LanguageCode,
    MarkdownLine,
    MarkdownText,
    NameLine,
    Number,
    OneLine,
    TextKind,
    Timestamp,
    Topic,
)
from .translated_parts import Translation
from .tree import Data, DataPath


@dataclass(frozen=True, slots=True)
class PlacedData:
    """The file of a table of the issue, and where it is named: ("sections", 0, "data")."""

    path: DataPath
    src: str


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A file of a picture of the issue, and where it is named: ("sections", 0, "image", "src")."""

    path: DataPath
    src: str
    image: Image


class Issue(Part):
    """One number of the newsletter, as written. Validation needs a `texts.FileContext`."""

    title: OneLine
    number: Number | None = None
    subject: OneLine = ""
    preheader: OneLine = ""
    publish_at: Timestamp | None = None
    advertising: Flag = False
    author: NameLine = ""
    accent: AccentColour = ""
    """In place of the theme's."""
    tags: Annotated[tuple[Topic, ...], Field(max_length=10)] = ()
    """What it is about, for the archive; no part of the letter, nor of what is approved."""
    summary: Annotated[tuple[MarkdownLine, ...], Field(max_length=5)] = ()
    """The issue in a few lines, under the headline."""
    line_breaks: Literal["keep", "join"] = "join"
    """Whether a single line break of a text is one in the letter; an empty line always parts paragraphs."""
    hero: Image | None = None
    intro: MarkdownText = ""
    contents: Literal["auto", "none"] | None = None
    """Whether the headings are listed under the introduction; None: from three stories on."""
    sections: tuple[AnySection, ...] = ()
    closing: MarkdownText = ""
    translations: dict[LanguageCode, Translation] = Field(default_factory=dict)
    """By language code; what a translation lacks is said in the newsletter's language."""

    _path: Path = PrivateAttr(default=Path())
    _hour_is_left_out: bool = PrivateAttr(default=False)

    def model_post_init(self, context: FileContext, /) -> None:
        self._path = context.path
        self._hour_is_left_out = "publish_at" in context.days_alone

    @field_validator("publish_at")
    @classmethod
    def _welcomes_at_once(cls, at: datetime | None, info: ValidationInfo) -> datetime | None:
        context = info.context
        if at is not None and isinstance(context, FileContext) and context.path.stem == WELCOME:
            raise WrongValueError(phrase("issue.value.welcome_has_no_time"))
        return at

    @model_validator(mode="after")
    def _says_something(self) -> "Issue":
        says_something = any(not isinstance(section, Divider) for section in self.shown_sections.values())
        if not (self.intro or says_something or self.closing):
            raise WrongValueError(phrase("issue.value.has_no_text"))
        return self

    @property
    def path(self) -> Path:
        """The file it was read from, absolute."""
        return self._path

    @property
    def hour_is_left_out(self) -> bool:
        """Whether `publish_at` is a date alone, which means midnight."""
        return self._hour_is_left_out

    @property
    def slug(self) -> str:
        return self._path.stem

    @property
    def shown_sections(self) -> dict[int, Section]:
        """The sections that are not hidden, by their index."""
        return {index: section for index, section in enumerate(self.sections) if not section.hidden}

    def texts(self, path: DataPath = ()) -> Iterator[PlacedText]:
        """Every text in it that says something to somebody; what is hidden does not."""
        return (text for text in super().texts(path) if not self._hides(text.path))

    def parts(self, path: DataPath = ()) -> Iterator[tuple[DataPath, Part]]:
        """The issue and every mapping in it that is not hidden, with its place."""
        return (part for part in super().parts(path) if not self._hides(part[0]))

    def _hides(self, path: DataPath) -> bool:
        """Whether a place is in a hidden section, or in the words of one in another language."""
        inside = path[2:] if path[:1] == ("translations",) else path
        return len(inside) > 1 and inside[0] == "sections" and self.sections[int(inside[1])].hidden

    def pictures(self) -> Iterator[PlacedPicture]:
        """Every file of a picture of the letter, in the order of the model."""
        for path, part in self.parts():
            if isinstance(part, Image):
                for name in ("src", "src_dark"):
                    if src := getattr(part, name):
                        yield PlacedPicture((*path, name), src, part)

    def data_files(self) -> Iterator[PlacedData]:
        """Every file of a table of the letter."""
        return (PlacedData(one.path, one.text) for one in self.texts() if one.kind is TextKind.DATA)


def model_at(path: Sequence[int | str], kind: str, issue: type[Part] = Issue) -> type[Part] | None:
    """What the mapping at `path` has to be; `kind` is the type of the section it is in, or empty. None for no one."""
    model: type[Part] | None = issue
    names = iter([part for part in path if isinstance(part, str)])
    for name in names:
        key = declared_keys(model).get(name) if model else None
        if key is None or not key.parts:
            return None
        if key.by_name:
            next(names, None)
        model = model_of(key.parts, kind)
    return model


def known_keys(path: Sequence[int | str], kind: str, issue: type[Part] = Issue) -> list[str]:
    """The keys that are allowed in the mapping at `path`."""
    model = model_at(path, kind, issue)
    return list(model.model_fields) if model else []


def lists_of_texts(model: type[Part] = Issue) -> frozenset[str]:
    """The keys, wherever they are, that hold a list of texts."""
    keys = declared_keys(model)
    here = frozenset(name for name, key in keys.items() if key.many and not key.parts and not key.nested)
    return here.union(*(lists_of_texts(part) for key in keys.values() for part in key.parts))


def named_files(data: Data, model: type[Part], path: DataPath = ()) -> Iterator[PlacedText]:
    """The files, of pictures and of tables, that the data of a file names that may be no issue yet."""
    for name, key in declared_keys(model).items():
        value = data.get(name, "") if isinstance(data, dict) and not key.by_name else ""
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            where = (*path, name, index) if isinstance(value, list) else (*path, name)
            if isinstance(one, str) and one and key.kind and key.kind.is_file:
                yield PlacedText(where, one, key.kind)
            elif isinstance(one, dict) and key.parts:
                yield from named_files(one, model_of(key.parts, one.get("type")) or Section, where)
