"""A question with answers to press. Touches: nothing.

Limits: an answer is a link or a mail that its reader sends; nothing is added to it and nobody counts.
"""

from typing import Annotated, Literal

from pydantic import Field

from newsletter.issue.part import Part
from newsletter.issue.texts import Link, OneLine

from .section import Section


class Answer(Part):
    label: OneLine
    url: Link


class Feedback(Section):
    type: Literal["feedback"]
    question: OneLine
    answers: Annotated[tuple[Answer, ...], Field(min_length=2, max_length=5)]
