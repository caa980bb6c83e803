"""What a command shows that also works outside of any workspace. Touches: the workspace's files."""

import os
from pathlib import Path

from newsletter.settings.bundled import bundled
from newsletter.settings.load import NoWorkspaceError, find_workspace, load_settings
from newsletter.settings.workspace import Workspace


def source_workspace(start: Path, explicit: Path | None) -> Workspace:
    """The workspace at hand; outside of any, the bundled example, untouched by the environment."""
    try:
        return find_workspace(start, explicit=explicit, environ=os.environ)
    except NoWorkspaceError:
        if explicit is not None or os.environ.get("NEWSLETTER_WORKSPACE"):
            raise
        toml = bundled("newsletter.toml")
        return Workspace(toml.parent, load_settings(toml, {}))
