"""The words of an issue in another language, as written under `translations:`. Touches: nothing.

Every key may be left out; what is missing is said in the newsletter's own language. Lists stand in the order of the
issue's: the second entry of `sections` translates its second section, and `{}` passes one over. Limits: which keys fit
which section, and how many entries there may be, only the whole file can tell (translation.py).
"""

from pydantic import model_validator

from .part import Part
from .texts import Link, MarkdownText, OneLine


class PartWords(Part):
    """Texts in place of the issue's own; an entry of a list that is left empty translates nothing."""

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, data: object) -> object:
        return {} if data == "" else data


class ImageWords(PartWords):
    """The words of a picture in this language; the file is the same."""

    alt: OneLine = ""
    caption: MarkdownText = ""
    credit: OneLine = ""
    licence: OneLine = ""


class ResearchWords(PartWords):
    """A report card in this language; a `url` of its own where the report has a page in it."""

    title: OneLine = ""
    url: Link | None = None
    authors: tuple[OneLine, ...] = ()
    summary: MarkdownText = ""


class ButtonWords(PartWords):
    """A button in this language."""

    label: OneLine = ""
    url: Link | None = None


class ItemWords(PartWords):
    """A figure (value, label) or an event (title, place, url) in this language."""

    value: OneLine = ""
    label: OneLine = ""
    title: OneLine = ""
    place: OneLine = ""
    url: Link | None = None


class SectionWords(PartWords):
    """A section in this language; it takes the text keys that its section has."""

    heading: OneLine = ""
    body: MarkdownText = ""
    text: MarkdownText = ""
    source: OneLine = ""
    image: ImageWords | None = None
    research: tuple[ResearchWords, ...] = ()
    button: ButtonWords | None = None
    items: tuple[ItemWords, ...] = ()


class Translation(PartWords):
    """The issue in one other language."""

    title: OneLine = ""
    subject: OneLine = ""
    preheader: OneLine = ""
    intro: MarkdownText = ""
    hero: ImageWords | None = None
    sections: tuple[SectionWords, ...] = ()
    closing: MarkdownText = ""
