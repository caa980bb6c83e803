"""Cells that a spreadsheet would run as a formula, made harmless in a way that can be undone. Touches: nothing.

Excel, LibreOffice and Google Sheets take a cell for a formula that begins with one of these signs, whatever quotation
marks the CSV has round it (OWASP, "CSV Injection"). An apostrophe before it makes it text; to be able to take it away
again, a cell that begins with an apostrophe of its own gets another one.
"""

import re

# Spreadsheets read the wide signs, too.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NEUTRALISED = frozenset((*_STARTS, "'"))
_NUMBER = re.compile(r"[+-][0-9 ().,-]*", re.ASCII)
_RUNS = re.compile(r"=|[+-].*[|!]", re.DOTALL)


def neutral(cell: str) -> str:
    """For our own export: safe in a spreadsheet, and `as_typed` gives it back as it was."""
    return f"'{cell}" if cell[:1] in _NEUTRALISED else cell


def as_typed(cell: str) -> str:
    """What `neutral` was given."""
    return cell.removeprefix("'")


def harmless_cell(cell: str) -> str:
    """For another system, which would keep the apostrophe: only what would really run gets one.

    `+82 10-1234-5678` and `-5` are numbers to a spreadsheet, and stay.
    """
    return f"'{cell}" if cell.startswith(_STARTS) and not _NUMBER.fullmatch(cell) else cell


def would_run(address: str) -> bool:
    """Whether an address, which cannot be changed without becoming another, would run in a spreadsheet."""
    return _RUNS.match(address) is not None
