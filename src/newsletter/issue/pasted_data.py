"""A table that somebody pasted or dropped -> its columns and rows, and what of it a chart can draw. Touches: nothing.

Tabs of a spreadsheet, or CSV with commas, semicolons, bars; UTF-8, UTF-16 or the CP949 of Korean Excel. A thousand that
lost its quotes (`종로구,141,379`) is put together again where the row is too long by just that. Limits: those of
data_files.py: 100 rows under the header, 12 columns, no addresses.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.catalogue import phrase
from newsletter.csv_file.rows import CsvRow, rows
from newsletter.errors import InputError, Problem
from newsletter.settings.explain import WrongValueError

from .chart_values import number_of
from .data_files import table_of_rows
from .sections.table import MOST_ROWS

_DELIMITERS = "\t,;|"
_LARGEST = 1_000_000
"""Characters, or bytes."""
_SEEN = 20
"""Rows by which a delimiter is told."""
_HEAD_OF_THOUSAND, _THREE = re.compile(r"\s*[+\-−]?\d{1,3}"), re.compile(r"\d{3}(?:\.\d+)?%?\s*")
_NUMBER_WITH_UNIT = re.compile(r"\s*(?:약\s*)?([+\-−]?\s?[\d,]+(?:\.\d+)?\s?%?)\s*(\D{0,10}?)\s*")


@dataclass(frozen=True, slots=True)
class PastedData:
    """Every cell is text on one line; each row has as many as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart draws: labels with their values, and the unit that all values had."""

    items: tuple[tuple[str, str], ...]
    unit: str


def pasted_table(data: str | bytes) -> PastedData:
    """The first row is the header. Raises InputError for what is no table of a letter."""
    if len(data) > _LARGEST:
        raise InputError(problems=[Problem(phrase("issue.data.is_too_large"))])
    text = _decoded(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    first = text.partition("\n")[0].strip().lower()
    if len(first) == len("sep=;") and first.startswith("sep="):  # as Excel writes before a header
        delimiter, text = first[-1], text.partition("\n")[2]
    else:
        delimiter = _delimiter_of(text)
    found = [row for row, _ in zip(rows(io.StringIO(text), delimiter), range(MOST_ROWS + 2), strict=False)]
    if delimiter == "," and found:
        found = [_mended(row, len(found[0].cells)) for row in found]
    made = table_of_rows(found, "")
    return PastedData(made.rows[0], made.rows[1:])


def pasted_chart(data: PastedData) -> ChartData:
    """The first column of words and the first of numbers; the unit stands behind each of them, or nowhere.

    Raises InputError where there are none.
    """
    for at in range(1, len(data.columns)):
        values = [_value(row[at]) for row in data.rows]
        if all(values) and any(value and value[0] for value in values):
            units = {unit for value, unit in filter(None, values) if value}
            if len(units) <= 1:
                labels = (row[0] for row in data.rows)
                drawn = (value for value, _ in filter(None, values))
                return ChartData(tuple(zip(labels, drawn, strict=True)), next(iter(units), ""))
    raise InputError(problems=[Problem(phrase("issue.data.has_no_numbers"))])


def _value(cell: str) -> tuple[str, str] | None:
    """A number as it was typed and its unit; empty for an empty cell, None for words."""
    if not cell.strip("-–—·. "):
        return "", ""
    found = _NUMBER_WITH_UNIT.fullmatch(cell)
    if not found:
        return None
    try:
        number_of(found[1].strip())
    except WrongValueError:
        return None
    return found[1].strip(), found[2]


def _decoded(data: bytes) -> str:
    marked = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    for encoding in [marked[data[:2]]] if data[:2] in marked else ["utf-8-sig", "cp949"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(problems=[Problem(phrase("csv_file.encoding.is_neither_utf8_nor_cp949"))])


def _delimiter_of(text: str) -> str:
    """The one by which most rows have the same number of cells, two at least; that of a spreadsheet first."""
    head = text.split("\n", _SEEN)[:_SEEN]
    return max(_DELIMITERS, key=lambda one: (_agreeing(head, one), -_DELIMITERS.index(one)))


def _agreeing(lines: Sequence[str], delimiter: str) -> int:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0
    first = widths[0] if widths else 0
    return sum(width >= first for width in widths) if first > 1 else 0


def _mended(row: CsvRow, width: int) -> CsvRow:
    """A row with more cells than the header, its torn thousands put together; as it was where that does not fit."""
    if row.problem or len(row.cells) <= width:
        return row
    cells: list[str] = []
    goes_on = False
    for cell in row.cells:
        if goes_on and _THREE.fullmatch(cell):
            cells[-1] += f",{cell.strip()}"
        else:
            cells.append(cell)
        goes_on = bool(_HEAD_OF_THOUSAND.fullmatch(cells[-1]) or re.search(r"\d,\d{3}\Z", cells[-1]))
    return CsvRow(row.line, tuple(cells), row.lines) if len(cells) == width else row
