"""Which file is meant: a slug, a path, or nothing for the newest issue. Touches: file system."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from newsletter.catalogue import SILENCE, Lines, Said, lines, phrase
from newsletter.errors import InputError, UsageError
from newsletter.excerpt import suggestion
from newsletter.settings.workspace import Workspace

SLUG = re.compile(r"[a-z0-9-]+", re.ASCII)
WELCOME = "welcome"
"""The letter for who has just confirmed: no number of the newsletter, so never newest, due, archived or compared."""
IMPORTED = "imported"
"""The folder in that of the issues which holds older ones."""
_SUFFIX = ".yaml"
_SHOWN = 5


def issue_paths(workspace: Workspace) -> list[Path]:
    """Every issue file of the workspace, by slug; not the welcome letter's."""
    return [path for path in letter_paths(workspace) if path.stem != WELCOME]


def letter_paths(workspace: Workspace) -> list[Path]:
    """The same, and the welcome letter's."""
    return sorted(path for path in workspace.issues.glob(f"*{_SUFFIX}") if path.is_file() and path.name[0] != ".")


def imported_issues(workspace: Workspace) -> list[Path]:
    """The folder of every older issue that came in by `archive import`, by slug; nothing sends those."""
    folder = workspace.issues / IMPORTED
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".") if folder.is_dir() else []


def find_issue(workspace: Workspace, given: str | None, *, may_begin: bool = True) -> Path:
    """The file of a slug, of a path from the current folder, or of the newest issue. Raises UsageError for none.

    `may_begin`: who named one that is not there may want to write it, and is told how.
    """
    if given is None:
        return _newest(workspace)
    path = Path(given)
    if SLUG.fullmatch(given) or (path.suffix not in {_SUFFIX, ".yml"} and len(path.parts) < 2):
        return _by_slug(workspace, given, may_begin)
    return _by_path(workspace, path, may_begin)


def _newest(workspace: Workspace) -> Path:
    """The readable issue with the latest publish_at, then the greatest slug; the last one where none is readable."""
    paths = issue_paths(workspace)
    if not paths:
        raise no_issues(workspace)
    return max(paths, key=lambda path: (*_published(workspace, path), path.stem))


def no_issues(workspace: Workspace) -> UsageError:
    """That there is no issue yet, and how to begin one."""
    return UsageError(
        phrase("issue.find.no_issues_yet", folder=str(workspace.issues)), hint=phrase("issue.find.begin_one")
    )


def _published(workspace: Workspace, path: Path) -> tuple[bool, datetime]:
    """Whether the issue can be read, and when it is published; without a time it is older than any that has one."""
    from .load import load_issue

    never = datetime.min.replace(tzinfo=UTC)
    try:
        issue = load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone)
    except InputError:
        return False, never
    return True, issue.publish_at or never


def _by_slug(workspace: Workspace, slug: str, may_begin: bool) -> Path:
    path = workspace.issues / f"{slug}{_SUFFIX}"
    if SLUG.fullmatch(slug) and path.is_file():
        return path
    raise UsageError(
        phrase("issue.find.no_such_issue", slug=slug, folder=str(workspace.issues)),
        hint=_ways_on(workspace, slug, may_begin),
    )


def _ways_on(workspace: Workspace, slug: str, may_begin: bool) -> Lines:
    """What may have been meant, which issues there are, and how to begin this one."""
    begin_it = phrase("issue.find.begin_it", slug=slug) if may_begin else SILENCE
    slugs = [known.stem for known in letter_paths(workspace)]
    near = suggestion(slug, slugs)
    return lines(
        phrase("issue.find.did_you_mean", near=near) if near else SILENCE,
        _there_are(slugs),
        begin_it if SLUG.fullmatch(slug) else phrase("issue.find.where_issues_are"),
    )


def _there_are(slugs: Sequence[str]) -> Said:
    if not slugs:
        return SILENCE
    known = tuple(f"`{slug}`" for slug in slugs[-_SHOWN:])
    if len(slugs) > _SHOWN:
        return phrase("issue.find.there_are_and_older", known=known, older=len(slugs) - _SHOWN)
    return (
        phrase("issue.find.there_is", known=known[0])
        if len(slugs) == 1
        else phrase("issue.find.there_are", known=known)
    )


def _by_path(workspace: Workspace, given: Path, may_begin: bool) -> Path:
    path = given.resolve()
    if not path.is_file():
        raise UsageError(
            phrase("issue.find.no_such_file", path=str(given)), hint=_ways_on(workspace, given.stem, may_begin)
        )
    if not path.is_relative_to(workspace.root):
        raise UsageError(
            phrase("issue.find.is_not_in_workspace", path=str(given), folder=str(workspace.root)),
            hint=phrase("issue.find.name_its_workspace"),
        )
    if path.is_relative_to(workspace.issues / IMPORTED):
        raise UsageError(phrase("issue.find.is_imported", path=str(given)))
    if path.suffix != _SUFFIX or not SLUG.fullmatch(path.stem):
        raise UsageError(phrase("issue.find.how_files_are_called", path=str(given)))
    return path
