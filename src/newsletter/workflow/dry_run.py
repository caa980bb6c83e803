"""Merge an issue for its whole audience without sending: no network, no ledger row, no question.

Touches: the workspace's files, the folder the first messages are written to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.workspace import Workspace

from .audience import choose_variant, planned_deliveries, subscriber_file
from .letter import open_letter, render_all
from .preparing import look
from .rendering import write_files
from .secret import links_of
from .survey import first_time

WRITTEN = 20
"""So many messages are written; a person reads a few, and a folder of 40,000 helps nobody."""


@dataclass(frozen=True, slots=True)
class DryRun:
    files: list[Path]
    merged: int
    largest: int
    """Bytes of the largest message."""
    left_out: list[str]
    """Bad rows, by name."""

    def summary(self) -> str:
        size = f"{self.largest / 1024:.0f} KB"
        lines = list(self.left_out)
        return "\n".join(
            [*lines, f"Merged {self.merged} messages, the largest {size}; wrote the first {len(self.files)}."]
        )


def dry_run(workspace: Workspace, given: str, out: Path | None, advance: Callable[[int, int], None]) -> DryRun:
    """Merge for everybody who would get it; what would refuse a send refuses this too, but for a missing approval."""
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    survey, _warnings = look(workspace, letter, editions, None)
    links = links_of(workspace, create=True)
    composer = Composer(
        editions, letterhead(workspace.settings, letter.issue.slug, datetime.now(UTC), links.key_id), links
    )
    rows = planned_deliveries(subscriber_file(workspace), editions, choose_variant(letter.issue, workspace), links)
    folder = out or workspace.state / "dry-run" / letter.issue.slug
    written: dict[str, bytes] = {}
    merged = largest = 0
    with first_time() as is_first:
        for row in rows:
            if not is_first(row.key):
                continue
            data = composer.compose(row.address, row.key, row.variant, row.values).data
            merged, largest = merged + 1, max(largest, len(data))
            if merged <= WRITTEN:
                written[f"{merged:03d}.eml"] = data
            advance(merged, survey.people)
    for stale in (path for path in folder.glob("[0-9][0-9][0-9].eml") if path.name not in written):
        stale.unlink()  # of an earlier dry run into this folder
    return DryRun(write_files(folder, written), merged, largest, survey.left_out())
