"""How a CSV file is encoded, found by reading it once in blocks. Touches: the file, reading.

UTF-8, with or without BOM, and CP949 (what Korean Excel writes). Limits: UTF-16 is refused with the way out; text that
is valid UTF-8 is never taken for CP949.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.system_reason import system_reason

_BLOCK = 1 << 20  # bytes read at a time; memory stays flat whatever the file's size
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods, and the older .xls, begin."""
_SAVE_AS = phrase("csv_file.encoding.save_as_csv")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is encoded, and how many line ends it has: about as many rows."""

    name: str
    line_ends: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file read in one encoding; `bad_line` is where that fails, from 1, or 0."""

    bad_line: int
    line_ends: int


def encoding_of(path: Path, shown: str) -> Encoding:
    """`utf-8-sig`, `utf-8` or `cp949`. Raises InputError, naming the file as `shown` and the line that is in none."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start.startswith(_SPREADSHEETS):
            said = phrase("csv_file.encoding.is_spreadsheet")
            raise InputError(problems=[Problem(said, shown, 1, hint=_SAVE_AS)])
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise InputError(problems=[Problem(phrase("csv_file.encoding.is_utf16"), shown, 1, hint=_SAVE_AS)])
        marked = start.startswith(codecs.BOM_UTF8)
        tried = {name: _read(path, name) for name in (["utf-8-sig"] if marked else ["utf-8"])}
        if not marked and tried["utf-8"].bad_line:
            tried["cp949"] = _read(path, "cp949")
    except OSError as error:
        said = phrase("csv_file.encoding.cannot_be_read", why=system_reason(error))
        raise InputError(problems=[Problem(said, shown)]) from error
    for name, reading in tried.items():
        if not reading.bad_line:
            return Encoding(name, reading.line_ends)
    name, reading = max(tried.items(), key=lambda item: item[1].bad_line)
    is_utf8 = name.startswith("utf-8")
    found = (
        phrase("csv_file.encoding.is_not_utf8") if is_utf8 else phrase("csv_file.encoding.is_neither_utf8_nor_cp949")
    )
    raise InputError(problems=[Problem(found, shown, reading.bad_line, hint=_SAVE_AS)])


def _read(path: Path, encoding: str) -> _Reading:
    decoder = codecs.getincrementaldecoder(encoding)()
    line_ends = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = (pending + block)[: error.start].count(b"\n")
                return _Reading(1 + line_ends + before, line_ends)
            if not block:
                return _Reading(0, line_ends)
            line_ends += text.count("\n")
