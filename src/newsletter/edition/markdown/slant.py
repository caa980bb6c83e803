"""Say which emphasis may be slanted: Latin is, Hangul is bold instead. Touches: nothing.

Italics are how Latin names a species, a journal, a ship; slanted Hangul cannot be read well, and a merge field is
mostly a Korean name. The style sheet knows an `em` that must stand upright by its class.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .neighbours import MARKER_PREFIX

UPRIGHT = "upright"
"""The class of an `em` that is bold, and not slanted."""
_SLANTED = ("LATIN ", "GREEK ", "CYRILLIC ")


def upright_emphasis(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(upright_emphasis)`."""
    md.core.ruler.push("upright", _mark)


def _mark(state: StateCore) -> None:
    prefix = state.env.get(MARKER_PREFIX, "")
    for block in state.tokens:
        _mark_line(block.children or [], prefix)


def _mark_line(tokens: list[Token], prefix: str) -> None:
    """One walk, whatever stands in each other: what an `em` holds, the one around it holds too."""
    around: list[tuple[Token, list[str]]] = []
    for token in tokens:
        if token.type == "em_open":
            around.append((token, []))
        elif token.type == "em_close":
            opening, words = around.pop()
            text = "".join(words)
            if not _is_slanted(text) or (prefix and prefix in text):
                opening.attrSet("class", UPRIGHT)
            if around:
                around[-1][1].append(text)
        elif around:
            around[-1][1].append(token.content)


def _is_slanted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and all(unicodedata.name(letter, "").startswith(_SLANTED) for letter in letters)
