"""The words of a text as readers see them, paragraph by paragraph, with what is code set apart. Touches: nothing."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.issue.texts import TextKind

from .syntax import letter_syntax

NOT_TEXT = "\0"
"""Stands for code, and for what was kept from being markup."""
_INDENTED = re.compile(r"(?: {4}|\t)\S")
_PARAGRAPH = re.compile(r"(?:(?!\n[ \t]*\n)[\s\S])+")


def paragraphs_of(text: str, kind: TextKind) -> Iterator[tuple[int, Sequence[Token]]]:
    """The line each paragraph begins in, from 0, and what is in it."""
    if kind is TextKind.MARKDOWN:
        for token in _as_typed().parse(text):
            if token.type == "inline":
                yield (token.map[0] if token.map else 0), token.children or ()
        return
    for match in _PARAGRAPH.finditer(text):
        [inline] = _as_typed().parseInline(match[0])
        yield text.count("\n", 0, match.start()), inline.children or ()


def indented_code(text: str) -> Iterator[str]:
    """Each block of a Markdown text that is code by the spaces before it."""
    if _INDENTED.search(text):
        yield from (token.content for token in _as_typed().parse(text) if token.type == "code_block")


def shown_words(tokens: Sequence[Token]) -> str:
    """The words of a paragraph, its lines parted by line ends; code, and what a backslash kept, reads as U+0000."""
    return "".join(map(_shown_of, tokens))


def _shown_of(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline":
            return NOT_TEXT
        case "text_special":
            return NOT_TEXT * len(token.content)
        case _:
            return token.content


@cache
def _as_typed() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).use(letter_syntax)
    parser.disable("text_join")
    return parser
