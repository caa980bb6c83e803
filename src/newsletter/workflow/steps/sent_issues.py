"""Which issues went out, and which words: by the ledger and, where it does not know an issue, by the file in git.

Touches: the ledger and `issues/<slug>.sent.json`, for reading. Limits: an issue that only the file knows is taken to be
at an end, since nobody knows better.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.edition.edition import Edition
from newsletter.edition.render import content_of
from newsletter.edition.variants import languages_of, variants
from newsletter.errors import InputError
from newsletter.issue.find import WELCOME
from newsletter.issue.model import Issue
from newsletter.ledger.frozen import digest_of
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import REACHED, UNFINISHED, DispatchStatus, State
from newsletter.settings.workspace import Workspace

from .sent_file import sent_file, slugs_of_sent_files

"""The slug of the letter for new subscribers, which is no issue."""


@dataclass(frozen=True, slots=True)
class SentIssue:
    """An issue that somebody has."""

    slug: str
    first_published: datetime
    edition: str
    """The digest of the words that went out last."""
    is_at_end: bool
    """Nothing is left to do, and it was not cancelled."""


def sent_issues(workspace: Workspace, ledger: Ledger | None) -> tuple[dict[str, SentIssue], list[InputError]]:
    """By slug; and what is wrong with files that say what was sent."""
    found = {one.slug: one for one in _by_ledger(workspace, ledger)} if ledger else {}
    broken: list[InputError] = []
    for slug in slugs_of_sent_files(workspace):
        if slug in found or slug == WELCOME or (ledger and _is_known(workspace, ledger, slug)):
            continue
        try:
            told = sent_file(workspace, slug)
        except InputError as error:
            broken.append(error)
            continue
        if _reached(told.counts):
            is_at_end = not told.counts[State.CANCELLED]
            moment = told.planned_at if told.planned_at.tzinfo else told.planned_at.replace(tzinfo=UTC)
            found[slug] = SentIssue(slug, moment, told.edition, is_at_end)
    return found, broken


def planned_issue(workspace: Workspace, ledger: Ledger, slug: str) -> SentIssue | None:
    """One that is about to be sent, whoever has it already; None where it was never planned."""
    record = ledger.find(workspace.settings.newsletter.list_id, slug)
    return None if record is None else SentIssue(slug, record.planned_at, record.digest, is_at_end=False)


def is_unknown(workspace: Workspace, ledger: Ledger | None, slug: str) -> bool:
    """Whether there is such an issue, and neither the ledger nor a file in git can say what became of it.

    So it is in a clone where those files were not committed.
    """
    if not (workspace.issues / f"{slug}.yaml").is_file() or (ledger and _is_known(workspace, ledger, slug)):
        return False
    try:
        return slug not in slugs_of_sent_files(workspace) or not sent_file(workspace, slug).counts
    except InputError:
        return True


def digest_of_issue(issue: Issue, workspace: Workspace) -> str:
    """What the ledger would call the words of its file as they are now."""
    content = content_of(issue)
    names = (one.name for one in variants(issue, languages_of(issue, workspace.settings.newsletter.language)))
    return digest_of({name: Edition(issue.slug, name, "", "", "", "", (), (), content) for name in names})


def _by_ledger(workspace: Workspace, ledger: Ledger) -> Iterator[SentIssue]:
    list_id = workspace.settings.newsletter.list_id
    published = ledger.publications(list_id)
    for record in ledger.dispatches(list_id):
        counts, page = ledger.counts(record.id), published.get(record.slug)
        is_cancelled, reached = record.status is DispatchStatus.CANCELLED, bool(_reached(counts))
        # A page that was published waits for its letters, however long these do.
        if reached or (page and not is_cancelled):
            # What the index leads to stays there, also while those who joined later get it.
            is_at_end = bool(page and page.listed_at) or not any(counts[one] for one in UNFINISHED)
            is_at_end = is_at_end and reached and not is_cancelled
            yield SentIssue(record.slug, record.planned_at, record.digest, is_at_end)


def _is_known(workspace: Workspace, ledger: Ledger, slug: str) -> bool:
    return ledger.find(workspace.settings.newsletter.list_id, slug) is not None


def _reached(counts: Mapping[State, int]) -> int:
    return sum(counts[state] for state in REACHED)
