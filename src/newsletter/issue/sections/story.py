"""A story: the text, cards for the research it draws on, buttons. Touches: nothing."""

from typing import Literal

from pydantic import ValidationInfo, field_validator

from newsletter.catalogue import phrase
from newsletter.issue.doi import Doi
from newsletter.issue.part import Part
from newsletter.issue.story_values import Minutes, Year
from newsletter.issue.texts import Flag, Link, MarkdownLine, MarkdownText, NameLine, OneLine
from newsletter.settings.explain import WrongValueError

from .section import Button, Image, Section


class Research(Part):
    """A card that points at a piece of research; without an address it only names it."""

    title: OneLine
    url: Link | None = None
    kind: Literal["report", "paper", "data", "video", "book", "web"] = "report"
    authors: tuple[NameLine, ...] = ()
    journal: NameLine = ""
    year: Year | None = None
    doi: Doi = ""
    open_access: Flag = False
    summary: MarkdownLine = ""
    cover: Image | None = None


class Story(Section):
    type: Literal["story"]
    layout: Literal["standard", "lead", "left", "right"] = "standard"
    """`lead`: the first thing of the letter; `left` and `right`: the picture beside the text."""
    kicker: OneLine = ""
    """A word over the headline."""
    byline: NameLine = ""
    reading_time: Minutes | None = None
    numbered: Flag = True
    body: MarkdownText
    research: tuple[Research, ...] = ()
    button: Button | None = None

    @field_validator("layout")
    @classmethod
    def _has_its_picture(cls, layout: str, info: ValidationInfo) -> str:
        if layout in {"left", "right"} and info.data.get("image", ...) is None:
            raise WrongValueError(phrase("issue.value.needs_an_image"))
        return layout

    @field_validator("button")
    @classmethod
    def _is_the_only_one(cls, button: Button | None, info: ValidationInfo) -> Button | None:
        if button and info.data.get("buttons"):
            raise WrongValueError(phrase("issue.value.is_beside_buttons"))
        return button
