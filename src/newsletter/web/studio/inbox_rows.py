"""Cut sender, subject and preheader as the list of a mail program would. Touches: the package's own file.

Limits: the widths are data, most of them assumed (inbox_rows.toml); a program measures pixels, we count columns.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from newsletter.check.page import read_page
from newsletter.edition.wrap import columns

from .model import InboxRow

_PREVIEW = 200
"""Characters; no list shows more."""
_LOOKED_AT = 8000
"""Characters of the body in which those words are sought."""
_PADDING = "\N{ZERO WIDTH NON-JOINER}"
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Widths:
    """How many columns one program has; see inbox_rows.toml."""

    measured: str
    sender: int
    together: bool
    line: int = 0
    subject: int = 0
    preheader: int = 0


def inbox_rows(sender: str, subject: str, html: str) -> tuple[InboxRow, ...]:
    """The row of each program; what stands after the subject is the first that can be read in the letter."""
    preview = preview_words(html)
    return tuple(_row(client, widths, sender, subject, preview) for client, widths in clients().items())


@cache
def clients() -> dict[str, Widths]:
    text = (files(__package__) / "inbox_rows.toml").read_text(encoding="utf-8")
    return {client: Widths(**widths) for client, widths in tomllib.loads(text).items()}


def cut(text: str, room: int) -> str:
    """As much of a text as fits into so many columns, the ellipsis included."""
    if columns(text) <= room:
        return text
    shown = ""
    for character in text:
        if columns(shown + character) > room - 1:
            break
        shown += character
    return shown.rstrip() + _ELLIPSIS if room > 0 else ""


def _row(client: str, widths: Widths, sender: str, subject: str, preview: str) -> InboxRow:
    if widths.together:
        shown = cut(subject, widths.line)
        # Between the two stands " - ", or as much room.
        room = max(0, widths.line - columns(shown) - 3) if shown == subject else 0
    else:
        shown, room = cut(subject, widths.subject), widths.preheader
    rest = cut(preview, room)
    return InboxRow(client, cut(sender, widths.sender), shown, rest, shown != subject, rest != preview)


def preheader_of(html: str) -> str:
    """The preheader of the letter; empty where it has none, and programs show the first words they find."""
    words, padding, _ = _first_words(html).partition(_PADDING)
    return words.strip() if padding else ""


def preview_words(html: str) -> str:
    """What a list of letters shows after the subject, where there is room for all of it."""
    return _first_words(html).partition(_PADDING)[0][:_PREVIEW].strip()


def _first_words(html: str) -> str:
    begin = max(0, html.lower().find("<body"))
    return read_page(html[begin : begin + _LOOKED_AT]).words
