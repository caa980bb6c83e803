"""What is left of a pasted text: words with their emphasis, and the blocks they stand in. Touches: nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STRONG, SLANTED, STRUCK, CODE = "strong", "em", "s", "code"
"""As markdown-it calls them."""


@dataclass(frozen=True, slots=True)
class PastedRun:
    """Words that look alike; `\\n` is a line break. With a `note` they are the sign of that footnote."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""
    note: str = ""


PastedRuns = tuple[PastedRun, ...]


@dataclass(frozen=True, slots=True)
class PastedParagraph:
    words: PastedRuns


@dataclass(frozen=True, slots=True)
class PastedHeading:
    """The highest level is 1, whatever it was where it came from."""

    level: int
    words: PastedRuns


@dataclass(frozen=True, slots=True)
class PastedList:
    """Bullets, or numbers from `start` on."""

    items: "tuple[tuple[PastedBlock, ...], ...]"
    start: int = 0
    """0: bullets."""


@dataclass(frozen=True, slots=True)
class PastedQuote:
    blocks: "tuple[PastedBlock, ...]"


@dataclass(frozen=True, slots=True)
class PastedTable:
    """The first row is the header; all rows have as many cells."""

    rows: tuple[tuple[PastedRuns, ...], ...]


@dataclass(frozen=True, slots=True)
class PastedCode:
    text: str


@dataclass(frozen=True, slots=True)
class PastedRule:
    pass


@dataclass(frozen=True, slots=True)
class PastedPicture:
    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class PastedNote:
    """A footnote."""

    label: str
    blocks: "tuple[PastedBlock, ...]"


PastedBlock = (
    PastedParagraph
    | PastedHeading
    | PastedList
    | PastedQuote
    | PastedTable
    | PastedCode
    | PastedRule
    | PastedPicture
    | PastedNote
)


def words_alone(words: Sequence[PastedRun]) -> str:
    """The words alone, on one line."""
    return " ".join("".join(one.text for one in words if not one.note).split())


def leaves(blocks: Sequence[PastedBlock]) -> Iterator[PastedBlock]:
    """Each block that is in no list, quote or note, and those that are."""
    for block in blocks:
        if isinstance(block, PastedList):
            for item in block.items:
                yield from leaves(item)
        elif isinstance(block, PastedQuote | PastedNote):
            yield from leaves(block.blocks)
        else:
            yield block
