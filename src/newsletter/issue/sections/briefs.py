"""Short notes, a few lines each. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, MarkdownText, NameLine, OneLine

from .section import Section


class Brief(Part):
    """A note: its title leads on where there is an address."""

    title: OneLine
    url: Link | None = None
    text: MarkdownText = ""
    source: NameLine = ""


class Briefs(Section):
    type: Literal["briefs"]
    items: Annotated[tuple[Brief, ...], Field(min_length=1)]
