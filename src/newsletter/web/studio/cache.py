"""Know whether files have changed, without reading them. Touches: the file system, looking only."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from newsletter.issue.model import Issue
from newsletter.settings.load import FILE
from newsletter.settings.workspace import Workspace

Stamp = tuple[tuple[Path, int, int], ...]
"""Path, time of change in nanoseconds, and size, of each file and folder that something was made from."""


def stamp(paths: Iterable[Path]) -> Stamp:
    return tuple((path, *_facts(path)) for path in paths)


def still_true(before: Stamp) -> bool:
    return before == stamp(path for path, _, _ in before)


def sources(workspace: Workspace, issue: Path) -> Iterator[Path]:
    """What an issue's editions are made from, all but its pictures; folders too: a new file changes its folder."""
    yield from (issue, workspace.root / FILE, workspace.issues)
    yield from (workspace.templates, *sorted(workspace.templates.glob("*")))


def subscriber_files(workspace: Workspace) -> tuple[Path, Path]:
    return workspace.csv, workspace.example_csv


def pictures(issue: Issue, workspace: Workspace) -> Iterator[Path]:
    """Every place where a picture of the issue is looked for."""
    for picture in issue.pictures():
        yield from (folder / picture.image.src for folder in (issue.path.parent, workspace.root))
    if workspace.settings.theme.logo:
        yield workspace.root / workspace.settings.theme.logo


def _facts(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, -1
    return found.st_mtime_ns, found.st_size
