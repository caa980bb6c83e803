"""Render the editions of an issue, and keep them until a file that went into them changes.

Touches: the workspace's files, reading. Limits: one is rendered at a time: cssutils keeps its settings in globals, and
a processor is busy with one anyway.
"""

import threading
from collections import OrderedDict
from pathlib import Path

from newsletter.edition.edition import Edition, Variant
from newsletter.edition.render import render
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace

from .cache import Stamp, pictures, sources, stamp

_KEPT = 24
"""Editions; one is some 1 MB with its pictures."""


class Editions:
    """The editions of one workspace; what cannot be loaded or rendered raises, each time it is asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, str], tuple[Stamp, Edition]] = OrderedDict()
        self._lock = threading.Lock()

    def edition(self, issue: Issue, before: Stamp, variant: Variant, workspace: Workspace) -> Edition:
        """`issue` and `before` are what `load` gave."""
        now = before + stamp(pictures(issue, workspace))
        with self._lock:
            kept = self._kept.get((issue.path, variant.name))
            if kept and kept[0] == now:
                self._kept.move_to_end((issue.path, variant.name))
                return kept[1]
            edition = render(issue, workspace, variant)
            self._kept[issue.path, variant.name] = now, edition
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return edition


def load(path: Path, workspace: Workspace) -> tuple[Issue, Stamp]:
    """The issue, and the stamp of what its editions will be made from, taken before any of it is read."""
    before = stamp(sources(workspace, path))
    return load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone), before
