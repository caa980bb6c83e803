"""Which files of the workspace hold an address: exports, logs, messages that came back. Touches: the files, reading.

Looked through octet by octet, in whatever case and in each encoding that subscriber files have. Limits: what is
compressed, or encoded as mail is, is not read; neither is git's own folder, whose history nobody can change without
everybody who has it.
"""

import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.ledger.rewriting import count_in
from newsletter.progress import Advance

_ENCODINGS = ("utf-8", "cp949")
_NOT_OURS = frozenset({".git", ".venv", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class HoldingFile:
    """A file with an address in it."""

    path: str
    """As the workspace names it; absolute for one that is elsewhere."""
    times: int
    """How often it stands there; 0: the file could not be read, so nobody knows."""


def files_holding(
    root: Path, addresses: Collection[str], *, also: Sequence[Path] = (), without: Collection[Path], advance: Advance
) -> list[HoldingFile]:
    """Of the folder `root` and of the files and folders `also`, `without` those that were looked at otherwise."""
    patterns = [_whole(one) for one in sorted({octets for one in addresses for octets in _written(one)})]
    files = sorted({path for start in (root, *also) for path in _files(start)} - set(without))
    found = []
    for number, path in enumerate(files):
        advance(number, len(files))
        try:
            times = count_in(path, patterns)
        except OSError:
            found.append(HoldingFile(_named(root, path), 0))
            continue
        if times:
            found.append(HoldingFile(_named(root, path), times))
    return found


def _written(address: str) -> Iterator[bytes]:
    """In each encoding that knows its letters; Hangul also taken apart (NFD), as some programs of a Mac write it."""
    for encoding in _ENCODINGS:
        for form in ("NFC", "NFD"):
            with suppress(UnicodeEncodeError):
                yield unicodedata.normalize(form, address.lower()).encode(encoding)


def _whole(address: bytes) -> re.Pattern[bytes]:
    """An address that is no part of a longer one."""
    return re.compile(rb"(?<![\w.+%'-])" + re.escape(address) + rb"(?![\w-]|\.\w)", re.IGNORECASE)


def _files(start: Path) -> Iterator[Path]:
    if start.is_file():
        yield start
    for folder, folders, names in os.walk(start):
        folders[:] = [one for one in folders if one not in _NOT_OURS]
        yield from (path for name in names if (path := Path(folder, name)).is_file() and not path.is_symlink())


def _named(root: Path, path: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
