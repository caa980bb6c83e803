"""A sentence worth stopping at, and who said it. Touches: nothing."""

from typing import Literal

from newsletter.issue.texts import MarkdownText, NameLine

from .section import Section


class Quote(Section):
    type: Literal["quote"]
    text: MarkdownText
    source: NameLine = ""
