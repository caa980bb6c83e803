"""Labels and columns that line up, also in Korean, where a letter is two columns wide. Touches: nothing.

Limits: terminals whose font draws Hangul other than two columns wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wcwidth import wcwidth

from newsletter.catalogue import Said

_GAP = 2
"""Columns between a label and what it names."""


Row = tuple[Said | None, Said]
"""A label and what it names; without a label: a line as it is."""


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(max(wcwidth(char), 0) for char in text)


def left(text: str, columns: int) -> str:
    """The text, filled up with blanks on its right."""
    return text + " " * (columns - width(text))


def right(text: str, columns: int) -> str:
    """The text, filled up with blanks on its left."""
    return " " * (columns - width(text)) + text


@dataclass(frozen=True, slots=True)
class Labelled:
    """Lines of a label and what it names: `Subject  신성장동력`; a row without a label is a line as it is."""

    rows: tuple[Row, ...]

    def in_language(self, language: str) -> str:
        labels = [label.in_language(language) if label else "" for label, _ in self.rows]
        column = max(map(width, labels)) + _GAP
        return "\n".join(
            (left(label, column) if label else "") + words.in_language(language)
            for label, (_, words) in zip(labels, self.rows, strict=True)
        )

    def __str__(self) -> str:
        return self.in_language("en")


def labelled(*rows: Row) -> Labelled:
    return Labelled(rows)


def table_lines(rows: Sequence[Sequence[str]], *, numbers: frozenset[int] = frozenset()) -> list[str]:
    """Rows of cells in columns of one width, those of `numbers` on the right; the last column is left as it is."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    last = len(widths) - 1
    return [
        "  ".join(
            right(cell, widths[column]) if column in numbers else cell if column == last else left(cell, widths[column])
            for column, cell in enumerate(row)
        )
        for row in rows
    ]
