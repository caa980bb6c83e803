"""Dates to keep. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, OneLine, Timestamp

from .section import Section


class Event(Part):
    """An appointment; `starts_at` has an offset, and at midnight it means the whole day."""

    title: OneLine
    starts_at: Timestamp
    place: OneLine = ""
    url: Link | None = None


class Events(Section):
    type: Literal["events"]
    items: Annotated[tuple[Event, ...], Field(min_length=1)]
