"""The pictures of one edition: found, checked, encoded, and kept to travel with it. Touches: files (pictures).

Where a picture is embedded, the letter points at it by its Content-ID; where it is hosted, by its address under the
archive. Nothing is ever fetched.
"""

import re
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, Problem, SettingsError
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.issue.pictures import resolve_picture
from newsletter.issue.seek import as_called
from newsletter.settings.load import place_in_settings
from newsletter.settings.workspace import Workspace

from .edition import Picture
from .picture_files import PictureError
from .picture_shape import WHOLE, Shape
from .pictures import Encoded, load_picture
from .wire_address import wire_address


class SettingsPictures:
    """Finds the pictures that settings name, and remembers those which have to be sent along, or published."""

    quickly = False
    """Whether they are made in little time rather than small."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root
        self._settings = workspace.settings
        self._shown: dict[str, Picture] = {}

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What travels in the message or is published before, each once, in the order of the letter."""
        return tuple(self._shown.values())

    def of_settings(self, src: str, slot: int, setting: str, *, ground: str = "") -> tuple[Encoded, str]:
        """A picture that a `setting` such as `theme.logo` names, for a place `slot` pixels wide.

        Where it is transparent it stands on the `ground`, if there is one, since dark things on nothing are lost in the
        dark. Raises SettingsError that points at the setting.
        """
        try:
            encoded = load_picture(self._inside(src), slot, ground=ground, quickly=self.quickly)
        except PictureError as error:
            variable = self._settings.variable(setting)
            problem = Problem(_cannot_be_shown(src, error), file=variable, path=setting)
            raise SettingsError(problems=[place_in_settings(self._root, problem)]) from error
        return encoded, self._source(encoded)

    def _inside(self, src: str) -> Path:
        """Links are followed before the place is judged, so that none leads out of the workspace."""
        home = self._root.resolve()
        path = (home / as_called(home, src, home)).resolve()
        if not path.is_relative_to(home):
            raise PictureError(phrase("edition.picture.is_outside"))
        if not path.is_file():
            raise PictureError(phrase("edition.picture.is_not_there"))
        return path

    def _source(self, encoded: Encoded) -> str:
        cid = f"{encoded.name}@{self._settings.newsletter.list_id}"
        picture = Picture(cid, encoded.filename, encoded.media_type, encoded.data, self._address(encoded))
        self._shown[cid] = picture
        return picture.src

    def _address(self, encoded: Encoded) -> str:
        """Where it is published; empty where it is not."""
        if self._settings.images.mode == "embed":
            return ""
        if not self._settings.links.archive_url:
            raise SettingsError(phrase("edition.picture.needs_an_archive"))
        return wire_address(f"{self._settings.links.archive_url}/pictures/{encoded.filename}")


class PictureSet(SettingsPictures):
    """Those of one issue, too."""

    def __init__(self, issue: Issue, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._issue = issue

    def of_issue(
        self, src: str, slot: int, place: str, *, shape: Shape = WHOLE, if_lost: str = ""
    ) -> tuple[Encoded, str]:
        """A picture of the issue for a place `slot` pixels wide, and what its `src` says in the letter.

        `place` is where the issue names it: `sections[0].image.src`; `if_lost`, the ground of one that would be lost in
        the dark (pictures.py). Raises InputError that points at the place.
        """
        encoded = self.encoded(src, slot, place, shape=shape, if_lost=if_lost)
        return encoded, self._source(encoded)

    def encoded(self, src: str, slot: int, place: str, *, shape: Shape = WHOLE, if_lost: str = "") -> Encoded:
        """The same, not taken along."""
        where = tuple(int(part) if part.isdecimal() else part for part in re.findall(r"[^.\[\]]+", place))
        path = resolve_picture(src, self._issue.path, self._root, where=where)
        try:
            return load_picture(path, slot, shape=shape, if_lost=if_lost, quickly=self.quickly)
        except PictureError as error:
            said = _cannot_be_shown(src, error)
            problem = problem_in(self._issue.path, workspace_root=self._root, where=where, message=said)
            raise InputError(problems=[problem]) from error


def _cannot_be_shown(src: str, error: PictureError) -> Said:
    return phrase("edition.picture.cannot_be_shown", src=src, why=error.why)
