"""Texts that an issue has had, each a file under its version. Touches: `.newsletter/desk/<slug>/versions/`.

They are what a window has seen that shows the issue, what an undo leads back to, and what was meant and could not be
written. Readable by their owner only. Limits: MOST_SPARE and LARGEST_SUM of those that no step needs; older ones go.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.settings.replace_file import give_to_owner, replace_file

from .stored_issue import version_of

MOST_SPARE = 300
"""Versions that no step needs: some minutes of typing, which a window may still have to be merged with."""
LARGEST_SUM = 32_000_000
"""Bytes of all that are kept."""
_VERSION = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SUFFIX = ".yaml"


class KeptVersions:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Its version. OSError where it cannot be kept."""
        version = version_of(data)
        path = self.place(version)
        try:
            os.utime(path)
        except FileNotFoundError:
            make_private_folder(self._folder)
            replace_file(path, data, mode=0o600)
        return version

    def find(self, version: str) -> bytes | None:
        """None for one that is not kept, or not whole."""
        if not _VERSION.fullmatch(version):
            return None
        with suppress(OSError):
            data = self.place(version).read_bytes()
            return data if version_of(data) == version else None
        return None

    def place(self, version: str) -> Path:
        return self._folder / f"{version}{_SUFFIX}"

    def drop_old(self, needed: Iterable[str]) -> None:
        """Of what no step needs, the oldest beyond the limits; and what a save that was killed has left."""
        wanted = {f"{version}{_SUFFIX}" for version in needed}
        with suppress(OSError), os.scandir(self._folder) as entries:
            files = sorted(
                ((entry.stat().st_mtime, entry.stat().st_size, entry.name) for entry in entries), reverse=True
            )
            spare = [(size, name) for _, size, name in files if name not in wanted]
            room = LARGEST_SUM - sum(size for _, size, name in files if name in wanted)
            for count, (size, name) in enumerate(spare, start=1):
                room -= size
                if count > MOST_SPARE or room < 0:
                    (self._folder / name).unlink(missing_ok=True)


def make_private_folder(folder: Path) -> None:
    """With all above it that is missing. OSError where it cannot be made."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        give_to_owner(folder)
