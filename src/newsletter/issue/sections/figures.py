"""Key numbers, each with what it counts. Touches: nothing."""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import NameLine, OneLine

from .section import Section


class Figure(Part):
    """A key number; `value` is text, as it was typed: `443명`, `010`."""

    value: NameLine
    label: OneLine


class Figures(Section):
    type: Literal["figures"]
    items: Annotated[tuple[Figure, ...], Field(min_length=1)]
