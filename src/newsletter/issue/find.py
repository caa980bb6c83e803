"""Which file is meant: a slug, a path, or nothing for the newest issue. Touches: file system."""

import re
from datetime import UTC, datetime
from pathlib import Path

from newsletter.errors import InputError, UsageError
from newsletter.excerpt import suggestion
from newsletter.settings.workspace import Workspace

from .load import load_issue

SLUG = re.compile(r"[a-z0-9-]+", re.ASCII)
_SUFFIX = ".yaml"
_SHOWN = 5


def issue_paths(workspace: Workspace) -> list[Path]:
    """Every issue file of the workspace, by slug."""
    return sorted(path for path in workspace.issues.glob(f"*{_SUFFIX}") if path.is_file() and path.name[0] != ".")


def find_issue(workspace: Workspace, given: str | None) -> Path:
    """The file of a slug, of a path from the current folder, or of the newest issue. Raises UsageError for none."""
    if given is None:
        return _newest(workspace)
    if SLUG.fullmatch(given):
        return _by_slug(workspace, given)
    path = Path(given)
    if path.suffix not in {_SUFFIX, ".yml"} and len(path.parts) < 2:
        return _by_slug(workspace, given)
    return _by_path(workspace, path)


def _newest(workspace: Workspace) -> Path:
    """The readable issue with the latest publish_at, then the greatest slug; the last one where none is readable."""
    paths = issue_paths(workspace)
    if not paths:
        raise UsageError(f"there is no issue in {workspace.issues} yet", hint="Begin one with `newsletter new SLUG`.")
    return max(paths, key=lambda path: (*_published(workspace, path), path.stem))


def _published(workspace: Workspace, path: Path) -> tuple[bool, datetime]:
    """Whether the issue can be read, and when it is published; without a time it is older than any that has one."""
    never = datetime.min.replace(tzinfo=UTC)
    try:
        issue = load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone)
    except InputError:
        return False, never
    return True, issue.publish_at or never


def _by_slug(workspace: Workspace, slug: str) -> Path:
    path = workspace.issues / f"{slug}{_SUFFIX}"
    if SLUG.fullmatch(slug) and path.is_file():
        return path
    raise UsageError(f"there is no issue `{slug}` in {workspace.issues}", hint=_ways_on(workspace, slug))


def _ways_on(workspace: Workspace, slug: str) -> str:
    """What may have been meant, which issues there are, and how to begin this one."""
    slugs = [known.stem for known in issue_paths(workspace)]
    shown = ", ".join(f"`{known}`" for known in slugs[-_SHOWN:])
    more = f" and {len(slugs) - _SHOWN} older" if len(slugs) > _SHOWN else ""
    begin = f"Begin it with `newsletter new {slug}`." if SLUG.fullmatch(slug) else ""
    near = suggestion(slug, slugs)
    there = f"There {'is' if len(slugs) == 1 else 'are'} {shown}{more}." if slugs else ""
    return "\n".join(part for part in (near, f"{there} {begin}".strip()) if part)


def _by_path(workspace: Workspace, given: Path) -> Path:
    path = given.resolve()
    if not path.is_file():
        raise UsageError(f"there is no issue file {given}")
    if not path.is_relative_to(workspace.root):
        raise UsageError(f"{given} is not in the workspace {workspace.root}", hint="Name its own with --workspace DIR.")
    if path.suffix != _SUFFIX or not SLUG.fullmatch(path.stem):
        raise UsageError(f"{given}: an issue file is called <slug>.yaml; a slug is made of a-z, 0-9 and -")
    return path
