"""The words of an issue in another language, as written under `translations:`. Touches: nothing.

Every key may be left out; what is missing is said in the newsletter's own language. Lists stand in the order of the
issue's: the second entry of `sections` translates its second section, and `{}` passes one over. Limits: which keys fit
which section, and how many entries there may be, only the whole file can tell (translation.py).
"""

from pydantic import model_validator

from .part import Part
from .texts import Block, Line, Link


class Words(Part):
    """Texts in place of the issue's own; an entry of a list that is left empty translates nothing."""

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, data: object) -> object:
        return {} if data == "" else data


class ImageWords(Words):
    """The words of a picture in this language; the file is the same."""

    alt: Line = ""
    caption: Block = ""
    credit: Line = ""
    licence: Line = ""


class ResearchWords(Words):
    """A report card in this language; a `url` of its own where the report has a page in it."""

    title: Line = ""
    url: Link | None = None
    authors: tuple[Line, ...] = ()
    summary: Block = ""


class ButtonWords(Words):
    """A button in this language."""

    label: Line = ""
    url: Link | None = None


class ItemWords(Words):
    """A figure (value, label) or an event (title, place, url) in this language."""

    value: Line = ""
    label: Line = ""
    title: Line = ""
    place: Line = ""
    url: Link | None = None


class SectionWords(Words):
    """A section in this language; it takes the text keys that its section has."""

    heading: Line = ""
    body: Block = ""
    text: Block = ""
    source: Line = ""
    image: ImageWords | None = None
    research: tuple[ResearchWords, ...] = ()
    button: ButtonWords | None = None
    items: tuple[ItemWords, ...] = ()


class Translation(Words):
    """The issue in one other language."""

    title: Line = ""
    subject: Line = ""
    preheader: Line = ""
    intro: Block = ""
    hero: ImageWords | None = None
    sections: tuple[SectionWords, ...] = ()
    closing: Block = ""
