"""Give a newsletter another list_id: what the ledger knows of it goes along. Touches: the ledger.

The settings are not written: their file is somebody's, and in git. What is to be written there is told, and nothing is
sent until it stands there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.catalogue import SILENCE, Said, Verbatim, lines, phrase
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.renaming import refuse_rename
from newsletter.report.layout import labelled
from newsletter.settings.workspace import Workspace

from .steps.keys import links_of
from .steps.newsletter import contents_said, given_list_id


@dataclass(frozen=True, slots=True)
class Rename:
    """One that may be made; numbers are issues, suppressions and sign-ups."""

    old: str
    new: str
    contents: tuple[int, int, int]
    others: tuple[int, int, int]
    """What stands under the new one already."""

    def summary(self) -> Said:
        """What would follow, in words for the question."""
        merged = phrase("workflow.newsletter.becomes_one", what=contents_said(*self.others))
        return labelled(
            (phrase("workflow.newsletter.from"), Verbatim(self.old)),
            (phrase("workflow.newsletter.to"), Verbatim(self.new)),
            (phrase("workflow.newsletter.taken_along"), contents_said(*self.contents)),
            *([(phrase("workflow.newsletter.there_already"), merged)] if any(self.others) else []),
        )


def prepare_rename(workspace: Workspace, given_old: str, given_new: str) -> Rename:
    """What can be refused before the question; writes nothing."""
    old, new = given_list_id(given_old), given_list_id(given_new)
    with open_people_ledger(workspace, Purpose.READ) as ledger:
        refuse_rename(ledger.newsletters(), old, new)
        return Rename(old, new, ledger.contents_of(old), ledger.contents_of(new))


def rename(workspace: Workspace, wanted: Rename) -> Said:
    """Do it; what to say about it, with what is still to be written."""
    settings = workspace.settings.newsletter
    with open_people_ledger(workspace, Purpose.READ) as ledger:
        hash_of = links_of(workspace, create=True, list_id=wanted.new).address_hash
        moved = ledger.rename_newsletter(wanted.old, wanted.new, datetime.now(UTC), hash_of)
        former = [one.list_id for one in ledger.newsletters() if one.now_called == wanted.new]
    is_written = settings.list_id == wanted.new and set(former) <= set(settings.former_list_ids)
    names = dict.fromkeys(one for one in (*former, *settings.former_list_ids) if one != wanted.new)
    to_write = phrase("workflow.newsletter.write_both", new=wanted.new, former=", ".join(f'"{one}"' for one in names))
    what = contents_said(moved.issues, moved.suppressions, moved.subscriptions)
    return lines(
        phrase("workflow.newsletter.is_renamed", new=wanted.new, what=what),
        SILENCE if is_written else to_write,
        phrase("workflow.newsletter.restart_pages"),
    )
