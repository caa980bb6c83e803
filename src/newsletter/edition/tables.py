"""A table of data as templates see it, and as HTML: up to three columns stay a table, more become records.

Touches: the workspace's templates. The same HTML is right on a wide window and on a phone, since no width is asked for:
columns share the room by what is in them, and a table that would be too narrow says each row as a list of label and
value. `tables_in_text.py` writes the same table for the text part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup

from newsletter.settings.bundled import bundled

from .directions import dir_attribute
from .figures_in_columns import alignments, is_figure
from .template_files import TEMPLATES
from .templates import render_template
from .views import NO_MARKUP
from .wrap import columns

MOST_COLUMNS = 3
"""Of a table that can be read at 320 px."""
_NARROW = 37
"""Columns of text that a phone of 320 px has for a row; between two cells there are two of them."""
_GAP, _LEAST = 2, 3
_LONGEST_WORD = 20
"""Columns; what is longer, such as an address, breaks on a phone, so that the words beside it need not."""
_Text = TypeVar("_Text", bound=str)
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class CellView:
    content: Markup
    """Safe HTML within a line; empty for an empty cell."""
    align: str = ""
    """`right`, `center` or `left`; nothing where words begin as they do everywhere."""
    width: int = 0
    """Per cent of the table, for the first row; 0 in records."""


@dataclass(frozen=True, slots=True)
class TableView:
    """What `_data_table.html.j2` shows as `data_table`."""

    caption: Markup
    head: tuple[CellView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    """As long as `head`, but for records, which may lack cells at their end or have more."""
    row_headers: bool
    """The first cell of each row names it."""

    @property
    def as_records(self) -> bool:
        """There are too many columns for a phone: each row becomes a title and pairs of label and value."""
        return bool(self.rows) and len(self.head) > MOST_COLUMNS

    def pairs(self, row: Sequence[CellView]) -> Iterator[tuple[Markup, Markup]]:
        """Label and value for each cell of a record behind its title; empty cells say nothing."""
        labels = [cell.content for cell in self.head] + [NO_MARKUP] * len(row)
        return ((label, cell.content) for label, cell in list(zip(labels, row, strict=False))[1:] if cell.content)


def table_view(
    rows: Sequence[Sequence[Markup]],
    *,
    caption: Markup = NO_MARKUP,
    typed: Sequence[str] = (),
    row_headers: bool = False,
) -> TableView:
    """The view of a table whose first row is the header.

    `rows` are cells as safe HTML within a line (`markupsafe.escape(text)` for plain text), `typed` the alignments that
    somebody chose, by column; what nobody chose is told from the cells. An empty cell over the first column says that
    this column names the rows, as `row_headers` does.
    """
    width = max(map(len, rows))
    typed = [*typed, *[""] * (width - len(typed))]
    head, body = rows[0], rows[1:]
    aligned = alignments(typed, ([cell.striptags() for cell in row] for row in body))
    if body and width > MOST_COLUMNS:
        names = [*head, *[NO_MARKUP] * (width - len(head))]
        cells = tuple(tuple(CellView(_unbroken(cell)) for cell in row) for row in told_once(head, body))
        return TableView(caption, tuple(map(CellView, names)), cells, row_headers=True)
    full = [[_unbroken(cell) for cell in [*row, *[NO_MARKUP] * (width - len(row))]] for row in rows]
    shares = _shares(full, aligned)
    return TableView(
        caption,
        tuple(map(CellView, full[0], aligned, shares)),
        tuple(tuple(map(CellView, row, aligned)) for row in full[1:]),
        row_headers=row_headers or not full[0][0],
    )


def told_once(head: Sequence[_Text], body: Sequence[Sequence[_Text]]) -> list[Sequence[_Text]]:
    """The rows of records, in which empty cells say nothing; a column without any cell has a dash in the first row."""
    empty = [bool(label) and not any(row[at] for row in body if at < len(row)) for at, label in enumerate(head)]
    first = [*body[0], *[type(head[0])()] * (len(head) - len(body[0]))]
    dashed = [type(cell)("–") if at < len(empty) and empty[at] else cell for at, cell in enumerate(first)]
    return [dashed, *body[1:]]


def draw_table(table: TableView, own: Path | None = None, direction: str = "ltr") -> Markup:
    """A table as `_data_table.html.j2` shows it in a letter of this direction; `own` are the workspace's templates."""
    context = {"data_table": table, "dir": partial(dir_attribute, around=direction)}
    html = render_template("_data_table.html.j2", context, own or bundled(TEMPLATES))
    return Markup(html)  # noqa: S704 - the template escapes, and its cells are safe HTML


def _unbroken(cell: Markup) -> Markup:
    """A figure never parts from its unit."""
    return cell.replace(" ", _NBSP) if "<" not in cell and is_figure(cell.striptags()) else cell


def _shares(rows: Sequence[Sequence[Markup]], aligned: Sequence[str]) -> list[int]:
    """Per cent for each column, so that on a phone no word breaks that need not, and a figure last of all.

    Each has room for its longest word; of what is left, as much as its longest cell wants. Where there is too little,
    the columns of words share what the figures leave.
    """
    texts = [[cell.replace(_NBSP, "_").striptags() for cell in column] for column in zip(*rows, strict=True)]
    gaps = [_GAP * (at > 0) for at in range(len(texts))]
    least = [gap + max(_widest_words(column)) for gap, column in zip(gaps, texts, strict=True)]
    most = [gap + max(columns(text) + 1 for text in column) for gap, column in zip(gaps, texts, strict=True)]
    figures = sum(width for width, align in zip(least, aligned, strict=True) if align == "right")
    if sum(least) > _NARROW > figures:
        share = (_NARROW - figures) / (sum(least) - figures)
        given = [width if align == "right" else width * share for width, align in zip(least, aligned, strict=True)]
    else:
        wanted = [max(widest - width, 0) for widest, width in zip(most, least, strict=True)]
        share = max(_NARROW - sum(least), 0) / max(sum(wanted), 1)
        given = [width + more * share for width, more in zip(least, wanted, strict=True)]
    shares = [round(100 * one / sum(given)) for one in given]
    return [100 - sum(shares[1:]), *shares[1:]]


def _widest_words(texts: Sequence[str]) -> list[float]:
    return [_LEAST, *(min(columns(word), _LONGEST_WORD) + 1 for text in texts for word in text.split())]
