"""What of a pasted text does not come along as it was, counted, and how it is said. Touches: nothing."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

from newsletter.catalogue import SILENCE, Said, phrase


class LeftOut(Enum):
    PICTURES = auto()
    ACTIVE = auto()
    """Scripts, forms, films: what does something."""
    HIDDEN = auto()
    COMMENTS = auto()
    REVISIONS = auto()
    """Words that a revision struck out."""
    FORMULAS = auto()
    LOOKS = auto()
    """Colours and underlines, which may have meant something; fonts and sizes are not counted."""
    MERGED_CELLS = auto()
    ADDRESSES = auto()
    """Links whose address no letter has, such as that of a file; their words stay."""
    REDIRECTS = auto()
    """Links that led through somebody who counts or checks clicks, and now lead to their page."""
    KNOWN_SIGNS = auto()
    """Private-use characters of which it is known what they show."""
    LOST_SIGNS = auto()
    INVISIBLE = auto()
    BRACES = auto()
    """`{{`, which would have begun a merge field, and is text now."""


@dataclass(slots=True)
class LeftOutCount:
    """How often of each."""

    counts: Counter[LeftOut] = field(default_factory=Counter)

    def add(self, what: LeftOut, count: int = 1) -> None:
        self.counts[what] += count

    def told(self) -> tuple[Said, ...]:
        """A line for each kind there is, in the order of LeftOut."""
        return tuple(_said(what, self.counts[what]) for what in LeftOut if self.counts[what])


def _said(what: LeftOut, count: int) -> Said:
    return {
        LeftOut.PICTURES: phrase("edition.pasted.pictures", count=count),
        LeftOut.ACTIVE: phrase("edition.pasted.active", count=count),
        LeftOut.HIDDEN: phrase("edition.pasted.hidden", count=count),
        LeftOut.COMMENTS: phrase("edition.pasted.comments", count=count),
        LeftOut.REVISIONS: phrase("edition.pasted.revisions", count=count),
        LeftOut.FORMULAS: phrase("edition.pasted.formulas", count=count),
        LeftOut.LOOKS: phrase("edition.pasted.looks"),
        LeftOut.MERGED_CELLS: phrase("edition.pasted.merged_cells", count=count),
        LeftOut.ADDRESSES: phrase("edition.pasted.addresses", count=count),
        LeftOut.REDIRECTS: phrase("edition.pasted.redirects", count=count),
        LeftOut.KNOWN_SIGNS: phrase("edition.pasted.known_signs", count=count),
        LeftOut.LOST_SIGNS: phrase("edition.pasted.lost_signs", count=count),
        LeftOut.INVISIBLE: phrase("edition.pasted.invisible", count=count),
        LeftOut.BRACES: phrase("edition.pasted.braces", count=count),
    }.get(what, SILENCE)
