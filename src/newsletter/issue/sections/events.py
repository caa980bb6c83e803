"""Dates to keep. Touches: nothing."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from newsletter.catalogue import phrase
from newsletter.issue.part import Part
from newsletter.issue.texts import FileContext, Link, MarkdownText, NameLine, OneLine, Timestamp, is_whole_day
from newsletter.settings.explain import WrongValueError

from .section import Section


class Event(Part):
    """An appointment; its times have offsets, and at midnight they mean the whole day, the last one included."""

    title: OneLine
    starts_at: Timestamp
    ends_at: Timestamp | None = None
    deadline: Timestamp | None = None
    place: OneLine = ""
    online: Link | None = None
    speaker: NameLine = ""
    note: MarkdownText = ""
    url: Link | None = None

    @field_validator("ends_at")
    @classmethod
    def _ends_after_it_began(cls, ends_at: datetime | None, info: ValidationInfo[FileContext]) -> datetime | None:
        starts_at = info.data.get("starts_at")
        if ends_at and starts_at and _is_before(ends_at, starts_at):
            raise WrongValueError(phrase("issue.value.ends_before_it_begins"))
        return ends_at


class Events(Section):
    type: Literal["events"]
    items: Annotated[tuple[Event, ...], Field(min_length=1)]


def _is_before(ends_at: datetime, starts_at: datetime) -> bool:
    """A day that counts whole is over when it is over, so that what begins on it does not end before it begins."""
    if is_whole_day(ends_at):
        first = starts_at if is_whole_day(starts_at) else starts_at.astimezone(ends_at.tzinfo)
        return ends_at.date() < first.date()
    return ends_at.date() < starts_at.date() if is_whole_day(starts_at) else ends_at < starts_at
