"""Render the editions of an issue, and keep them until a file that went into them changes.

Touches: the workspace's files, reading. Limits: one is rendered at a time: cssutils keeps its settings in globals, and
a processor is busy with one anyway.
"""

from pathlib import Path

from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace

from .cache import Cache, Stamp, sought_files, sources, stamp

_KEPT = 24
"""Editions; one is some 1 MB with its pictures."""


class Editions:
    """The editions of one workspace; what cannot be loaded or rendered raises, each time it is asked for."""

    def __init__(self) -> None:
        self._kept: Cache[tuple[Stamp, str], Edition] = Cache(_KEPT, one_at_a_time=True)

    def edition(self, issue: Issue, before: Stamp, variant: Variant, workspace: Workspace) -> Edition:
        """`issue` and `before` are what `load` gave: an edition of that very issue, however the files are by now."""

        def make() -> tuple[Stamp, Edition]:
            return stamp(sought_files(issue, workspace)), render(issue, workspace, variant)

        return self._kept.get((before, variant.name), make)


def load(path: Path, workspace: Workspace, settings: Stamp) -> tuple[Issue, Stamp]:
    """The issue, and the stamp of what its editions will be made from, taken before any of it was read.

    `settings` is the stamp of the workspace's own.
    """
    before = settings + stamp(sources(workspace, path))
    return load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone), before
