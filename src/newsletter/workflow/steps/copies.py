"""Find issues that say what this one says, or nearly so: those that were sent, and those that are approved as well.

Touches: the ledger and the approvals, for reading. Limits: where no ledger is at hand, what was sent elsewhere is known
by its approval alone; whoever plans the issue looks into the ledger again.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from newsletter.edition.edition import Edition
from newsletter.edition.likeness import Likeness, likeness, match, reading_of
from newsletter.errors import NewsletterError, RefusedError
from newsletter.issue.find import WELCOME, issue_paths
from newsletter.ledger.copies import NEWEST
from newsletter.settings.workspace import Workspace

from .approval import Approval, folder_of, read
from .issue_states import looked_up
from .letter import Letter


def known_likenesses(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition]) -> list[Likeness]:
    """One for each issue that this one is like; copies first. The welcome letter is compared with nothing."""
    if letter.issue.slug == WELCOME:
        return []
    sent = _sent(workspace, letter, editions)
    told = {one.slug for one in sent}
    approved = [one for one in _approved(workspace, letter, editions) if one.slug not in told]
    return sorted([*sent, *approved], key=lambda one: (one.is_copy, one.ratio), reverse=True)


def _sent(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition]) -> list[Likeness]:
    try:
        with looked_up(workspace) as ledger:
            if ledger is None:
                return []
            return ledger.likenesses(workspace.settings.newsletter.list_id, letter.issue.slug, editions)
    except NewsletterError:  # a reviewer's machine need not reach the operator's database; `send` says what is wrong
        return []


def _approved(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition]) -> Iterator[Likeness]:
    readings = [reading_of(edition.to_json()) for edition in editions.values()]
    for slug, approval in islice(_approvals(workspace, letter.issue.slug), NEWEST):
        others = (reading_of(edition.to_json()) for edition in approval.editions.values())
        if matches := [one for other in others if (one := match(readings, other))]:
            yield likeness(slug, matches, readings)


def _approvals(workspace: Workspace, apart_from: str) -> Iterator[tuple[str, Approval]]:
    """Of issues that are still there, the greatest slug first; one that cannot be read is told by who needs it."""
    for path in reversed(issue_paths(workspace)):
        if path.stem != apart_from:
            try:
                approval = read(folder_of(path), path.stem)
            except RefusedError:
                continue
            if approval:
                yield path.stem, approval
