"""The panel of all issues: each with its state, in words. Touches: the workspace's files and the ledger, reading.

What the files say is kept until one of them changes. Limits: of many issues the last MAX_ISSUE_STATES by slug are
looked at, and the one that is open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.issue.find import letter_paths
from newsletter.issue.model import Issue
from newsletter.ledger.states import State
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.cache import Stamp, sought_files, sources, stamp
from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import MAX_ISSUE_STATES, Snapshot
from newsletter.workflow.steps.approval import folder_of
from newsletter.workflow.steps.issue_states import Dispatched, Draft, Standing, dispatched, draft, looked_up, timed

StateName = Literal[
    "draft", "approved", "changed", "due", "planned", "sending", "paused", "sent", "cancelled", "broken"
]
"""draft: no approval · approved: not yet due, or sent by hand · changed: since it was approved · due: approved and
`publish_at` is past · planned: in the ledger, nothing sent yet · sending: part of it sent · sent: nothing left to send
· broken: the file or the approval cannot be read."""


@dataclass(frozen=True, slots=True)
class IssueState:
    """One issue of the workspace and where it stands."""

    slug: str
    title: str
    """Empty where the file cannot be read."""
    publish_at: str
    """ISO 8601 with the newsletter's offset, minutes; may be empty."""
    state: StateName
    words: tuple[Said, ...]
    """The state in words, with its numbers."""


@dataclass(frozen=True, slots=True)
class Issues:
    """The panel `issues`, the latest first; `more` counts those that are not listed."""

    issues: tuple[IssueState, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger says, where there is one that can be read."""

    now: datetime
    """By its clock; else by this machine's."""
    sent: Mapping[str, Dispatched] = field(default_factory=dict)
    is_unknown: bool = False
    """There is one, and it cannot be read."""


def issues_panel(now: Snapshot, asked: Asked) -> Issues:
    """The latest slug first; the one that is open is always among them."""
    workspace, opened = now.workspace, now.path(asked)
    paths = sorted(letter_paths(workspace), key=lambda path: path.stem, reverse=True)
    listed = paths[:MAX_ISSUE_STATES]
    if opened not in listed and opened in paths:
        listed.append(opened)
    drafts = [now.kept.drafts.get(path, partial(_draft, workspace, path)) for path in listed]
    known = _ledger(workspace, [one.slug for one in drafts])
    states = (_state(one, known, workspace) for one in drafts)
    return Issues(tuple(states), more=len(paths) - len(listed))


def _draft(workspace: Workspace, path: Path) -> tuple[Stamp, Draft]:
    made_from = stamp([*sources(workspace, path), *_approval(path)])
    found = draft(workspace, path)
    if found.issue:
        made_from += stamp(sought_files(found.issue, workspace))
    return made_from, found


def _approval(path: Path) -> list[Path]:
    folder = folder_of(path)
    return [folder, *sorted(folder.glob("*")), *sorted((folder / "pictures").glob("*"))]


def _ledger(workspace: Workspace, slugs: list[str]) -> _Known:
    try:
        with looked_up(workspace) as ledger:
            if ledger is None:
                return _Known(datetime.now(UTC))
            found = {slug: dispatched(ledger, workspace, slug) for slug in slugs}
            return _Known(ledger.now(), {slug: one for slug, one in found.items() if one is not None})
    except NewsletterError:
        return _Known(datetime.now(UTC), is_unknown=True)


def _state(found: Draft, known: _Known, workspace: Workspace) -> IssueState:
    sent = known.sent.get(found.slug)
    standing, missed = (sent.standing, False) if sent else timed(found, workspace, known.now)
    title, when = (found.issue.title, _when(found.issue, workspace)) if found.issue else ("", "")
    words = [_of_dispatch(sent), *_left_over(sent)] if sent else [_of_draft(found, standing, missed=missed)]
    if known.is_unknown and not sent:
        words.append(phrase("web.panels.state.no_ledger"))
    return IssueState(found.slug, title, when, standing.value, tuple(words))


def _when(issue: Issue, workspace: Workspace) -> str:
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    return issue.publish_at.astimezone(zone).isoformat(timespec="minutes") if issue.publish_at else ""


def _of_dispatch(sent: Dispatched) -> Said:
    total, reached = sent.total, sent.counts[State.SENT]
    match sent.standing:
        case Standing.PLANNED:
            return phrase("web.panels.state.planned", total=total)
        case Standing.SENDING:
            return phrase("web.panels.state.sending", sent=reached, total=total)
        case Standing.PAUSED:
            return phrase("web.panels.state.paused", sent=reached, total=total)
        case Standing.CANCELLED:
            return phrase("web.panels.state.cancelled", sent=reached, total=total)
        case _:
            return phrase("web.panels.state.sent", sent=reached, total=total)


def _left_over(sent: Dispatched) -> Iterator[Said]:
    if failed := sent.counts[State.FAILED]:
        yield phrase("web.panels.state.failed", number=failed)
    if in_doubt := sent.counts[State.IN_DOUBT]:
        yield phrase("web.panels.state.in_doubt", number=in_doubt)


def _of_draft(found: Draft, standing: Standing, *, missed: bool) -> Said:
    if missed and found.approved_by:
        return phrase("web.panels.state.approved_missed", by=found.approved_by)
    match standing:
        case Standing.APPROVED:
            return phrase("web.panels.state.approved", by=found.approved_by)
        case Standing.CHANGED:
            return phrase("web.panels.state.changed", changes=found.changes)
        case Standing.DUE:
            return phrase("web.panels.state.due")
        case Standing.BROKEN:
            return phrase("web.panels.state.broken", why=found.why)
        case _:
            return phrase("web.panels.state.draft")
