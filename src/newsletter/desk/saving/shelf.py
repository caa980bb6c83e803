"""What is kept beside one issue: versions, steps, and the lock of who writes. Touches: `.newsletter/desk/<slug>/`."""

from contextlib import suppress
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.system_reason import system_reason

from .kept_versions import KeptVersions, make_private_folder
from .steps import Steps, StepsFile


class Shelf:
    """Each request has one of its own; `folder` is the issue's."""

    def __init__(self, folder: Path) -> None:
        self.lock = folder / "lock"
        self.meant: Path | None = None
        """Where the text is kept that this request wanted to write."""
        self._folder = folder
        self._versions = KeptVersions(folder / "versions")
        self._steps = StepsFile(folder / "steps.json")

    def find(self, version: str) -> bytes | None:
        return self._versions.find(version)

    def see(self, data: bytes) -> None:
        """Keep what a window sees. Where the disk is full it can be read all the same; a change will say so."""
        with suppress(OSError):
            self._versions.keep(data)

    def keep_meant(self, data: bytes) -> None:
        """Keep what is meant to be written, before anything can go wrong. CannotWriteError."""
        try:
            self.meant = self._versions.place(self._versions.keep(data))
        except OSError as error:
            raise self._cannot_keep(error) from error

    def prepare(self) -> None:
        """Make the folder, which the lock stands in. CannotWriteError."""
        try:
            make_private_folder(self._folder)
        except OSError as error:
            raise self._cannot_keep(error) from error

    def steps(self) -> Steps:
        return self._steps.read()

    def keep(self, before: bytes, steps: Steps) -> None:
        """What a step leads back to, and the steps. CannotWriteError."""
        try:
            self._versions.keep(before)
            self._steps.write(steps)
        except OSError as error:
            raise self._cannot_keep(error) from error
        self._versions.drop_old(steps.versions())

    def _cannot_keep(self, error: OSError) -> CannotWriteError:
        said = phrase("desk.file.cannot_be_kept", folder=str(self._folder), why=system_reason(error))
        return CannotWriteError(said, hint=phrase("desk.file.nothing_is_lost"))
