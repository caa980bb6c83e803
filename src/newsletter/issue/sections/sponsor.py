"""A word from who pays, told apart from the editors'. Touches: nothing."""

from typing import Literal

from newsletter.issue.texts import Link, MarkdownText, NameLine, OneLine

from .section import Section


class Sponsor(Section):
    """`image` is the logo; the label always shows, in the reader's language where the issue has none."""

    type: Literal["sponsor"]
    name: NameLine
    url: Link | None = None
    body: MarkdownText = ""
    label: OneLine = ""
