"""A text with its merge fields open, split at the markers once and filled per subscriber. Touches: nothing.

What is filled in is never read again, so a value cannot open a hole of its own.
"""

import re
from collections.abc import Mapping, Sequence

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition, Hole
from newsletter.errors import InputError

from .base64_text import Base64Text
from .fillings import Fillings


class HoledText:
    """One of an edition's texts. `with_crlf` for the parts of the message: base64 wants canonical line ends."""

    def __init__(self, text: str, holes: Mapping[str, Hole], fillings: Fillings, *, with_crlf: bool = False) -> None:
        if with_crlf:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        split = _marker_pattern(holes).split(text) if holes else [text]
        self.pieces: Sequence[str] = split[::2]
        self.holes = [holes[marker] for marker in split[1::2]]
        self._numbers = [fillings.number(hole) for hole in self.holes]

    def fill(self, filled: Sequence[str]) -> str:
        """The text with every hole filled, by what `Fillings.fill` gives."""
        between = [*(filled[number] for number in self._numbers), ""]
        return "".join(part for pair in zip(self.pieces, between, strict=True) for part in pair)

    def octets(self, filled: Sequence[str]) -> list[bytes]:
        """What goes into the holes, in their order."""
        return [filled[number].encode() for number in self._numbers]

    def encoded(self, *, before: bytes = b"", after: bytes = b"") -> Base64Text:
        """The pieces, ready to be filled with octets."""
        return Base64Text([piece.encode() for piece in self.pieces], before=before, after=after)


def holed_texts(edition: Edition, fillings: Fillings) -> tuple[HoledText, HoledText, HoledText]:
    """Subject, HTML and text of an edition. Raises InputError where a marker is not there exactly once."""
    holes = {hole.marker: hole for hole in edition.holes}
    texts = (
        HoledText(edition.subject, holes, fillings),
        HoledText(edition.html, holes, fillings, with_crlf=True),
        HoledText(edition.text, holes, fillings, with_crlf=True),
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
