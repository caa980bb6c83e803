"""The subscriber file becomes Subscribers, one at a time. Touches: the file, reading.

A bad row is a BadRow and never mailed; a file whose header makes no sense is an InputError that names file and line.
Duplicates are not dropped here: who is mailed once is the ledger's promise (docs/design.md 4.5).
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.csv_file.encoding import encoding_of
from newsletter.csv_file.rows import CsvRow, delimiter_of, rows
from newsletter.errors import InputError, Problem
from newsletter.settings.system_reason import system_reason

from .address import AddressError, parse_address
from .subscriber import BadRow, Subscriber, row_hint

_KNOWN = frozenset({"email", "name", "language", "tags", "consent_at", "consent_source"})
_KOREAN = {"이메일": "email", "이름": "name", "언어": "language", "태그": "tags"}
_COLUMNS_NAMED = 12
_TAGS_REMEMBERED = 4_096
"""Cells; most subscribers share theirs with many."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the top of the file says; `columns` has an empty name for a column that is left out."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    first_line: int
    """The line after the header, from 1."""
    lines: int = 0
    """About how many the file has; a last one without an end is not counted."""


def read_subscribers(path: Path, layout: Layout | None = None) -> Iterator[Subscriber | BadRow]:
    """Every row in the order of the file; memory does not grow with it. The header is read at once, the rows later.

    `layout` is the file's, where it was read before. Raises InputError: no such file, an encoding that is not known, no
    header or one with a column twice.
    """
    return _subscribers(path, layout or read_layout(path))


def find_subscriber(path: Path, email: str) -> Subscriber | None:
    """The first good row with this address. Raises AddressError where `email` is none."""
    _, key = parse_address(email)
    for row in read_subscribers(path):
        if isinstance(row, Subscriber) and row.key == key:
            return row
    return None


def cells_of(path: Path, layout: Layout, column: str) -> Iterator[tuple[int, str]]:
    """Line and cell of one column for every row that can be told apart, as written and without a look at the rest."""
    at = layout.columns.index(column)
    return ((row.line, row.cells[at]) for row in csv_rows(path, layout) if at < len(row.cells))


def read_layout(path: Path) -> Layout:
    """Encoding, delimiter and columns; raises InputError with file and line."""
    if not path.is_file():
        if path.exists():
            raise _bad_file(path, None, phrase("audience.file.is_no_file"), phrase("audience.file.put_csv_there"))
        raise _bad_file(path, None, phrase("audience.file.does_not_exist"))
    encoding = encoding_of(path, path.name)
    with _open(path, encoding.name) as file:
        delimiter, skipped = delimiter_of(file)
        file.seek(0)
        for _ in range(skipped):
            file.readline()
        header = next(rows(file, delimiter, skipped + 1), None)
        if header is None:
            raise _bad_file(path, 1, phrase("audience.file.is_empty"), phrase("audience.file.first_line_names_columns"))
        if header.problem:
            raise _bad_file(path, header.line, header.problem, row_hint(header.problem))
    columns = _columns(path, header)
    return Layout(encoding.name, delimiter, columns, header.line + header.lines, encoding.line_ends)


def _subscribers(path: Path, layout: Layout) -> Iterator[Subscriber | BadRow]:
    return map(RowReader(layout.columns), csv_rows(path, layout))


def csv_rows(path: Path, layout: Layout) -> Iterator[CsvRow]:
    with _open(path, layout.encoding) as file:
        for _ in range(layout.first_line - 1):
            file.readline()
        yield from rows(file, layout.delimiter, layout.first_line)


