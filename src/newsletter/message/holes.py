"""A text with its merge fields open, split at the markers once and filled per subscriber. Touches: nothing.

What is filled in is never read again, so a value cannot open a hole of its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from newsletter.catalogue import Said, phrase
from newsletter.edition.edition import Edition, Hole
from newsletter.errors import InputError

from .base64_text import Base64Text
from .escape import escape


class HoledText:
    """One of an edition's texts. `with_crlf` for the parts of the message: base64 wants canonical line ends."""

    def __init__(self, text: str, holes: Mapping[str, Hole], *, with_crlf: bool = False) -> None:
        if with_crlf:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        split = _marker_pattern(holes).split(text) if holes else [text]
        self.pieces: Sequence[str] = split[::2]
        self.holes = [holes[marker] for marker in split[1::2]]
        self._fillers = [_filler(hole) for hole in self.holes]

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with every hole filled. Raises InputError for a field without value and default."""
        filled = [*self.values(values), ""]
        return "".join(part for pair in zip(self.pieces, filled, strict=True) for part in pair)

    def values(self, values: Mapping[str, str]) -> list[str]:
        """What goes into the holes, in their order, escaped."""
        return [filler(values) for filler in self._fillers]

    def encoded(self) -> Base64Text:
        """The pieces, ready to be filled with octets."""
        return Base64Text([piece.encode() for piece in self.pieces])


def holed_texts(edition: Edition) -> tuple[HoledText, HoledText, HoledText]:
    """Subject, HTML and text of an edition. Raises InputError where a marker is not there exactly once."""
    holes = {hole.marker: hole for hole in edition.holes}
    texts = (
        HoledText(edition.subject, holes),
        HoledText(edition.html, holes, with_crlf=True),
        HoledText(edition.text, holes, with_crlf=True),
    )
    found = sorted(hole.marker for text in texts for hole in text.holes)
    if found != sorted(hole.marker for hole in edition.holes):
        raise InputError(phrase("message.merge.fields_do_not_match", slug=edition.slug, variant=edition.variant))
    return texts


def stand_ins(edition: Edition) -> dict[str, str]:
    """For showing a letter to nobody in particular: the field's own name where there is no default."""
    return {
        hole.key: f"({hole.key.removeprefix('fields.')})"
        for hole in edition.holes
        if hole.default is None and not hole.key.startswith("link.")
    }


def _marker_pattern(holes: Mapping[str, Hole]) -> re.Pattern[str]:
    longest_first = sorted(holes, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")


def _filler(hole: Hole) -> Callable[[Mapping[str, str]], str]:
    default = None if hole.default is None else escape(hole.default, hole.context)

    def fill(values: Mapping[str, str]) -> str:
        value = values.get(hole.key)
        if value:
            return escape(value, hole.context)
        if default is None:
            raise InputError(_missing(hole.key))
        return default

    return fill


def _missing(key: str) -> Said:
    if key.startswith("link."):
        return phrase("message.merge.link_is_gone", link=key.removeprefix("link."))
    return phrase("message.merge.value_is_missing", key=key)
