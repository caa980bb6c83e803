"""Pictures of a new issue as files of `issues/assets/`, named by the issue. Touches: those files.

The same picture gets its name once; a name that is taken by another one is passed over, never written over.
"""

import hashlib
import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.edition.picture_taken import taken_picture
from newsletter.edition.pictures import FitPicture
from newsletter.errors import CannotWriteError, RefusedError
from newsletter.settings.workspace import Workspace

from .files import cannot_be_written

_FOLDER = "assets"


@dataclass(slots=True)
class PlacedPictures:
    """Those of one issue, made ready; they become files by `write`."""

    workspace: Workspace
    slug: str
    files: dict[str, FitPicture] = field(default_factory=dict)
    """By what the issue calls them: `assets/2026-12-1.png`."""
    _names: dict[str, str] = field(default_factory=dict)
    """By a hash of the picture."""

    def take(self, data: bytes, words: str = "") -> str:
        """What the issue calls a picture, by these words or by a number. Raises PictureError for what is none."""
        key = hashlib.sha256(data).hexdigest()
        if key not in self._names:
            made = taken_picture(data)
            self._names[key] = name = self._free_name(made, words)
            self.files[name] = made
        return self._names[key]

    def write(self) -> list[Path]:
        """Those that were not there yet. Raises CannotWriteError, and takes back what it had written."""
        written: list[Path] = []
        try:
            self._refuse_elsewhere()
            for name, made in self.files.items():
                path = self.workspace.issues / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if not os.path.lexists(path):
                    with path.open("xb") as file:
                        written.append(path)
                        file.write(made.data)
        except OSError as error:
            remove_pictures(written)
            raise CannotWriteError(cannot_be_written(error, self.workspace.issues / _FOLDER)) from error
        return written

    def _free_name(self, made: FitPicture, words: str) -> str:
        """The first that nobody has, or that has this very picture already."""
        for number in count(1):
            tail = f"{words}-{number}" if words and number > 1 else words or str(number)
            name = f"{_FOLDER}/{self.slug}-{tail}.{made.suffix}"
            path = self.workspace.issues / name
            if name not in self.files and (not os.path.lexists(path) or _holds(path, made.data)):
                return name
        raise AssertionError("there is always a larger number")

    def _refuse_elsewhere(self) -> None:
        """A folder of pictures that a link leads out of `issues/`."""
        issues, folder = self.workspace.issues.resolve(), (self.workspace.issues / _FOLDER).resolve()
        if not folder.is_relative_to(issues):
            raise RefusedError(phrase("workflow.new.pictures_lie_elsewhere", folder=_FOLDER))


def remove_pictures(written: list[Path]) -> None:
    """What has just been written, where the issue it is for could not be."""
    for path in written:
        path.unlink(missing_ok=True)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
