"""A table of data in the text part: columns where they fit, else records of label and value. Touches: nothing."""

from collections.abc import Iterator, Sequence

from .figures_in_columns import alignments
from .tables import MOST_COLUMNS, told_once
from .wrap import TEXT_COLUMNS, Measure, columns, wrap

_GAP = "  "


def table_in_text(
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    typed: Sequence[str] = (),
    indent: str = "",
    measure: Measure = columns,
) -> list[str]:
    """The lines of a table whose first row is the header, each after `indent`; `typed` as in `tables.table_view`.

    `measure` knows how wide merge fields will be; the cells' Markdown is plain text already.
    """
    width = max(map(len, rows))
    full = [[" ".join(cell.split()) for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    widths = [max(measure(cell) for cell in column) for column in zip(*full, strict=True)]
    room = TEXT_COLUMNS - columns(indent)
    heading = wrap(caption, first=indent, rest=indent, measure=measure) if caption else []
    if width <= MOST_COLUMNS and sum(widths) + len(_GAP) * (width - 1) <= room:
        aligned = alignments([*typed, *[""] * (width - len(typed))], full[1:])
        ruled = [full[0], ["-" * wide for wide in widths], *full[1:]]
        lines = [_line(row, widths, aligned, measure) for row in ruled]
        return [*heading, *((indent + line).rstrip() for line in lines)]
    body = told_once(full[0], full[1:]) if full[1:] else []
    records = [list(_record(full[0], row, indent, measure)) for row in body] or [[indent + " · ".join(full[0])]]
    return [line for lines in ([heading] if caption else []) + records for line in ["", *lines]][1:]


def _line(row: Sequence[str], widths: Sequence[int], aligned: Sequence[str], measure: Measure) -> str:
    cells = []
    for cell, width, align in zip(row, widths, aligned, strict=True):
        free = width - measure(cell)
        before = {"right": free, "center": free // 2}.get(align, 0)
        cells.append(" " * before + cell + " " * (free - before))
    return _GAP.join(cells)


def _record(labels: Sequence[str], row: Sequence[str], indent: str, measure: Measure) -> Iterator[str]:
    inner = indent + ("  " if row[0] else "")
    for at, (label, cell) in enumerate(zip(labels, row, strict=True)):
        text = f"{label}: {cell}" if label else cell
        if cell:
            yield from wrap(text, first=inner if at else indent, rest=inner + "  ", measure=measure)
