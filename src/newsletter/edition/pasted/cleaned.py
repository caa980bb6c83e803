"""Pasted HTML -> clean Markdown, and what did not come along. Touches: nothing.

From Word, HWP, Google Docs, Naver or any page: words, emphasis, links, lists, tables, headings, quotes and line breaks
stay; how they looked does not. What comes out, read by the letter's Markdown, says the same text. Limits: those of
tree.py; nothing is fetched, and pictures are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.catalogue import Said

from .left_out import LeftOut, LeftOutCount
from .pieces import PastedBlock
from .reading import PastedReading
from .spelled import LITERAL_BRACES
from .tree import pasted_tree
from .word_lists import make_word_lists
from .writing import markdown_of, without_gaps


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Markdown that ends with a line end, empty where nothing was said; and a line for each kind of what is gone."""

    markdown: str
    told: tuple[Said, ...]


def cleaned(html: str, *, keep_breaks: bool = False) -> Cleaned:
    """`keep_breaks` is whether the issue says `line_breaks: keep`. Raises InputError for more than a letter holds."""
    left_out = LeftOutCount()
    markdown = markdown_of(pasted_blocks(html, left_out), keep_breaks=keep_breaks)
    if braces := markdown.count(LITERAL_BRACES):
        left_out.add(LeftOut.BRACES, braces)
    return Cleaned(markdown, left_out.told())


def pasted_blocks(html: str, left_out: LeftOutCount, *, keeps_pictures: bool = False) -> Sequence[PastedBlock]:
    """The blocks of a text; with `keeps_pictures`, pictures inside the HTML keep their bytes. Raises InputError."""
    body = pasted_tree(html, left_out, keeps_pictures=keeps_pictures)
    make_word_lists(body)
    return without_gaps(PastedReading(body, left_out).blocks(body))
