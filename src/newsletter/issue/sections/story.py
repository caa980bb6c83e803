"""A story: the text, cards for the research it draws on, a button. Touches: nothing."""

from typing import Literal

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, MarkdownLine, MarkdownText, NameLine, OneLine, Year

from .section import Button, Section


class Research(Part):
    """A card that points at a report."""

    title: OneLine
    url: Link
    authors: tuple[NameLine, ...] = ()
    year: Year | None = None
    summary: MarkdownLine = ""


class Story(Section):
    type: Literal["story"]
    body: MarkdownText
    research: tuple[Research, ...] = ()
    button: Button | None = None
