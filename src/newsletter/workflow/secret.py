"""The signed links of a workspace: its keys, and the newsletter they are for. Touches: the secret file."""

import os

from newsletter.audience.links import Links
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace


def links_of(workspace: Workspace, *, create: bool) -> Links:
    """Load the signing keys; with `create` the secret file is made on first need."""
    keys = load_keys(workspace, os.environ, create=create)
    return Links(keys, workspace.settings.newsletter.list_id)
