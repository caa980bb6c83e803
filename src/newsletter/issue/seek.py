"""Look for the file of a picture: beside the issue, else from the workspace's root. Touches: file system.

SECURITY: never a file outside the workspace, wherever links and `..` lead.
"""

from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import SILENCE, Said, phrase


@dataclass(frozen=True, slots=True)
class Sought:
    """The picture's file, absolute, links followed; None where there is none, and then why and what to do."""

    path: Path | None
    message: Said = SILENCE
    hint: Said = SILENCE


def seek_picture(src: str, issue_path: Path, root: Path) -> Sought:
    """The file that an issue means by `src`."""
    home = root.resolve()
    candidates = [issue_path.parent / src, root / src]
    try:
        found = [path.resolve() for path in candidates if path.is_file()]
    except (OSError, ValueError, RuntimeError):
        found = []  # a name too long for the file system, a loop of links
    inside = [path for path in found if path.is_relative_to(home)]
    if inside:
        return Sought(inside[0])
    if found:
        return Sought(None, phrase("issue.picture.is_outside", src=src), phrase("issue.picture.copy_it"))
    beside, from_root = map(str, candidates)
    return Sought(
        None,
        phrase("issue.picture.is_missing", src=src),
        phrase("issue.picture.looked_for", beside=beside, from_root=from_root),
    )
