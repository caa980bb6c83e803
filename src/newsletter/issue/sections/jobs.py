"""Posts to be filled, and calls of the same kind. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, MarkdownText, NameLine, OneLine, Timestamp

from .section import Section


class Job(Part):
    """A post; `deadline` has an offset, and at midnight it means the whole day."""

    title: OneLine
    employer: NameLine = ""
    place: OneLine = ""
    deadline: Timestamp | None = None
    note: MarkdownText = ""
    url: Link | None = None


class Jobs(Section):
    type: Literal["jobs"]
    items: Annotated[tuple[Job, ...], Field(min_length=1)]
