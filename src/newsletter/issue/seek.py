"""Look for a file that an issue names: beside the issue, else from the workspace's root. Touches: file system.

A name that is written otherwise leads to the file, too: decomposed, as macOS makes it and a ZIP takes along, or in
another case, which a Mac or Windows finds and a Linux machine does not.

SECURITY: never a file outside the workspace, wherever links and `..` lead; for a table, none outside `issues/`.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.folded import folded


@dataclass(frozen=True, slots=True)
class Sought:
    """The file, absolute, links followed; None where there is none, and then why and what to do."""

    path: Path | None
    message: Said = SILENCE
    hint: Said = SILENCE
    called: str = ""
    """How the issue should name it, where the file has another name than the issue says."""


def seek_picture(src: str, issue_path: Path, root: Path) -> Sought:
    """The file of a picture that an issue means by `src`."""
    is_outside = Sought(None, phrase("issue.picture.is_outside", src=src), phrase("issue.picture.copy_it"))
    return _seek(src, issue_path, root, phrase("issue.picture.is_missing", src=src), is_outside)


def seek_data(src: str, issue_path: Path, root: Path) -> Sought:
    """The file of a table that an issue means by `src`."""
    is_outside = Sought(None, phrase("issue.data.is_outside", src=src), phrase("issue.data.copy_it"))
    found = _seek(src, issue_path, root, phrase("issue.data.is_missing", src=src), is_outside)
    home = (root / "issues").resolve()
    return found if found.path is None or found.path.is_relative_to(home) else is_outside


def _seek(src: str, issue_path: Path, root: Path, is_missing: Said, is_outside: Sought) -> Sought:
    home = root.resolve()
    bases = (issue_path.parent, root)
    try:
        called = [(base, as_called(base, src, home)) for base in bases]
        found = [((base / name).resolve(), name) for base, name in called if (base / name).is_file()]
    except (OSError, ValueError, RuntimeError):
        found = []  # a name too long for the file system, a loop of links
    inside = [(path, name) for path, name in found if path.is_relative_to(home)]
    if inside:
        path, name = inside[0]
        return Sought(path, called=_composed(name) if _composed(name) != _composed(str(PurePosixPath(src))) else "")
    if found:
        return is_outside
    beside, from_root = (str(base / src) for base in bases)
    return Sought(None, is_missing, phrase("issue.picture.looked_for", beside=beside, from_root=from_root))


def as_called(base: Path, src: str, home: Path) -> str:
    """The path with each name as the folder has it: the same, the same decomposed, the only one in another case.

    Only folders in `home` are looked into; a name that is in none of those ways there stays as it is written.
    """
    parts: list[str] = []
    for part in PurePosixPath(src).parts:
        folder = base.joinpath(*parts)
        parts.append(_as_called(folder, part) if folder.resolve().is_relative_to(home) else part)
    return "/".join(parts)


def _as_called(folder: Path, name: str) -> str:
    try:
        names = [] if name == ".." else [one.name for one in folder.iterdir()]
    except OSError:
        return name  # it may be passed through, not looked into
    if name in names:
        return name
    composed = [one for one in names if _composed(one) == _composed(name)]
    alike = composed or [one for one in names if folded(one) == folded(name)]
    return alike[0] if len(alike) == 1 else name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)
