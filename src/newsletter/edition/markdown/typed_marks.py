"""Marks of list items that the letter shows as text, since no list makes them: `1)`, ☐. Touches: nothing.

Such an item has the class TYPED_MARK, which takes the list's own mark away; the text part gives it no other.
"""

from collections.abc import Sequence

from markdown_it.token import Token

TYPED_MARK = "typed"
"""The class of an item, and the key of its `meta` that has the mark."""


def with_typed_mark(item: Token, content: Sequence[Token], mark: str) -> list[Token]:
    """The tokens in an item, the first line of which begins with `mark`."""
    item.attrs["class"] = TYPED_MARK
    item.meta[TYPED_MARK] = f"{mark} "
    return led_by(mark, content)


def led_by(words: str, content: Sequence[Token]) -> list[Token]:
    """Blocks before their inline text is read, the first line of which begins with `words` and a space."""
    if content and content[0].type == "paragraph_open":
        content[1].content = f"{words} {content[1].content}".rstrip()
        return list(content)
    opening = Token("paragraph_open", "p", 1, block=True, hidden=True)
    closing = Token("paragraph_close", "p", -1, block=True, hidden=True)
    return [opening, Token("inline", "", 0, content=words, children=[], block=True), closing, *content]
