"""A word that must not be missed: to know, to mind, or thanks. Touches: nothing."""

from typing import Literal

from newsletter.issue.texts import MarkdownText

from .section import Section


class Callout(Section):
    type: Literal["callout"]
    tone: Literal["info", "warning", "thanks"] = "info"
    body: MarkdownText
