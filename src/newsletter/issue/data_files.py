"""The file of a table -> its rows of text, or every problem of it with its line. Touches: file system.

CSV in UTF-8 or CP949, delimited by commas, semicolons or tabs; the first row names the columns. Limits: 1 MB, 100 rows
under the header, 12 columns, the same number of cells in each row. What is in a cell is text,
`{{` too.

SECURITY: a file of `issues/` alone; never the subscribers' file, nor one with a column `email`, since what is in a
table stands in everybody's letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import SILENCE, Phrase, Said, phrase
from newsletter.csv_file.encoding import encoding_of
from newsletter.csv_file.rows import CsvRow, delimiter_of, rows
from newsletter.errors import InputError, Problem
from newsletter.folded import folded
from newsletter.settings.explain import why_unreadable

from .load import problem_in
from .sections.table import MOST_COLUMNS, MOST_ROWS
from .seek import seek_data
from .tree import DataPath

_LARGEST = 1_000_000
"""Bytes."""
_OF_ADDRESSES = frozenset({"email", "e-mail", "이메일"})
_NAMES_MAIL = re.compile(r"e-?mail|메일|전자우편")
"""In the name of a column, which is one of addresses if they stand in it: `E-mail 주소`, but not `메일을 연 사람`."""


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table of a file, whose first row is the header; all rows have the same number of cells."""

    file: str
    """As errors call it: from the workspace's root."""
    rows: tuple[tuple[str, ...], ...]
    """Cells in NFC, each on one line, empty where there is nothing."""
    lines: tuple[int, ...]
    """Where each row begins in the file, from 1."""


def resolve_data(src: str, issue_path: Path, root: Path, *, subscribers: Path, where: DataPath = ()) -> Path:
    """The file of a table, absolute, links followed; `subscribers` is the one that none may be.

    `where` is the place of `src` in the issue, such as ("sections", 0, "data"). Raises InputError that points at it.
    """
    found = seek_data(src, issue_path, root)
    message, hint = found.message, found.hint
    if found.path and found.path == subscribers.resolve():
        message, hint = phrase("issue.data.is_of_subscribers", src=src), phrase("issue.data.take_another")
    elif found.path:
        return found.path
    problem = problem_in(issue_path, workspace_root=root, where=where, message=message, hint=hint)
    raise InputError(problems=[problem])


def read_data(path: Path, root: Path) -> FileTable:
    """The table in a file that `resolve_data` found. Raises InputError with every problem, placed in the file."""
    home = root.resolve()
    file = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(problems=[Problem(phrase("issue.data.is_too_large"), file)])
        encoding = encoding_of(path, file)
        with path.open(encoding=encoding.name, newline="") as opened:
            delimiter, skipped = delimiter_of(opened)
            opened.seek(0)
            for _ in range(skipped):
                opened.readline()
            found = [row for row, _ in zip(rows(opened, delimiter, skipped + 1), range(MOST_ROWS + 2), strict=False)]
    except (OSError, UnicodeDecodeError) as error:
        said = phrase("issue.data.cannot_be_read", why=why_unreadable(error))
        raise InputError(problems=[Problem(said, file)]) from error
    return table_of_rows(found, file)


def table_of_rows(found: list[CsvRow], file: str) -> FileTable:
    """The table that rows make, the first of them its header. Raises InputError with every problem."""
    if problems := [Problem(said, file, line or None, hint=hint) for line, said, hint in _faults(found)]:
        raise InputError(problems=problems)
    width = max(_filled(row) for row in found)
    texts = (tuple(_text(cell) for cell in row.cells[:width]) for row in found)
    return FileTable(file, tuple((*row, *[""] * (width - len(row))) for row in texts), tuple(row.line for row in found))


def _faults(found: list[CsvRow]) -> Iterator[tuple[int, Said, Said]]:
    """What is wrong, each with its line (0: the whole file) and what to do."""
    if unreadable := [row for row in found if row.problem]:
        for row in unreadable:
            hint = phrase("csv_file.row.close_quote") if _is_about_quotes(row.problem) else SILENCE
            yield row.line, row.problem or SILENCE, hint
        return
    if len(found) < 2:
        yield 0, phrase("issue.data.has_no_rows"), SILENCE
        return
    header, *body = found
    if any(_is_of_addresses(name, at, body) for at, name in enumerate(header.cells)):
        yield header.line, phrase("issue.data.holds_addresses"), phrase("issue.data.take_another")
        return
    if len(body) > MOST_ROWS:
        yield body[MOST_ROWS].line, phrase("issue.data.has_too_many_rows", most=MOST_ROWS), SILENCE
    if max(map(_filled, found)) > MOST_COLUMNS:
        yield header.line, phrase("issue.data.has_too_many_columns", most=MOST_COLUMNS), SILENCE
    for row in found:
        if _filled(row) > len(header.cells) or len(row.cells) < _filled(header):
            counts = {"cells": len(row.cells), "columns": len(header.cells)}
            yield row.line, phrase("issue.data.is_ragged", **counts), phrase("issue.data.quote_commas")
        for char in sorted({char for cell in row.cells for char in cell if _is_no_text(char)}):
            yield row.line, phrase("issue.value.holds_invisible_character", character=f"U+{ord(char):04X}"), SILENCE


def _is_of_addresses(name: str, at: int, body: list[CsvRow]) -> bool:
    """Whether column `at`, from 0, is one of mail addresses: by its name, or by both its name and its cells."""
    named = folded(unicodedata.normalize("NFKC", name))
    return named in _OF_ADDRESSES or (
        bool(_NAMES_MAIL.search(named)) and any("@" in cell for row in body for cell in row.cells[at : at + 1])
    )


def _filled(row: CsvRow) -> int:
    """Its cells without empty ones at its end, as spreadsheets leave them."""
    return max((at for at, cell in enumerate(row.cells, start=1) if cell.strip()), default=0)


def _is_about_quotes(problem: Said | None) -> bool:
    return isinstance(problem, Phrase) and "quote" in problem.code


def _is_no_text(char: str) -> bool:
    return char not in "\n\r\t" and unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _text(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split())
