"""A word from the editors. Touches: nothing."""

from typing import Literal

from newsletter.issue.texts import MarkdownText

from .section import Section


class Notice(Section):
    type: Literal["notice"]
    body: MarkdownText
