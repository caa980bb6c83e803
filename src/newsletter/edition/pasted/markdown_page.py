"""Markdown of a file as HTML that is still to be cleaned: as a letter reads it, HTML and pictures in it too.

Touches: nothing. A footnote is a link to its note, as documents have them.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.edition.markdown.footnotes import FOOTNOTE_NUMBER, NOTE
from newsletter.edition.markdown.syntax import letter_syntax


def markdown_page(text: str) -> str:
    parser = _parser()
    tokens = parser.parse(text)
    for at, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.attrs.get("class") == NOTE:
            _name_note(token, tokens[at + 1])
        for child in token.children or ():
            if child.type == FOOTNOTE_NUMBER:
                child.type, child.content = "html_inline", f'<a href="#fn{child.content}">{child.content}</a>'
    return str(parser.renderer.render(tokens, parser.options, {}))


def _name_note(opening: Token, words: Token) -> None:
    """Give a note the name that its number leads to, in the place of the number before it."""
    first = words.children[0] if words.children else None
    if first and first.type == FOOTNOTE_NUMBER:
        opening.attrs["id"] = f"fn{first.content}"
        del (words.children or [])[0]


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).use(letter_syntax)
