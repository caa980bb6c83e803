"""The messages of an mbox file (RFC 4155), one by one, and the lock that mail programs agree on. Touches: that file.

A message begins with a `From ` line at the start of the file or behind an empty one; lines of a message that begin so
were written with a `>` before them. Lines end with LF or CRLF. Memory does not grow with the file, nor with a line.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsletter.catalogue import phrase
from newsletter.errors import UnavailableError

from .source import LARGEST_READ

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: no mail program delivers to an mbox there
    _can_lock = False
else:
    _can_lock = True

_PIECE_OF_LINE = 1 << 16
_EMPTY = (b"\n", b"\r\n")
_FROM = b"From "
_SEPARATED = re.compile(rb"(\n)\r?\n\Z")
"""The empty line between two messages is neither's."""
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_PIECE = 1 << 20
_LOCK_SECONDS = 30.0
_LOCK_PAUSE = 0.1
_STALE_SECONDS = 300
"""A dotlock that is older and names no process was left by one that died: nobody delivers a message for so long."""


@dataclass(frozen=True, slots=True)
class MboxRange:
    """Where a message lies, its `From ` line included."""

    begins: int
    ends: int


def is_mbox(file: BinaryIO) -> bool:
    """Whether it begins as one; an empty file is one with no message."""
    file.seek(0)
    first = next((piece for piece, _ in _pieces(file) if piece not in _EMPTY), _FROM)
    return first.startswith(_FROM)


def extents(file: BinaryIO, begins: int = 0) -> Iterator[MboxRange]:
    """Of all messages from a place on, where one begins."""
    file.seek(begins)
    start = place = begins
    after_empty, has_begun = True, False
    for piece, is_line in _pieces(file):
        if is_line and after_empty and has_begun and piece.startswith(_FROM):
            yield MboxRange(start, place)
            start = place
        after_empty = is_line and piece in _EMPTY
        has_begun |= not after_empty
        place += len(piece)
    if has_begun:
        yield MboxRange(start, place)


def message_in(file: BinaryIO, extent: MboxRange) -> bytes:
    """What the `From ` line is followed by, at most LARGEST_READ octets, without the quoting."""
    file.seek(extent.begins)
    octets = file.read(min(extent.ends - extent.begins, LARGEST_READ + _PIECE_OF_LINE)).lstrip(b"\r\n")
    if octets.startswith(_FROM):
        octets = octets.partition(b"\n")[2]
    octets = _QUOTED.sub(rb"\1", octets)
    return _SEPARATED.sub(rb"\1", octets)[:LARGEST_READ]


def copy_range(source: BinaryIO, extent: MboxRange, target: BinaryIO) -> None:
    """As it stands there; an empty line behind it, so that the next message is seen."""
    source.seek(extent.begins)
    left, end = extent.ends - extent.begins, b""
    while left and (piece := source.read(min(left, _PIECE))):
        target.write(piece)
        left -= len(piece)
        end = (end + piece)[-4:]
    if not end.endswith((b"\n\n", b"\n\r\n")):
        target.write(b"\n" if end.endswith(b"\n") else b"\n\n")


@contextmanager
def locked_mbox(path: Path) -> Iterator[BinaryIO]:
    """The file, locked as those lock it who deliver: a dotlock, where this user may make one, and fcntl.

    UnavailableError (69) where somebody holds it for long. Raises OSError. Nobody else may open it meanwhile: closing
    that would unlock it (POSIX).
    """
    with _dotlock(path), path.open("r+b") as file:
        _until(lambda: try_lock(file), path)
        yield file


@contextmanager
def _dotlock(path: Path) -> Iterator[None]:
    lock = path.with_name(f"{path.name}.lock")
    try:
        _until(lambda: _try_dotlock(lock), path)
    except PermissionError:  # in the system's folder of mailboxes, fcntl is all that a user has
        yield
        return
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _try_dotlock(lock: Path) -> bool:
    """With the number of this process in it, so that whoever comes after it was killed sees that it is gone."""
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        if _is_stale(lock):
            lock.unlink(missing_ok=True)
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"%d\n" % os.getpid())
    return True


def _is_stale(lock: Path) -> bool:
    try:
        said, age = lock.read_bytes().strip(), time.time() - lock.stat().st_mtime
    except OSError:
        return False
    if not said.isdigit():
        return age > _STALE_SECONDS
    try:
        os.kill(int(said), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False


def try_lock(file: BinaryIO) -> bool:
    """Lock a file for this process, unless another has it."""
    if not _can_lock:
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _until(attempt: Callable[[], bool], path: Path) -> None:
    deadline = time.monotonic() + _LOCK_SECONDS
    while not attempt():
        if time.monotonic() > deadline:
            raise UnavailableError(
                phrase("returns.mbox.is_locked", file=str(path)), hint=phrase("returns.mbox.look_who_locks")
            )
        time.sleep(_LOCK_PAUSE)


def _pieces(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines with their ends, a long one in several pieces; whether a piece begins a line."""
    is_line = True
    while piece := file.readline(_PIECE_OF_LINE):
        yield piece, is_line
        is_line = piece.endswith(b"\n")
