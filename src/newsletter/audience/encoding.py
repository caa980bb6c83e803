"""How a subscriber file is encoded, found by reading it once in blocks. Touches: the file, reading.

UTF-8, with or without BOM, and CP949 (what Korean Excel writes). Limits: UTF-16 is refused with the way out; text that
is valid UTF-8 is never taken for CP949.
"""

import codecs
from pathlib import Path

from newsletter.errors import InputError, Problem

_BLOCK = 1 << 20  # bytes read at a time; memory stays flat whatever the file's size
_SAVE_AS = "Save it as `CSV UTF-8` and try again."


def encoding_of(path: Path, shown: str) -> str:
    """`utf-8-sig`, `utf-8` or `cp949`. Raises InputError, naming the file as `shown` and the line that is in none."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise InputError(problems=[Problem("the file is UTF-16", shown, 1, hint=_SAVE_AS)])
        marked = start.startswith(codecs.BOM_UTF8)
        tried = {name: _first_bad_line(path, name) for name in (["utf-8-sig"] if marked else ["utf-8"])}
        if not marked and tried["utf-8"]:
            tried["cp949"] = _first_bad_line(path, "cp949")
    except OSError as error:
        raise InputError(problems=[Problem(f"cannot be read: {error.strerror}", shown)]) from error
    for name, bad_line in tried.items():
        if not bad_line:
            return name
    name, line = max(tried.items(), key=lambda item: item[1])
    found = "a byte that is not UTF-8" if name.startswith("utf-8") else "bytes that are neither UTF-8 nor CP949"
    raise InputError(problems=[Problem(found, shown, line, hint=_SAVE_AS)])


def _first_bad_line(path: Path, encoding: str) -> int:
    """The line, from 1, where decoding fails; 0 where the whole file decodes."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return line + (pending + block)[: error.start].count(b"\n")
            if not block:
                return 0
            line += text.count("\n")
