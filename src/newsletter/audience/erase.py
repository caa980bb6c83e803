"""Take one person's rows out of the subscriber file; all other octets stay as they are. Touches: that file.

The new file takes the old one's place whole, with its owner and rights. Limits: what the disk keeps of the old one is
the file system's.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, RunAgainError
from newsletter.settings.system_reason import system_reason

from .address import AddressError, parse_address
from .read import Layout, csv_rows, read_layout

_RIGHTS = 0o777


def lines_of(path: Path, key: str, meant: re.Pattern[str]) -> list[int]:
    """The lines, from 1, of all rows that are this person's: by the address, or `meant` in a cell that is no address.

    Raises InputError for a file that cannot be read.
    """
    return [line for line, _ in _theirs(path, read_layout(path), key, meant)]


def erase_rows(path: Path, key: str, meant: re.Pattern[str]) -> list[int]:
    """Take the rows of `lines_of` out; their lines. CannotWriteError (73); RunAgainError (75) where somebody else has
    written the file meanwhile: then it is as they left it."""
    layout, before = read_layout(path), path.stat()
    theirs = dict(_theirs(path, layout, key, meant))
    if not theirs:
        return []
    out = {number for line, lines in theirs.items() for number in range(line, line + lines)}
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as made:
            temporary = Path(made.name)
        try:
            _copy_without(path, temporary, layout, out)
            temporary.chmod(before.st_mode & _RIGHTS)
            if os.name == "posix" and os.geteuid() == 0:
                os.chown(temporary, before.st_uid, before.st_gid)
            now = path.stat()
            if (now.st_mtime_ns, now.st_size, now.st_ino) != (before.st_mtime_ns, before.st_size, before.st_ino):
                raise RunAgainError(phrase("audience.erase.was_changed", file=path.name))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        why = system_reason(error)
        raise CannotWriteError(phrase("audience.erase.cannot_write", file=path.name, why=why)) from error
    return sorted(theirs)


def _theirs(path: Path, layout: Layout, key: str, meant: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Line and number of lines of each row."""
    at = layout.columns.index("email")
    for row in csv_rows(path, layout):
        cell = row.cells[at] if at < len(row.cells) else ""
        if _is_theirs(cell, row.cells, key, meant):
            yield row.line, row.lines


def _is_theirs(cell: str, cells: Sequence[str], key: str, meant: re.Pattern[str]) -> bool:
    try:
        return parse_address(cell)[1] == key
    except AddressError:  # a bad row: `홍길동 <hong@example.com>`, or two addresses in one cell
        return any(meant.search(one) for one in cells)


def _copy_without(path: Path, to: Path, layout: Layout, out: set[int]) -> None:
    with (
        path.open(encoding=layout.encoding, newline="") as old,
        to.open("w", encoding=layout.encoding, newline="") as new,
    ):
        for number, line in enumerate(old, start=1):
            if number not in out:
                new.write(line)
        new.flush()
        os.fsync(new.fileno())
