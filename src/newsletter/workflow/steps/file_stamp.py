"""Whether a file is still what was read: its identity, size and times. Touches: the file system, looking only."""

import math
from pathlib import Path


def stamp_of(path: Path) -> tuple[int, ...]:
    """What is another where a file was written to or replaced; nothing where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def written_at(stamp: tuple[int, ...]) -> float:
    """When that file was last written to, in seconds since 1970; for ever in the future where it is gone."""
    return stamp[3] / 1e9 if stamp else math.inf
