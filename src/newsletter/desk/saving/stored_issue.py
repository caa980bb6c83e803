"""An issue's file as it is stored: read with its version, written whole or not at all. Touches: that file, its folder.

Only files that lie in the folder of the issues are written; behind a link, the file that it leads to, so that the link
stays one. Limits: what another program saves by a rename at the very same moment is met and merged, where the
system can exchange two files; what it writes into the file in place within those microseconds is not.
"""

import hashlib
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.desk.text.splice import BOM
from newsletter.errors import CannotWriteError, InputError, Problem, RefusedError
from newsletter.issue.find import SLUG
from newsletter.issue.scan import LARGEST, decoded, file_bytes
from newsletter.settings.replace_file import replace_file, sync_folder
from newsletter.settings.system_reason import system_reason

from .exchange import exchange

_LEFT_BEHIND = 60.0
"""Seconds after which a file beside the issue, of a save that was killed, is nobody's any more."""


class ChangedMeanwhileError(Exception):
    """The file is not what it was when it was read: read it anew. `stray` is what else has been there, to be kept."""

    def __init__(self, stray: bytes = b"") -> None:
        super().__init__()
        self.stray = stray


def version_of(data: bytes) -> str:
    """32 hexadecimal digits, the same for the same bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """`path` is where it is written, behind all links; `file` is how errors call it."""

    path: Path
    file: str
    data: bytes

    @property
    def version(self) -> str:
        return version_of(self.data)

    @property
    def text(self) -> str:
        """As stored, with its BOM and its line ends. InputError where it is none."""
        return as_text(self.data, self.file)


def as_text(data: bytes, file: str) -> str:
    """Text of a file as stored. InputError where it is not UTF-8."""
    with suppress(UnicodeDecodeError):
        return data.decode()
    return decoded(data, file)  # which says why it is none


def shown_text(data: bytes) -> str | None:
    """The same, also in the encoding that Korean Windows saves with; None for what is no text."""
    for encoding in ("utf-8", "cp949"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return None


def as_shown(text: str) -> str:
    """A file's text for a field of a page: without BOM, with LF."""
    return text.removeprefix(BOM).replace("\r\n", "\n")


def as_stored(shown: str, before: str) -> str:
    """What came out of such a field, with BOM and line ends as they were; `before` where it says the same."""
    shown = shown.replace("\r\n", "\n").replace("\r", "\n")
    if shown == as_shown(before):
        return before
    text = shown.replace("\n", "\r\n") if before.count("\r\n") * 2 > before.count("\n") else shown
    return BOM + text if before.startswith(BOM) else text


def read_stored(path: Path, root: Path) -> StoredIssue:
    """An issue of the workspace at `root`. RefusedError for what is none of its issues; InputError for no file."""
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    issues, place = (root / "issues").resolve(), path.resolve()
    is_ours = issues.is_relative_to(root.resolve()) and place.parent == issues and path.parent.resolve() == issues
    if not is_ours or place.suffix != ".yaml" or not SLUG.fullmatch(place.stem):
        raise RefusedError(phrase("desk.file.is_elsewhere", file=file))
    return StoredIssue(place, file, file_bytes(place, file))


def write_stored(before: StoredIssue, data: bytes) -> StoredIssue:
    """Put `data` into the place of what was read; the mode stays.

    ChangedMeanwhileError where the file is another by now; CannotWriteError, and then it is as it was.
    """
    if len(data) > LARGEST:
        raise InputError(problems=[Problem(phrase("issue.file.is_too_large"), before.file)])
    path = before.path
    try:
        mode = path.stat().st_mode
        if not mode & stat.S_IWUSR or not os.access(path, os.W_OK):
            raise CannotWriteError(
                phrase("desk.file.is_read_only", file=before.file), hint=phrase("desk.file.allow_writing")
            )
        _sweep(path)
        _exchange(path, before.data, data, stat.S_IMODE(mode))
    except FileNotFoundError:
        raise ChangedMeanwhileError from None
    except OSError as error:
        said = phrase("desk.file.cannot_be_written", file=before.file, why=system_reason(error))
        raise CannotWriteError(said, hint=phrase("desk.file.nothing_is_lost")) from error
    return StoredIssue(path, before.file, data)


def _exchange(path: Path, before: bytes, data: bytes, mode: int) -> None:
    """Put `data` there if what is taken away is what was read; else both are as they were. ChangedMeanwhileError."""
    new = path.with_name(f".{path.name}-desk")
    replace_file(new, data, durable=True, mode=mode)
    try:
        if path.read_bytes() != before:
            raise ChangedMeanwhileError
        if not exchange(new, path):
            new.replace(path)
        elif new.read_bytes() != before:
            exchange(new, path)
            # Normally what was to be written; somebody who is as quick again has written what is here then.
            raise ChangedMeanwhileError(new.read_bytes())
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """What a save that was killed has left beside the file."""
    for left in path.parent.glob(f".{path.name}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()
