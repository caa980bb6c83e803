"""Read a file that may be anything and let through only text that is safe to parse. Touches: file system.

Limits: 1 MB, 20,000 lines, 200,000 characters in a line; UTF-8, with or without BOM, LF or CRLF. What is refused is
refused before any parsing.
"""

import re
from pathlib import Path
from typing import NoReturn

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.excerpt import excerpt
from newsletter.settings.system_reason import system_reason

LARGEST = 1_000_000
"""Bytes (docs/design.md 4.2)."""
MOST_LINES = 20_000
"""An unclosed quote over 500,000 lines takes the YAML scanner 1.3 s; over these it takes 0.1 s."""
LONGEST_LINE = 200_000
"""Characters. The YAML scanner takes 1.3 s for a line of 1 MB, and a paragraph is a hundredth of this."""
# YAML 1.1 readers, ruamel's too, end a line at U+0085, U+2028 and U+2029: line numbers and text would shift unseen.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
DEEPEST = 32
"""Levels (docs/design.md 4.2); the parser counts them all, this file only the brackets that stand side by side."""
# The scanner looks 1,024 characters ahead with work for every open bracket: 0.3 s for a row of them, 5 s to the end.
_DEEP = re.compile(r"(?:[\[{]\s*){32}[\[{]")
_NAMES = {
    "\0": phrase("issue.file.nul_byte"),
    "\r": phrase("issue.file.carriage_return"),
    "\u2028": phrase("issue.file.line_separator"),
}


_SAVE_AS_UTF8 = phrase("issue.file.save_as_utf8")


def read_text(path: Path, file: str) -> str:
    """The text with LF line ends; `file` is how errors call it. Raises InputError."""
    return decoded(file_bytes(path, file), file)


def decoded(data: bytes, file: str) -> str:
    """The same for what stands in a file, or is to stand there."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:64].count(0) > len(data[:64]) // 4:
        _refuse(file, phrase("issue.file.is_utf16"), _SAVE_AS_UTF8)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        _not_utf8(data, error.start, file)
    refuse_unsafe(text, file)
    return text


def refuse_unsafe(text: str, file: str) -> None:
    """InputError for a text that is not fit to be parsed: too large, too deep, or with a control character in it."""
    if text.count("\n") > MOST_LINES:
        _refuse(file, phrase("issue.file.has_too_many_lines", most=f"{MOST_LINES:,}"))
    if max(map(len, text.split("\n"))) > LONGEST_LINE:
        _refuse(file, phrase("issue.file.has_too_long_line", most=f"{LONGEST_LINE:,}"))
    if bad := _REFUSED.search(text):
        name = _NAMES.get(bad[0]) or phrase("issue.file.control_character", character=f"U+{ord(bad[0]):04X}")
        _refuse_at(file, text, bad.start(), phrase("issue.file.holds_character", name=name))
    if deep := _DEEP.search(text):
        _refuse_at(file, text, deep.end() - 1, phrase("issue.yaml.is_nested_too_deeply", deepest=DEEPEST))


def _refuse_at(file: str, text: str, offset: int, message: Said) -> NoReturn:
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    shown = excerpt(text.split("\n")[line - 1], column)
    raise InputError(problems=[Problem(message, file, line, column, excerpt=shown)])


def file_bytes(path: Path, file: str) -> bytes:
    """All of a file that is not too large. Raises InputError."""
    try:
        if not path.is_file():
            _refuse(file, phrase("issue.file.is_no_file") if path.exists() else phrase("issue.file.does_not_exist"))
        if path.stat().st_size > LARGEST:
            _refuse(file, phrase("issue.file.is_too_large"), phrase("issue.file.pictures_are_files"))
        return path.read_bytes()
    except OSError as error:
        why = system_reason(error)
        raise InputError(problems=[Problem(phrase("issue.file.cannot_be_read", why=why), file)]) from error


def _refuse(file: str, message: Said, hint: Said = SILENCE) -> NoReturn:
    raise InputError(problems=[Problem(message, file, hint=hint)])


def _not_utf8(data: bytes, offset: int, file: str) -> NoReturn:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8")) + 1
    try:
        data.decode("cp949")
        words = phrase("issue.file.is_cp949")
    except UnicodeDecodeError:
        words = phrase("issue.file.is_not_utf8")
    problem = Problem(words, file, line, column, hint=_SAVE_AS_UTF8)
    raise InputError(problems=[problem]) from None
