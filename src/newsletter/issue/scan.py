"""Read a file that may be anything and let through only text that is safe to parse. Touches: file system.

Limits: 1 MB, 20,000 lines; UTF-8, with or without BOM, LF or CRLF. What is refused is refused before any parsing.
"""

import re
from pathlib import Path
from typing import NoReturn

from newsletter.errors import InputError, Problem
from newsletter.excerpt import excerpt

LARGEST = 1_000_000
"""Bytes (DESIGN 4.2)."""
MOST_LINES = 20_000
"""An unclosed quote over 500,000 lines takes the YAML scanner 1.3 s; over these it takes 0.1 s."""
# YAML 1.1 readers, ruamel's too, end a line at U+0085, U+2028 and U+2029: line numbers and text would shift unseen.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_NAMES = {"\0": "a NUL byte", "\r": "a carriage return without a line feed", "\u2028": "a line separator (U+2028)"}


def read_text(path: Path, file: str) -> str:
    """The text with LF line ends; `file` is how errors call it. Raises InputError."""
    data = _read(path, file)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:64].count(0) > len(data[:64]) // 4:
        _refuse(file, "is UTF-16, not UTF-8", hint="Save it again with the encoding UTF-8.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        _not_utf8(data, error.start, file)
    if text.count("\n") > MOST_LINES:
        _refuse(file, f"has more than {MOST_LINES:,} lines")
    if bad := _REFUSED.search(text):
        name = _NAMES.get(bad[0], f"the control character U+{ord(bad[0]):04X}")
        line, column = place(text, bad.start())
        shown = excerpt(text.split("\n")[line - 1], column)
        raise InputError(problems=[Problem(f"holds {name}; delete it", file, line, column, excerpt=shown)])
    return text


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset, from 0."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _read(path: Path, file: str) -> bytes:
    try:
        if not path.is_file():
            _refuse(file, "is no file" if path.exists() else "does not exist")
        if path.stat().st_size > LARGEST:
            _refuse(file, "is larger than 1 MB", hint="An issue is text; pictures are files beside it.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(problems=[Problem(f"cannot be read: {error.strerror or error}", file)]) from error


def _refuse(file: str, message: str, hint: str = "") -> NoReturn:
    raise InputError(problems=[Problem(message, file, hint=hint)])


def _not_utf8(data: bytes, offset: int, file: str) -> NoReturn:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8")) + 1
    try:
        data.decode("cp949")
        words = "is not UTF-8; it reads as CP949 (EUC-KR)"
    except UnicodeDecodeError:
        words = "is not UTF-8"
    problem = Problem(words, file, line, column, hint="Save it again with the encoding UTF-8.")
    raise InputError(problems=[problem]) from None
