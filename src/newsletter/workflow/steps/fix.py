"""Replace in an issue's file what HWP, Word and Excel left there, and say whether an approval ends by it.

Touches: the issue's file, which is replaced whole or not at all, with its rights and line ends; through a link, the
file that it leads to.
"""

import codecs
import os
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.check.fixing import Replacement, fixed
from newsletter.errors import CannotWriteError, InputError, RefusedError, RunAgainError, UsageError
from newsletter.issue.scan import LARGEST
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

from .approval import folder_of, valid_approval
from .files import cannot_be_read, cannot_be_written
from .letter import file_in, open_letter

_TRIES = 3
"""So often it begins anew where somebody else writes to the file meanwhile."""
_ANYBODY_WRITES = 0o222


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was replaced in one issue's file."""

    file: str
    replacements: tuple[Replacement, ...] = ()
    approval_lapses: bool = False


def fix_issue(workspace: Workspace, path: Path) -> Fixed:
    """Replace what is known; a file that is no UTF-8, too large or outside the workspace is left for `check` to tell.

    CannotWriteError (73) where the file must not be written, RunAgainError (75) where somebody keeps writing to it.
    """
    try:
        file = file_in(workspace, path)
    except UsageError:
        return Fixed(path.name)
    was_approved = _is_approved(workspace, path)
    for _ in range(_TRIES):
        before = _read(path)
        after, replacements = _fixed(before, file, workspace.settings.newsletter.language)
        if not replacements:
            return Fixed(file)
        if _replaced(path.resolve(), before, after):
            lapses = was_approved and not _is_approved(workspace, path)
            return Fixed(file, tuple(replacements), lapses)
    raise RunAgainError(phrase("workflow.fix.changes_meanwhile", file=file), hint=phrase("workflow.fix.close_it"))


def _fixed(data: bytes, file: str, language: str) -> tuple[bytes, list[Replacement]]:
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(mark) :].decode() if len(data) <= LARGEST else ""
    except UnicodeDecodeError:
        return data, []
    after, replacements = fixed(text, file, language)
    return mark + after.encode(), replacements


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(cannot_be_read(error, path)) from error


def _replaced(path: Path, before: bytes, after: bytes) -> bool:
    """Whether the file still was as it was read, and now is as it should be."""
    # Who may write to the folder could replace the file; who made it read-only does not want that, and root may all.
    if not (path.stat().st_mode & _ANYBODY_WRITES and os.access(path, os.W_OK)):
        raise CannotWriteError(
            phrase("workflow.fix.is_read_only", path=str(path)), hint=phrase("workflow.fix.allow_writing")
        )
    if _read(path) != before:
        return False
    try:
        replace_file(path, after, like=path)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, path)) from error
    return True


def _is_approved(workspace: Workspace, path: Path) -> bool:
    if not folder_of(path).exists():
        return False
    try:
        valid_approval(open_letter(workspace, str(path)), workspace)
    except (InputError, RefusedError, UsageError):
        return False
    return True
