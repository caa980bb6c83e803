"""Which tables of pasted HTML are tables of data, and their cells as a grid. Touches: nothing.

Programs lay out whole pages by tables; one with a single row or column, or with another table inside, is none of data.
"""

from collections.abc import Sequence

from newsletter.edition.foreign_layout import Element

from .pieces import STRONG, PastedRun, PastedRuns

_MOST_COLUMNS = 50
_LONGEST_CELL = 500
"""Characters of a cell that can be read as one; a longer one is a page laid out."""


def is_table_of_data(table: Element) -> bool:
    if table.find(".//table") is not None:
        return False
    rows = [row for row in map(_own_cells, table.iter("tr")) if row]
    if not rows or max(map(len, rows)) < 2 or (len(rows) < 2 and table.find(".//th") is None):
        return False
    return all(len("".join(cell.itertext()).strip()) <= _LONGEST_CELL for row in rows for cell in row)


def grid_of(table: Element) -> tuple[list[list[Element | None]], int]:
    """Rows with as many cells each, None where a cell goes on that began before; and how many cells go on so."""
    grid: list[dict[int, Element | None]] = []
    going_on: dict[int, int] = {}
    merged = 0
    for row in table.iter("tr"):
        cells: dict[int, Element | None] = {}
        column = 0
        for cell in _own_cells(row):
            while going_on.get(column, 0):
                going_on[column] -= 1
                cells[column] = None
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            merged += wide > 1 or high > 1
            for at in range(column, min(column + wide, _MOST_COLUMNS)):
                cells[at] = cell if at == column else None
                going_on[at] = high - 1
            column += wide
        for at in [at for at, more in going_on.items() if at >= column and more]:
            going_on[at] -= 1
            cells[at] = None
        if cells:
            grid.append(cells)
    width = max((max(cells) + 1 for cells in grid), default=0)
    return [[cells.get(column) for column in range(width)] for cells in grid], merged


def with_plain_header(rows: Sequence[Sequence[PastedRuns]]) -> tuple[tuple[PastedRuns, ...], ...]:
    """Without rows and columns that say nothing; the header without the bold it has by itself."""
    said = [row for row in rows if any(row)]
    columns = [at for at in range(len(said[0]) if said else 0) if any(row[at] for row in said)]
    table = [tuple(row[at] for at in columns) for row in said]
    if table and all(STRONG in one.marks for cell in table[0] for one in cell if one.text.strip()):
        table[0] = tuple(_light(cell) for cell in table[0])
    return tuple(table)


def _light(cell: PastedRuns) -> PastedRuns:
    return tuple(PastedRun(one.text, one.marks - {STRONG}, one.href, one.note) for one in cell)


def _own_cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or ""
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() and len(value) < 6 else 1
