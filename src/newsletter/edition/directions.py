"""Which way texts are read, by their letters, and `dir` on what runs against the rest. Touches: nothing.

A paragraph in other letters than its letter's own runs the other way as a whole; a name, an address or a telephone
number within a line does so alone, in a span, so that its signs stay beside it (Unicode UAX #9 puts the `++` of `C++`
before the C where the line is Arabic). A merge field, whose value nobody knows yet, goes by the value (`dir="auto"`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from markdown_it.token import Token
from markupsafe import Markup

from newsletter.writing import direction_of, opposite

from .wrap import columns

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_LINE = 60
"""Columns of a letter's line, more or less."""
_ADDRESS = re.compile(r"[a-z]+://\S+|\S+@\S+")
_RIGHT_MARK = "\u200f"
_NUMBER = re.compile(r"\+?\d[\d\s().\-/]*\d")
_GROUPS = re.compile(r"[\s\-/]+")


def dir_attribute(language: str = "", *, around: str) -> Markup:
    """The `dir` of what is in a language, else of the letter `around` it; nothing where all is read from the left."""
    found = direction_of(language) if language else around
    return Markup() if found == around == "ltr" else Markup(' dir="{}"').format(found)


def runs_right(text: str) -> bool:
    """Whether any letter of `text` is read from the right."""
    return any(direction_of_letter(letter[0]) == "rtl" for letter in _RIGHT.finditer(text))


def direction_of_letter(character: str) -> str:
    """`ltr`, `rtl`, or nothing for a digit, a sign or a space."""
    if not character.isalpha():
        return ""
    return "rtl" if unicodedata.bidirectional(character) in {"R", "AL"} else "ltr"


def direction_by_letters(text: str) -> str:
    """The direction of most letters of `text`; empty where it has none, or as many of both. Addresses do not count."""
    text = _ADDRESS.sub("", text)
    right = sum(direction_of_letter(letter[0]) == "rtl" for letter in _RIGHT.finditer(text))
    letters = sum(character.isalpha() for character in text)
    return "" if 2 * right == letters else "rtl" if 2 * right > letters else "ltr"


def turn_blocks(tokens: Sequence[Token], direction: str) -> None:
    """Give each paragraph, list, … of a Markdown text that runs against `direction` its own `dir`.

    A single line stays at the letter's side, as a heading does: its words get a span of their own (foreign_runs.py).
    """
    if _is_a_line(tokens):
        return
    opening: Token | None = None
    words: list[str] = []
    for token in tokens:
        if token.level == 0 and token.nesting == 1:
            opening, words = token, []
        if token.type == "inline":
            words += [child.content for child in token.children or () if child.type == "text"]
        if token.level == 0 and token.nesting == -1 and opening is not None:
            found = direction_by_letters("".join(words))
            if found == opposite(direction):
                opening.attrSet("dir", found)


def _is_a_line(tokens: Sequence[Token]) -> bool:
    types = [token.type for token in tokens]
    return types == ["paragraph_open", "inline", "paragraph_close"] and columns(tokens[1].content) <= _LINE


def numbers_read_from_the_left(text: str) -> Iterable[tuple[int, int]]:
    """Where telephone numbers and dates of digits stand, whose groups an Arabic line would show in turned order.

    Two numbers with a hyphen are left alone: a range runs with the line.
    """
    for match in _NUMBER.finditer(text):
        groups = len(_GROUPS.split(match[0]))
        if groups > 2 or (groups == 2 and match[0][0] in "+0"):
            yield match.span()


def marked_lines(text: str, marker: re.Pattern[str]) -> str:
    """A text part that is read from the right: a mark (U+200F) before each line of it that begins otherwise.

    Programs that show plain text go by the first letter of a line, and a line may begin with a name, or a merge field.
    """
    return "\n".join(f"{_RIGHT_MARK}{line}" if _begins_otherwise(line, marker) else line for line in text.split("\n"))


def _begins_otherwise(line: str, marker: re.Pattern[str]) -> bool:
    if direction_by_letters(marker.sub("", line)) != "rtl":
        return False
    first = next((found for letter in line if (found := direction_of_letter(letter))), "")
    return first == "ltr"
