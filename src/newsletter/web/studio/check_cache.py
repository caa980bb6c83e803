"""Check an issue for the panels, and keep what came of it until a file changes. Touches: the workspace's files.

The same rules, audience and editions as `newsletter check`. Limits: one check at a time; with a large audience it takes
as long as the command does, and the letter does not wait for it.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding
from newsletter.edition.variants import languages_of, variants
from newsletter.settings.workspace import Workspace
from newsletter.workflow.check import examined
from newsletter.workflow.steps.letter import Letter, file_in

from .audience_cache import Counts
from .cache import Stamp, pictures, stamp, still_true, subscriber_files
from .edition_cache import Editions, load

_KEPT = 4
_LEDGER = ("ledger.db", "ledger.db-wal")
"""Who is suppressed; a ledger elsewhere is asked again when another file changes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One issue and what the rules say."""

    findings: tuple[Finding, ...]
    ignored: int
    """Findings that settings or a comment leave out, with a reason."""
    audience: AudienceSummary


class Checks:
    """The checks of one workspace; may be asked from several threads."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._counts = Counts()
        self._kept: OrderedDict[Path, tuple[Stamp, Checked]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, path: Path, workspace: Workspace) -> Checked:
        """Any NewsletterError where the issue cannot be loaded or rendered."""
        # Whoever waits here asks for the newest state once it is their turn, and mostly finds it made.
        with self._lock:
            kept = self._kept.get(path)
            if kept and still_true(kept[0]):
                return kept[1]
            made_from, checked = self._fresh(path, workspace)
            self._kept[path] = made_from, checked
            self._kept.move_to_end(path)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return checked

    def _fresh(self, path: Path, workspace: Workspace) -> tuple[Stamp, Checked]:
        before = stamp((*subscriber_files(workspace), *(workspace.state / name for name in _LEDGER)))
        issue, files = load(path, workspace)
        letter = Letter(issue, path, file_in(workspace, path))
        wanted = variants(issue, languages_of(issue, workspace.settings.newsletter.language))
        editions = {one.name: self._editions.edition(issue, files, one, workspace) for one in wanted}
        audience = self._counts.count(workspace, letter, editions, before)
        found = examined(letter, editions, workspace, audience)
        made_from = before + files + stamp(pictures(issue, workspace))
        return made_from, Checked(found.findings, len(found.ignored), audience)
