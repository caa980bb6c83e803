"""What the letter does not show of an issue's picture files: by which name they are there, and whether they move.

Touches: files (pictures).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.issue.model import Issue
from newsletter.issue.seek import seek_picture
from newsletter.issue.tree import DataPath
from newsletter.settings.workspace import Workspace

from .picture_files import MAX_MOVING, PictureError, read_picture


@dataclass(frozen=True, slots=True)
class PictureFact:
    """One file of a picture that is worth a word, and where the issue names it."""

    path: DataPath
    src: str
    called: str = ""
    """How the issue should name it; empty where it does."""
    moves: bool = False
    is_too_large_to_move: bool = False
    """It moves in its file alone, wherever it is shown."""


def picture_facts(issue: Issue, workspace: Workspace) -> tuple[PictureFact, ...]:
    """Those files of an issue's pictures of which there is something to say."""
    return tuple(fact for fact in _facts(issue, workspace) if fact.called or fact.moves)


def _facts(issue: Issue, workspace: Workspace) -> Iterator[PictureFact]:
    for picture in issue.pictures():
        found = seek_picture(picture.src, issue.path, workspace.root)
        if found.path is None:
            continue
        try:
            is_moving, size = _moves(found.path), found.path.stat().st_size
        except (OSError, PictureError):
            continue  # the edition tells what is wrong with it
        yield PictureFact(picture.path, picture.src, found.called, is_moving, is_moving and size > MAX_MOVING)


def _moves(path: Path) -> bool:
    """Only a GIF can: for any other file Pillow is not loaded."""
    if not read_picture(path).startswith(b"GIF8"):
        return False
    from .pictures import moves

    return moves(path)
