"""Pictures of a new issue as files of `issues/assets/`, named by the issue. Touches: those files.

The same picture gets its name once; a name that is taken by another one is passed over, never written over.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.edition.picture_taken import taken_picture
from newsletter.errors import CannotWriteError
from newsletter.settings.workspace import Workspace

from .files import cannot_be_written

_FOLDER = "assets"


@dataclass(slots=True)
class PlacedPictures:
    """Those of one issue, made ready; they become files by `write`."""

    workspace: Workspace
    slug: str
    files: dict[str, bytes] = field(default_factory=dict)
    """By what the issue calls them: `assets/2026-12-1.png`."""
    _names: dict[str, str] = field(default_factory=dict)
    """By a hash of the picture."""

    def take(self, data: bytes) -> str:
        """What the issue calls a picture. Raises PictureError for what is none."""
        key = hashlib.sha256(data).hexdigest()
        if key not in self._names:
            made = taken_picture(data)
            self._names[key] = name = self._free_name(made.data, made.suffix)
            self.files[name] = made.data
        return self._names[key]

    def write(self) -> list[Path]:
        """Those that were not there yet. Raises CannotWriteError, and takes back what it had written."""
        written: list[Path] = []
        try:
            for name, data in self.files.items():
                path = self.workspace.issues / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    with path.open("xb") as file:
                        written.append(path)
                        file.write(data)
        except OSError as error:
            remove_pictures(written)
            raise CannotWriteError(cannot_be_written(error, self.workspace.issues / _FOLDER)) from error
        return written

    def _free_name(self, data: bytes, suffix: str) -> str:
        number = 0
        while True:
            number += 1
            name = f"{_FOLDER}/{self.slug}-{number}.{suffix}"
            path = self.workspace.issues / name
            if name not in self.files and (not path.exists() or _holds(path, data)):
                return name


def remove_pictures(written: list[Path]) -> None:
    """What has just been written, where the issue it is for could not be."""
    for path in written:
        path.unlink(missing_ok=True)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
