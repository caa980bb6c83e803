"""Who may read a file, by its mode and those of the folders above it: `readers_of(path)`. Touches: the file system.

Limits: modes of POSIX alone; an access list (acl(5)) may let in more, or fewer.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileReaders:
    """Besides its owner."""

    everybody: bool
    group: bool
    is_of_root: bool
    """Root's own: a group that may read it is how a service is given a secret."""


def readers_of(path: Path) -> FileReaders | None:
    """None where there is no such file, where it is a folder, or where nobody may look."""
    if os.name != "posix":
        return None
    try:
        real = path.resolve(strict=True)
        file, folders = real.stat(), [folder.stat() for folder in real.parents]
    except OSError:
        return None
    if not stat.S_ISREG(file.st_mode):
        return None
    # Who may not enter a folder reads nothing in it, whatever the file's own mode says.
    everybody = file.st_mode & stat.S_IROTH and all(one.st_mode & stat.S_IXOTH for one in folders)
    group = file.st_mode & stat.S_IRGRP and all(_lets_in(one, file.st_gid) for one in folders)
    return FileReaders(bool(everybody), bool(group), is_of_root=file.st_uid == 0)


def _lets_in(folder: os.stat_result, group: int) -> bool:
    return bool(folder.st_mode & (stat.S_IXGRP if folder.st_gid == group else stat.S_IXOTH))
