"""Build the static site of what was sent. Touches: the workspace's files, the ledger for reading, the folder."""

from pathlib import Path

from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .steps.issue_states import looked_up
from .steps.site import Built, build_site


def build_archive(
    workspace: Workspace, folder: Path, *, base_url: str, drafts: bool, making: Advance, writing: Advance
) -> Built:
    """Into `folder`, which is made. Where there is no ledger, `issues/<slug>.sent.json` says what was sent."""
    with looked_up(workspace) as ledger:
        return build_site(workspace, folder, ledger, base_url=base_url, drafts=drafts, making=making, writing=writing)
