"""When every issue of a workspace is published, as far as its file can be read. Touches: the workspace's files."""

from collections.abc import Collection
from datetime import datetime

from newsletter.errors import InputError
from newsletter.issue.find import issue_paths
from newsletter.issue.load import load_issue
from newsletter.settings.workspace import Workspace


def published(workspace: Workspace, besides: Collection[str] = ()) -> dict[str, datetime | None]:
    """Slug -> `publish_at`; None where the file has none, or cannot be read. The files `besides` are not read."""
    found: dict[str, datetime | None] = {}
    for path in issue_paths(workspace):
        if path.stem in besides:
            continue
        try:
            issue = load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone)
        except InputError:
            found[path.stem] = None
        else:
            found[path.stem] = issue.publish_at
    return found
