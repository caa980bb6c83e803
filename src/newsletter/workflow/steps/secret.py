"""The signed links of a workspace: its keys, and the newsletter they are for. Touches: the secret file."""

import os

from newsletter.audience.links import Links
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace


class HarmlessLinks(Links):
    """Every token is a proof's: a letter that is only looked at unsubscribes nobody."""

    def token(self, key: str, *, key_id: str | None = None, proof: bool = True) -> str:  # noqa: ARG002 - as Links
        return super().token(key, key_id=key_id, proof=True)


def links_of(workspace: Workspace, *, create: bool) -> Links:
    """Load the signing keys; with `create` the secret file is made on first need."""
    keys = load_keys(workspace, os.environ, create=create)
    return Links(keys, workspace.settings.newsletter.list_id)


def harmless_links_of(workspace: Workspace) -> HarmlessLinks:
    """The same keys, for a letter that is only looked at; the secret file is made on first need."""
    return HarmlessLinks(load_keys(workspace, os.environ, create=True), workspace.settings.newsletter.list_id)
