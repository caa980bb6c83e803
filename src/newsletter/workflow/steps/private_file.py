"""Write a long file that holds people's addresses: for this user only, whole or not at all. Touches: that file."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.replace_file import give_to_owner
from newsletter.settings.system_reason import system_reason


def write_lines(path: Path, rows: Iterable[str]) -> None:
    """Each with a line end behind it, UTF-8, mode 0600; its folder is made. CannotWriteError (73), and then the former
    file stands as it was."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(  # made with mode 0600
            "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8", newline=""
        ) as new:
            temporary = Path(new.name)
            try:
                new.writelines(f"{row}\n" for row in rows)
                new.flush()
                os.fsync(new.fileno())
                give_to_owner(temporary)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        why = system_reason(error)
        raise CannotWriteError(phrase("workflow.incident.cannot_write", file=str(path), why=why)) from error
