"""The panel of all issues: each with its state, in words. Touches: the workspace's files and the ledger, reading.

What the files say is kept until one of them changes. Limits: of many issues the last MAX_LISTED by slug are looked at,
and the one that is open.
"""

import threading
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError
from newsletter.issue.find import issue_paths
from newsletter.issue.model import Issue
from newsletter.ledger.states import State
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.cache import Stamp, pictures, sources, stamp, still_true
from newsletter.web.studio.model import Issues, IssueState
from newsletter.web.words import sentences_of
from newsletter.workflow.steps.approval import folder_of
from newsletter.workflow.steps.issue_states import Dispatched, Draft, Standing, dispatched, draft, looked_up, timed

MAX_LISTED = 60
"""Issues; the first look at one takes some 20 ms."""
_KEPT = 2 * MAX_LISTED


class IssueStates:
    """The issues of one workspace; may be asked from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Path, tuple[Stamp, Draft]] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, workspace: Workspace, opened: Path) -> Issues:
        """The latest slug first; `opened` is always among them."""
        paths = sorted(issue_paths(workspace), key=lambda path: path.stem, reverse=True)
        listed = paths[:MAX_LISTED]
        if opened not in listed and opened in paths:
            listed.append(opened)
        drafts = [self._draft(workspace, path) for path in listed]
        sent, unknown = _ledger(workspace, [one.slug for one in drafts])
        said = _Words(workspace, unknown=unknown)
        return Issues(tuple(said.state(one, sent.get(one.slug)) for one in drafts), more=len(paths) - len(listed))

    def _draft(self, workspace: Workspace, path: Path) -> Draft:
        with self._lock:
            kept = self._kept.get(path)
        if kept and still_true(kept[0]):
            return kept[1]
        made_from = stamp([*sources(workspace, path), *_approval(path)])
        found = draft(workspace, path)
        if found.issue:
            made_from += stamp(pictures(found.issue, workspace))
        with self._lock:
            self._kept[path] = made_from, found
            self._kept.move_to_end(path)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _approval(path: Path) -> list[Path]:
    folder = folder_of(path)
    return [folder, *sorted(folder.glob("*")), *sorted((folder / "pictures").glob("*"))]


def _ledger(workspace: Workspace, slugs: list[str]) -> tuple[dict[str, Dispatched], bool]:
    """What the ledger knows of these, and whether there is one that cannot be read."""
    try:
        with looked_up(workspace) as ledger:
            if ledger is None:
                return {}, False
            found = {slug: dispatched(ledger, workspace, slug) for slug in slugs}
    except NewsletterError:
        return {}, True
    return {slug: one for slug, one in found.items() if one is not None}, False


class _Words:
    """Says where an issue stands, in the newsletter's language."""

    def __init__(self, workspace: Workspace, *, unknown: bool) -> None:
        self._workspace = workspace
        self._unknown = unknown
        self._zone = ZoneInfo(workspace.settings.newsletter.timezone)
        self._sentences = sentences_of(workspace.settings.newsletter.language)

    def state(self, found: Draft, sent: Dispatched | None) -> IssueState:
        standing, missed = (sent.standing, False) if sent else timed(found, self._workspace, datetime.now(UTC))
        title, when = (found.issue.title, self._when(found.issue)) if found.issue else ("", "")
        words = self._sent(sent) if sent else self._draft(found, standing, missed=missed)
        return IssueState(found.slug, title, when, standing.value, words)

    def _when(self, issue: Issue) -> str:
        at = issue.publish_at
        return at.astimezone(self._zone).isoformat(timespec="minutes") if at else ""

    def _sent(self, sent: Dispatched) -> str:
        counts = sent.counts
        words = [self._say(sent.standing.value, total=f"{sent.total:,}", sent=f"{counts[State.SENT]:,}")]
        told = [state for state in (State.FAILED, State.IN_DOUBT) if counts[state]]
        words += [self._say(state.value, number=f"{counts[state]:,}") for state in told]
        return "; ".join(words)

    def _draft(self, found: Draft, standing: Standing, *, missed: bool) -> str:
        key = "approved_missed" if missed and found.approved_by else standing.value
        words = [self._say(key, by=found.approved_by, changes=", ".join(found.changes), why=found.why)]
        return "; ".join([*words, self._say("no_ledger")] if self._unknown else words)

    def _say(self, key: str, **holes: str) -> str:
        return self._sentences[f"state.{key}"].format(**holes)
