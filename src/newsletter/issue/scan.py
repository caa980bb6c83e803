"""Read a file that may be anything and let through only text that is safe to parse. Touches: file system.

Limits: 1 MB, 20,000 lines, 200,000 characters in a line; UTF-8, with or without BOM, LF or CRLF. What is refused is
refused before any parsing.
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
LONGEST_LINE = 200_000
"""Characters. The YAML scanner takes 1.3 s for a line of 1 MB, and a paragraph is a hundredth of this."""
# YAML 1.1 readers, ruamel's too, end a line at U+0085, U+2028 and U+2029: line numbers and text would shift unseen.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
DEEPEST = 32
"""Levels (DESIGN 4.2); the parser counts them all, this file only the brackets that stand side by side."""
# The scanner looks 1,024 characters ahead with work for every open bracket: 0.3 s for a row of them, 5 s to the end.
_DEEP = re.compile(r"(?:[\[{]\s*+){32}[\[{]")
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
    if max(map(len, text.split("\n"))) > LONGEST_LINE:
        _refuse(file, f"has a line of more than {LONGEST_LINE:,} characters")
    if bad := _REFUSED.search(text):
        name = _NAMES.get(bad[0], f"the control character U+{ord(bad[0]):04X}")
        _refuse_at(file, text, bad.start(), f"holds {name}; delete it")
    if deep := _DEEP.search(text):
        _refuse_at(file, text, deep.end() - 1, f"is nested deeper than {DEEPEST}")
    return text


def _refuse_at(file: str, text: str, offset: int, message: str) -> NoReturn:
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    shown = excerpt(text.split("\n")[line - 1], column)
    raise InputError(problems=[Problem(message, file, line, column, excerpt=shown)])


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
