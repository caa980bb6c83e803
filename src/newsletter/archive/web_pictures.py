"""The pictures of the archive: as those of letters, wider, by their address below a page. Touches: files (pictures)."""

from newsletter.edition.picture_set import PictureSet, SettingsPictures
from newsletter.edition.pictures import Encoded
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace

PICTURES = "pictures/"


class PagePictures(PictureSet):
    """Those of one page of an issue; `up` leads from it to the archive's own folder: `../`.

    What settings name (a logo, partners) is not among them: it stands round the page.
    """

    quickly = True

    def __init__(self, issue: Issue, workspace: Workspace, up: str) -> None:
        super().__init__(issue, workspace)
        self._up = up
        self.files: dict[str, bytes] = {}
        """By their path below the archive's address."""

    def of_settings(self, src: str, slot: int, setting: str, *, ground: str = "") -> tuple[Encoded, str]:  # noqa: ARG002
        return Encoded("", "", "", b"", slot, slot), ""

    def take(self, encoded: Encoded) -> str:
        """Its path below the archive's address."""
        path = PICTURES + encoded.filename
        self.files[path] = encoded.data
        return path

    def _source(self, encoded: Encoded) -> str:
        return self._up + self.take(encoded)


class SitePictures(SettingsPictures):
    """Those round every page, by their path below the archive's address."""

    quickly = True

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.files: dict[str, bytes] = {}

    def _source(self, encoded: Encoded) -> str:
        path = PICTURES + encoded.filename
        self.files[path] = encoded.data
        return path
