"""Merge an issue for its whole audience without sending: no network, no ledger row, no question.

Touches: the workspace's files, the ledger for reading, the folder the first messages are written to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, lines, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.edition.edition import Edition
from newsletter.progress import Advance
from newsletter.report.audience import left_out, left_out_words
from newsletter.settings.workspace import Workspace

from .steps.audience import choose_variant, first_time, known_suppressed
from .steps.compose import LetterComposer
from .steps.files import write_files
from .steps.letter import Letter, open_letter, render_all
from .steps.people import MailingList, people_at_hand
from .steps.prepare import check_to_send

WRITTEN = 20
"""So many messages are written; a person reads a few, and a folder of 40,000 helps nobody."""


@dataclass(frozen=True, slots=True)
class DryRun:
    files: list[Path]
    audience: AudienceSummary

    @property
    def merged(self) -> int:
        return self.audience.to_mail

    @property
    def largest(self) -> int:
        """Octets of the largest message."""
        return max(extent.mail.octets for extent in self.audience.extents.values())

    def summary(self) -> Said:
        merged = phrase(
            "workflow.send.merged",
            count=self.merged,
            left_out=left_out_words(self.audience),
            size=f"{self.largest / 1024:.0f}",
            written=phrase("workflow.send.wrote_all")
            if len(self.files) == self.merged
            else phrase("workflow.send.wrote_first", count=len(self.files)),
        )
        return lines(*left_out(self.audience), merged)


def dry_run(workspace: Workspace, given: str, out: Path | None, advance: Advance) -> DryRun:
    """Merge for everybody who would get it; what would refuse a send refuses this too, but for a missing approval."""
    letter = open_letter(workspace, given)
    is_suppressed, refused = known_suppressed(workspace)
    if refused:
        raise refused
    editions = render_all(letter, workspace)
    people = people_at_hand(workspace)
    audience, _warnings = check_to_send(workspace, letter, editions, people, is_suppressed, advance)
    folder = out or workspace.state / "dry-run" / letter.issue.slug
    messages = islice(_messages(workspace, letter, editions, people, is_suppressed), WRITTEN)
    written = {f"{number:03d}.eml": data for number, data in enumerate(messages, start=1)}
    for stale in (path for path in folder.glob("[0-9][0-9][0-9].eml") if path.name not in written):
        stale.unlink()  # of an earlier dry run into this folder
    return DryRun(write_files(folder, written), audience)


def _messages(
    workspace: Workspace,
    letter: Letter,
    editions: dict[str, Edition],
    people: MailingList,
    is_suppressed: Callable[[Subscriber], bool] | None,
) -> Iterator[bytes]:
    """Everybody's message, in the order of a plan."""
    composer = LetterComposer.to_send(workspace, letter.issue.slug, editions)
    choose = choose_variant(letter.issue, workspace)
    with first_time() as is_first:
        for one in people.everybody():
            if is_first(one.key) and not (is_suppressed and is_suppressed(one)):
                yield composer.message(one, choose(one)).data
