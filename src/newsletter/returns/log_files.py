"""The files of an access log: the one that is written, those it was rotated into, packed ones. Touches: these files.

A log is known by its first line, so that it keeps its place under whatever name: logrotate renames, copies and packs.
Lines are read in a stream: memory does not grow with the file, nor with a line. Limits: what a server has not finished
writing is left for the next time; a packed file that is broken is read as far as it goes.
"""

import glob
import gzip
import hashlib
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Self

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError
from newsletter.settings.system_reason import system_reason

from .xz_size import xz_size

_CHUNK = 1 << 18
_LONGEST = 1 << 14
"""Octets of a line; a longer one is no click of ours."""
_FIRST = 4096
"""Octets of the first line that a log is known by."""
_ROTATED = re.compile(r"[.-]\d[\d_-]*(?:\.gz|\.xz)?", re.ASCII)
"""Behind the name: `.1`, `.2.gz`, `-20261130`, `-20261130.xz`."""
_BREAKS = (EOFError, zlib.error, gzip.BadGzipFile)


class LogError(InputError):
    """A log that cannot be read, with the next step."""


@dataclass(frozen=True, slots=True)
class FoundLog:
    """One file as it was found."""

    path: Path
    inode: int
    size: int

    @property
    def is_packed(self) -> bool:
        return self.path.suffix in (".gz", ".xz")


class BrokenLogError(Exception):
    """A packed file that ends before its end, or is none."""


def log_files(pattern: Path) -> list[FoundLog]:
    """Those there are, oldest first. With `*`, `?` or `[` all that match; else the file, and what it was rotated into.

    LogError (65) where there is none, or what is there is no file.
    """
    found = [_look(path) for path in _paths(pattern)]
    files = sorted((file for file in found if file), key=lambda pair: (pair[0], str(pair[1].path)))
    if not files:
        raise LogError(
            phrase("returns.access_log.is_missing", path=str(pattern)), hint=phrase("returns.access_log.begin_it")
        )
    return [file for _, file in files]


def _require_folders(pattern: Path) -> None:
    """Every folder that a pattern leads through can be listed: a glob would pass over the others in silence."""
    for place in range(1, len(pattern.parts)):
        for name in glob.glob(str(Path(*pattern.parts[:place]))):  # noqa: PTH207 - as below
            if not Path(name).is_dir():
                continue
            try:
                os.scandir(name).close()
            except OSError as error:
                raise unreadable(Path(name), error) from error


def _paths(pattern: Path) -> list[Path]:
    if glob.has_magic(str(pattern)):
        _require_folders(pattern)
        return [Path(name) for name in glob.glob(str(pattern))]  # noqa: PTH207 - pathlib has no absolute patterns
    try:
        names = os.listdir(pattern.parent)  # noqa: PTH208 - names are all that is wanted
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(pattern.parent, error) from error
    begins = pattern.name
    return [
        pattern.parent / name
        for name in names
        if name == begins or (name.startswith(begins) and _ROTATED.fullmatch(name, len(begins)))
    ]


def _look(path: Path) -> tuple[float, FoundLog] | None:
    """With its time of change; None where it was rotated away just now."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise LogError(phrase("returns.access_log.is_no_file", path=str(path)))
    return status.st_mtime, FoundLog(path, status.st_ino, status.st_size)


class OpenLog:
    """A file that is read from a place on; `with` closes it."""

    def __init__(self, file: FoundLog) -> None:
        """LogError where this user may not read it; FileNotFoundError where it was rotated away just now."""
        self._file = file
        try:
            self._stream, self._breaks = _opened(file.path)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise unreadable(file.path, error) from error
        self.place = 0
        """Octets of whole lines that were read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def digest(self) -> str:
        """What it is known by; empty while its first line is not whole."""
        first = self._read(_FIRST)
        line, end, _ = first.partition(b"\n")
        return hashlib.sha256(line).hexdigest() if end or len(first) == _FIRST else ""

    def begin_at(self, place: int) -> None:
        """Where reading ended before; at the beginning where that cannot be a place of this file."""
        self.place = 0
        if place:
            self._seek(place - 1)
            if self._read(1) == b"\n":
                self.place = place
                return
        self._seek(0)

    def is_read_until(self, place: int) -> bool:
        """Whether nothing stands behind this place, as far as can be said without reading."""
        if not self._file.is_packed:
            return self._file.size == place
        with self._file.path.open("rb") as packed:
            if self._file.path.suffix == ".xz":
                return xz_size(packed) == place
            packed.seek(-min(4, self._file.size), os.SEEK_END)  # RFC 1952, 2.3.1: ISIZE, modulo 2^32
            return int.from_bytes(packed.read(4), "little") == place % (1 << 32)

    def lines(self) -> Iterator[bytes]:
        """Whole lines from the place on, which moves along; not those that are too long. BrokenLogError at a break."""
        rest, passed_over = b"", 0
        while chunk := self._read(_CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                self.place += passed_over + len(line) + 1
                if not passed_over and len(line) <= _LONGEST:
                    yield line
                passed_over = 0
            if len(rest) > _LONGEST:
                passed_over, rest = passed_over + len(rest), b""

    def _seek(self, place: int) -> None:
        try:
            self._stream.seek(place)
        except self._breaks as error:
            raise BrokenLogError from error

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except self._breaks as error:
            raise BrokenLogError from error
        except OSError as error:
            raise unreadable(self._file.path, error) from error


def _opened(path: Path) -> tuple[BufferedIOBase, tuple[type[Exception], ...]]:
    """What is read, and what it raises where it is broken."""
    if path.suffix == ".gz":
        return gzip.open(path), _BREAKS
    if path.suffix != ".xz":
        return path.open("rb"), _BREAKS
    try:
        import lzma
    except ImportError as error:  # a Python that was built where liblzma's headers were missing
        raise LogError(
            phrase("returns.access_log.no_xz", path=str(path)), hint=phrase("returns.access_log.use_gz")
        ) from error
    return lzma.open(path, format=lzma.FORMAT_XZ), (*_BREAKS, lzma.LZMAError)


def unreadable(path: Path, error: OSError) -> LogError:
    said: Said = phrase("returns.access_log.cannot_be_read", path=str(path), why=system_reason(error))
    hint = phrase("returns.access_log.whose_it_is") if isinstance(error, PermissionError) else None
    return LogError(said, hint=hint) if hint else LogError(said)