class RowReader:
    """Judges rows: `reader(row)` is what `judge_row(row, columns)` is, in half the time for a row like most others."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        at = {column: index for index, column in enumerate(columns)}
        self._email = at["email"]
        # A column that is not there is read from an empty cell put behind the others.
        known = ("name", "language", "tags", "consent_at", "consent_source")
        self._name, self._language, self._tags, self._consent_at, self._consent_source = (
            at.get(column, len(columns)) for column in known
        )
        self._fields = [(column, index) for column, index in at.items() if column and column not in _KNOWN]

    def __call__(self, row: CsvRow) -> Subscriber | BadRow:
        line, written, _, problem = row
        text = "".join(written)
        usual = len(written) == len(self._columns) and "\0" not in text
        # What is NFC as a whole is so in its parts; the reverse is not true, and then the parts are looked at.
        if problem or not usual or not (text.isascii() or unicodedata.is_normalized("NFC", text)):
            return judge_row(row, self._columns)
        cells = [cell.strip() for cell in written]
        cells.append("")
        try:
            email, key = parse_address(cells[self._email])
        except AddressError as error:
            return BadRow(line, error.reason)
        return Subscriber(
            email,
            key,
            cells[self._name],
            cells[self._language].lower(),
            _tags(cells[self._tags]),
            cells[self._consent_at],
            cells[self._consent_source],
            {column: cells[index] for column, index in self._fields},
            line,
        )


@lru_cache(maxsize=_TAGS_REMEMBERED)
def _tags(cell: str) -> frozenset[str]:
    return frozenset(tag.strip() for tag in cell.split(";") if tag.strip())


def judge_row(row: CsvRow, columns: tuple[str, ...]) -> Subscriber | BadRow:
    """A row of a file with these columns, whatever is in it."""
    if row.problem:
        return BadRow(row.line, row.problem)
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        said = phrase("audience.row.has_too_many_cells", cells=len(row.cells), columns=len(columns))
        return BadRow(row.line, said)
    if any("\0" in cell for cell in row.cells):
        return BadRow(row.line, phrase("audience.row.holds_nul"))
    cells = {
        column: unicodedata.normalize("NFC", cell.strip())
        for column, cell in zip(columns, row.cells, strict=False)
        if column
    }
    try:
        email, key = parse_address(cells.get("email", ""))
    except AddressError as error:
        return BadRow(row.line, error.reason)
    return Subscriber(
        email=email,
        key=key,
        name=cells.get("name", ""),
        language=cells.get("language", "").lower(),
        tags=_tags(cells.get("tags", "")),
        consent_at=cells.get("consent_at", ""),
        consent_source=cells.get("consent_source", ""),
        fields={column: cell for column, cell in cells.items() if column not in _KNOWN},
        line=row.line,
    )


@contextmanager
def _open(path: Path, encoding: str) -> Iterator[TextIO]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise _bad_file(path, None, phrase("audience.file.cannot_be_read", why=system_reason(error))) from error
    except UnicodeDecodeError as error:
        raise _bad_file(path, None, phrase("audience.file.was_changed")) from error


def _columns(path: Path, header: CsvRow) -> tuple[str, ...]:
    columns = tuple(_column(cell) for cell in header.cells)
    named = sorted(column for column in columns if column)
    for one, other in pairwise(named):
        if one == other:
            said = phrase("audience.file.has_column_twice", column=one)
            raise _bad_file(path, header.line, said, phrase("audience.file.rename_one"))
    if "email" not in named:
        hint = phrase("audience.file.first_line_names_columns")
        if any("@" in column for column in columns):  # a row: whoever is in it is not repeated
            raise _bad_file(path, header.line, phrase("audience.file.first_line_is_subscriber"), hint)
        found = tuple(f"`{column[:40]}`" for column in columns[:_COLUMNS_NAMED] if column)
        said = (
            phrase("audience.file.has_no_email_column_but", found=found)
            if found
            else phrase("audience.file.has_no_email_column")
        )
        raise _bad_file(path, header.line, said, hint)
    return columns


def _column(cell: str) -> str:
    """The known columns in any case and by their Korean names, the others as they are written."""
    name = unicodedata.normalize("NFC", cell.strip().strip("\ufeff"))
    known = _KOREAN.get(name, name.lower())
    return known if known in _KNOWN else name


def _bad_file(path: Path, line: int | None, message: Said, hint: Said = SILENCE) -> InputError:
    return InputError(problems=[Problem(message, path.name, line, hint=hint)])
