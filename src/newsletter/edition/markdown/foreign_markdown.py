"""Markdown of somebody else's letter as HTML that is still to be cleaned (foreign_html.py). Touches: nothing.

CommonMark with tables and struck words, and with emphasis that closes before Hangul; HTML in it stays HTML.
"""

from functools import cache

from markdown_it import MarkdownIt

from .emphasis import cjk_friendly_emphasis


def foreign_markdown(text: str) -> str:
    return str(_parser().render(text))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return parser.use(cjk_friendly_emphasis)
