"""An issue as typed values: what a file may say, and what each part means (DESIGN 4.2). Touches: nothing.

Limits: all text is NFC and may hold merge fields that `fields.py` reads without an error; Markdown is kept as written.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from .part import Part
from .texts import (
    AudienceTag,
    FileContext,
    Flag,
    LanguageCode,
    Link,
    MarkdownText,
    Number,
    OneLine,
    PictureFile,
    Timestamp,
    Year,
)
from .translated_parts import ButtonWords, ImageWords, ItemWords, ResearchWords, SectionWords, Translation


class Image(Part):
    """A picture: a file of the workspace and the words that stand for it where it is not shown."""

    src: PictureFile
    alt: OneLine
    caption: MarkdownText = ""
    credit: OneLine = ""
    licence: OneLine = ""


class Research(Part):
    """A card that points at a report."""

    title: OneLine
    url: Link
    authors: tuple[OneLine, ...] = ()
    year: Year | None = None
    summary: MarkdownText = ""


class Button(Part):
    label: OneLine
    url: Link


class Figure(Part):
    """A key number; `value` is text, as it was typed: `443명`, `010`."""

    value: OneLine
    label: OneLine


class Event(Part):
    """An appointment; `starts_at` has an offset, and at midnight it means the whole day."""

    title: OneLine
    starts_at: Timestamp
    place: OneLine = ""
    url: Link | None = None


class _Section(Part):
    heading: OneLine = ""
    image: Image | None = None
    only_for: tuple[AudienceTag, ...] = ()
    """Empty: for everybody; else for subscribers who have one of these tags."""


class Story(_Section):
    type: Literal["story"]
    body: MarkdownText
    research: tuple[Research, ...] = ()
    button: Button | None = None


class Figures(_Section):
    type: Literal["figures"]
    items: Annotated[tuple[Figure, ...], Field(min_length=1)]


class Quote(_Section):
    type: Literal["quote"]
    text: MarkdownText
    source: OneLine = ""


class Events(_Section):
    type: Literal["events"]
    items: Annotated[tuple[Event, ...], Field(min_length=1)]


class Notice(_Section):
    type: Literal["notice"]
    body: MarkdownText


Section = Annotated[Story | Figures | Quote | Events | Notice, Field(discriminator="type")]
KINDS: dict[str, type[Part]] = {
    "story": Story,
    "figures": Figures,
    "quote": Quote,
    "events": Events,
    "notice": Notice,
}


class Issue(Part):
    """One number of the newsletter, as written. Validation needs a `texts.Context`."""

    title: OneLine
    number: Number | None = None
    subject: OneLine = ""
    preheader: OneLine = ""
    publish_at: Timestamp | None = None
    advertising: Flag = False
    author: OneLine = ""
    hero: Image | None = None
    intro: MarkdownText = ""
    sections: tuple[Section, ...] = ()
    closing: MarkdownText = ""
    translations: dict[LanguageCode, Translation] = Field(default_factory=dict)
    """By language code; what a translation lacks is said in the newsletter's language."""

    _path: Path = PrivateAttr(default=Path())

    def model_post_init(self, context: FileContext, /) -> None:
        self._path = context.path

    @model_validator(mode="after")
    def _says_something(self) -> "Issue":
        if not (self.intro or self.sections or self.closing):
            raise ValueError("has no text yet: it needs an intro, sections or a closing")
        return self

    @property
    def path(self) -> Path:
        """The file it was read from, absolute."""
        return self._path

    @property
    def slug(self) -> str:
        return self._path.stem


def known_keys(path: Sequence[int | str], kind: str) -> list[str]:
    """The keys that are allowed in the mapping at `path`; `kind` is the type of the section it is in, or empty."""
    names = [part for part in path if isinstance(part, str)]
    translated = names[:1] == ["translations"]
    items: dict[str, type[Part]] = {"figures": Figure, "events": Event}
    inside: dict[str, type[Part] | None] = {
        "": Issue,
        "hero": Image,
        "image": Image,
        "research": Research,
        "button": Button,
        "items": items.get(kind),
        "sections": KINDS.get(kind),
    }
    model = (_WORDS_INSIDE if translated else inside).get(names[-1] if names else "", Translation)
    return list(model.model_fields) if model else []


_WORDS_INSIDE: dict[str, type[Part] | None] = {
    "hero": ImageWords,
    "image": ImageWords,
    "research": ResearchWords,
    "button": ButtonWords,
    "items": ItemWords,
    "sections": SectionWords,
}
