"""Write a long file that holds people's addresses: for this user only, whole or not at all. Touches: that file, git."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from newsletter.catalogue import Said, phrase
from newsletter.check.audience import Keeping
from newsletter.errors import CannotWriteError
from newsletter.probes.git import keeping_of
from newsletter.settings.replace_file import give_to_owner

from .files import cannot_be_written


def write_private(path: Path, chunks: Iterable[str]) -> Said | None:
    """UTF-8, mode 0600; a word of warning where git would take it along. CannotWriteError (73), and then the former
    file stands as it was."""
    try:
        with NamedTemporaryFile(  # made with mode 0600
            "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8", newline=""
        ) as new:
            temporary = Path(new.name)
            try:
                new.writelines(chunks)
                new.flush()
                os.fsync(new.fileno())
                give_to_owner(temporary)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, path)) from error
    return None if keeping_of(path) is Keeping.PRIVATE else phrase("workflow.private_file.in_git", path=str(path))


def write_lines(path: Path, rows: Iterable[str]) -> Said | None:
    """As `write_private`, each with a line end behind it; its folder is made."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, path)) from error
    return write_private(path, (f"{row}\n" for row in rows))
