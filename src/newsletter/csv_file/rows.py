"""Records of a CSV file, one at a time, each with the line where it begins; a lone quote costs one row, not the rest.

Touches: nothing; it reads the lines it is given. Limits: a row has at most 50 lines and 131,072 characters a cell
(the csv module's limit), a line at most a million characters.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from newsletter.catalogue import Said, phrase

_MOST_LINES = 50  # an address block in a cell has a handful; an unclosed quote would swallow the file
_LONGEST_LINE = 1_000_000  # characters
_LONGEST_CELL = 131_072  # characters; the csv module's limit
_DELIMITERS = ",;\t"
_LINE_ENDS = ("\n", "\r")
_TOO_LONG = "line too long"


class CsvRow(NamedTuple):
    """`problem` says why the cells cannot be told; then there are none."""

    line: int
    cells: tuple[str, ...]
    lines: int = 1
    problem: Said | None = None


def rows(file: TextIO, delimiter: str, first_line: int = 1) -> Iterator[CsvRow]:
    """All rows that are not blank. `file` is opened with `newline=""`; its next line has the number `first_line`.

    Where a quotation mark is never closed, or text follows a closed one, only the line it stands in is given up: the
    following lines are read again as rows of their own.
    """
    again: deque[str] = deque()
    line = first_line
    readline = file.readline
    while True:
        text = again.popleft() if again else readline(_LONGEST_LINE)
        if _is_simple(text):
            simple = text.rstrip("\r\n").split(delimiter)
            if simple[0].strip() or text.replace(delimiter, "").strip():
                yield CsvRow(line, tuple(simple))
            line += 1
            continue
        again.appendleft(text)
        taken: list[str] = []
        try:
            cells = next(csv.reader(_lines(file, again, taken), delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            again.extendleft(reversed(taken[1:]))
            yield CsvRow(line, (), problem=_reason(error, taken))
            line += 1
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield CsvRow(line, tuple(cells), len(taken))
        line += len(taken)


def delimiter_of(file: TextIO) -> tuple[str, int]:
    """The delimiter, and how many lines to leave out: Excel puts `sep=;` before the header of some files."""
    first = file.readline().strip("\r\n\ufeff ")
    if len(first) == len("sep=;") and first.lower().startswith("sep="):
        return first[-1], 1
    header = first
    while header == "" and (line := file.readline()):
        header = line.strip()
    return max(_DELIMITERS, key=header.count), 0


def _is_simple(text: str) -> bool:
    """A line that is a row without a csv.reader of its own, which costs 3 µs: no quotation marks, no odd line ends."""
    return bool(text) and '"' not in text and "\r" not in text[:-2] and len(text) < _LONGEST_CELL


def _lines(file: TextIO, again: deque[str], taken: list[str]) -> Iterator[str]:
    """The next lines for one row; what was taken is noted, so that it can be given back."""
    while len(taken) < _MOST_LINES:
        text = again.popleft() if again else file.readline(_LONGEST_LINE)
        if not text:
            return
        taken.append(text)
        if len(text) == _LONGEST_LINE and not text.endswith(_LINE_ENDS):
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(_LINE_ENDS):
                pass
            raise csv.Error(_TOO_LONG)
        yield text


def _reason(error: csv.Error, taken: list[str]) -> Said:
    if "field larger" in str(error) or str(error) == _TOO_LONG:
        return phrase("csv_file.row.is_too_long")
    if len(taken) == _MOST_LINES or "unexpected end" in str(error):
        return phrase("csv_file.row.quote_is_open")
    return phrase("csv_file.row.goes_on_after_quote")
