"""People: who came, who wrote, whom to ask. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, MarkdownText, NameLine, OneLine

from .section import Image, Section


class Profile(Part):
    """Somebody, with a small portrait where there is one."""

    name: NameLine
    role: OneLine = ""
    image: Image | None = None
    body: MarkdownText = ""
    url: Link | None = None


class People(Section):
    type: Literal["people"]
    items: Annotated[tuple[Profile, ...], Field(min_length=1)]
