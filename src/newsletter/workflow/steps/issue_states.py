"""Where an issue stands: its file, its approval, and what the ledger knows of it.

Touches: the workspace's files and the ledger, for reading; none is made.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from newsletter.catalogue import SILENCE, Said
from newsletter.errors import InputError, NewsletterError, Problem, RefusedError
from newsletter.issue.model import Issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.ledger.states import TRIED, UNFINISHED, DispatchStatus, State
from newsletter.schedule.due import Due, due
from newsletter.settings.workspace import Workspace

from .approval import changes_since, folder_of, read
from .letter import open_letter

NAMED_CHANGES = 3


class Standing(StrEnum):
    """Of an issue, from its first draft on."""

    DRAFT = "draft"
    APPROVED = "approved"
    """Not yet due, sent by hand, or missed."""
    CHANGED = "changed"
    """Since it was approved."""
    DUE = "due"
    PLANNED = "planned"
    """In the ledger, and nobody was tried yet."""
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    """Nothing is left to do, but to decide what is in doubt."""
    CANCELLED = "cancelled"
    BROKEN = "broken"
    """The file or the approval cannot be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the files of an issue say."""

    slug: str
    standing: Standing
    issue: Issue | None = None
    """None where the file cannot be read."""
    approved_by: str = ""
    changes: tuple[str, ...] = ()
    """Places that were changed since it was approved, the first ones."""
    why: Said = SILENCE
    """What is broken, in one line."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What the ledger says of an issue."""

    standing: Standing
    counts: Mapping[State, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def draft(workspace: Workspace, path: Path) -> Draft:
    """Read an issue and its approval; whatever is wrong is in what is returned."""
    slug = path.stem
    try:
        letter = open_letter(workspace, str(path))
    except NewsletterError as error:
        return Draft(slug, Standing.BROKEN, why=_what_is_wrong(error))
    try:
        approval = read(folder_of(path), slug)
        if approval is None:
            return Draft(slug, Standing.DRAFT, letter.issue)
        changes = changes_since(approval, letter, workspace)
    except (InputError, RefusedError) as error:
        return Draft(slug, Standing.BROKEN, letter.issue, why=_what_is_wrong(error))
    standing = Standing.CHANGED if changes else Standing.APPROVED
    return Draft(slug, standing, letter.issue, approval.by, tuple(changes[:NAMED_CHANGES]))


def timed(found: Draft, workspace: Workspace, now: datetime) -> tuple[Standing, bool]:
    """A draft's standing at a time, and whether its time has passed for good."""
    may_go = found.standing is Standing.APPROVED or (
        found.standing in (Standing.DRAFT, Standing.CHANGED) and not workspace.settings.schedule.require_approval
    )
    if not may_go:
        return found.standing, False
    when = due(found.issue.publish_at if found.issue else None, now, workspace.settings.schedule.catch_up)
    return (Standing.DUE if when is Due.NOW else found.standing), when is Due.MISSED


@contextmanager
def looked_up(workspace: Workspace) -> Iterator[Ledger | None]:
    """The ledger, for looking; None where there is none yet. Any NewsletterError where it cannot be read."""
    try:
        ledger = open_ledger(workspace, Purpose.READ)
    except LedgerMissingError:
        yield None
        return
    with ledger:
        yield ledger


def dispatched(ledger: Ledger, workspace: Workspace, slug: str) -> Dispatched | None:
    """What became of an issue; None where it was never planned."""
    record = ledger.find(workspace.settings.newsletter.list_id, slug)
    if record is None:
        return None
    counts = ledger.counts(record.id)
    return Dispatched(_standing(record.status, counts), counts)


def _standing(status: DispatchStatus, counts: Mapping[State, int]) -> Standing:
    if status is DispatchStatus.CANCELLED:
        return Standing.CANCELLED
    if not any(counts[state] for state in UNFINISHED):
        return Standing.SENT
    if status is DispatchStatus.PAUSED:
        return Standing.PAUSED
    return Standing.SENDING if any(counts[state] for state in TRIED) else Standing.PLANNED


def _what_is_wrong(error: NewsletterError) -> Said:
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    return replace(problems[0], excerpt="", hint=SILENCE) if problems else error.message
