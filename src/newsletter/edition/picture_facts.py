"""What the letter does not show of an issue's picture files: by which name they are there, and whether they move.

Touches: files (pictures).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from newsletter.issue.model import Issue, PlacedPicture
from newsletter.issue.seek import seek_picture
from newsletter.issue.tree import DataPath
from newsletter.settings.workspace import Workspace

from .pictures import MAX_MOVING, PictureError, moves


class Still(Enum):
    """Why a picture that moves in its file stands still in the letter."""

    TOO_LARGE = "too large"
    CHANGED = "cut, or marked"


@dataclass(frozen=True, slots=True)
class PictureFact:
    """One file of a picture that is worth a word, and where the issue names it."""

    path: DataPath
    src: str
    called: str = ""
    """How the issue should name it; empty where it does."""
    still: Still | None = None


def picture_facts(issue: Issue, workspace: Workspace) -> tuple[PictureFact, ...]:
    """Those files of an issue's pictures of which there is something to say."""
    return tuple(fact for fact in _facts(issue, workspace) if fact.called or fact.still)


def _facts(issue: Issue, workspace: Workspace) -> Iterator[PictureFact]:
    for picture in issue.pictures():
        found = seek_picture(picture.src, issue.path, workspace.root)
        if found.path is None:
            continue
        try:
            still = _still(picture, found.path.stat().st_size) if moves(found.path) else None
        except (OSError, PictureError):
            still = None  # the edition tells what is wrong with it
        yield PictureFact(picture.path, picture.src, found.called, still)


def _still(picture: PlacedPicture, size: int) -> Still | None:
    if size > MAX_MOVING:
        return Still.TOO_LARGE
    return Still.CHANGED if picture.image.crop or picture.image.play else None
