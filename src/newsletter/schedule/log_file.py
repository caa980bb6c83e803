"""What the runs of cron said, each with its time: `.newsletter/cron.log`. Touches: that file and its older ones.

In English, as all logs. A line is written whole, and the file is opened for each, so that two runs at once write one
behind the other. A run that finds it too long puts it away first: `cron.log.1` is the one before, up to `cron.log.3`.
"""

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

from newsletter.printable import printable
from newsletter.settings.replace_file import give_to_owner

_LARGEST = 1_000_000
"""Bytes; the runs of half a year that had nothing to do."""
_KEPT = 3
_PRIVATE = 0o600
"""Addresses may stand in what is told."""


class LogFile:
    """Of one run. Raises OSError where it cannot be written; its folder has to be there."""

    def __init__(self, path: Path, *, largest: int = _LARGEST) -> None:
        self.path = path
        with contextlib.suppress(FileNotFoundError):  # or another run was quicker
            if path.stat().st_size > largest:
                self._put_away()
        if not path.exists():
            os.close(self._open())
            give_to_owner(path)

    def write(self, words: str, now: datetime | None = None) -> None:
        """One entry; what follows its first line is indented."""
        at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = f"{at} {printable(words)}".replace("\n", "\n  ") + "\n"
        with os.fdopen(self._open(), "ab", buffering=0) as file:
            file.write(entry.encode())

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)

    def _put_away(self) -> None:
        for number in range(_KEPT, 0, -1):
            younger = self.path if number == 1 else self._numbered(number - 1)
            with contextlib.suppress(FileNotFoundError):
                younger.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
