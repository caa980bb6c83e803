"""Approve an issue: check it, show what would be sent, keep the editions somebody said yes to.

Touches: the workspace's files, git's user name.
"""

import getpass
import hashlib
import json
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity, hints_once
from newsletter.check.rules import RULES
from newsletter.edition.edition import Edition
from newsletter.edition.likeness import Likeness
from newsletter.errors import RefusedError
from newsletter.ledger.copies import refuse_copies
from newsletter.progress import Advance
from newsletter.report.layout import Row, labelled
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from .steps.approval import Approval, changes_since, folder_of, read, write_approval
from .steps.approval_inputs import inputs_of
from .steps.compose import with_defaults
from .steps.copies import known_likenesses
from .steps.examine import findings, refuse_errors
from .steps.letter import Letter, default_edition, open_letter, render_all
from .steps.review_comments import Comment, clear_comments, read_comments
from .steps.survey import known_audience

_LABELS = {Severity.WARNING: phrase("workflow.approve.warning"), Severity.ERROR: phrase("workflow.approve.no_send")}
_FAMILIES_OF_THE_LIST = frozenset({"audience", "consent", "readers"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """An issue that passed the checks, ready for a yes."""

    letter: Letter
    editions: Mapping[str, Edition]
    findings: tuple[Finding, ...]
    """None of them is an error but of the subscriber file."""
    changes: tuple[str, ...]
    """Since an earlier approval; empty where there was none or nothing changed."""
    shown: Edition
    former: Approval | None = None
    """The approval that this one replaces."""
    alike: tuple[Likeness, ...] = ()
    """Other issues that say nearly the same; none is a copy."""
    comments: tuple[Comment, ...] = ()
    """What reviewers have said; a yes takes them away."""

    def summary(self, *, whole: bool = True) -> Said:
        """What the reviewer says yes to; with the letter's text where it is `whole`."""
        rows = labelled(*self._rows())
        if not whole:
            return rows
        return phrase("workflow.approve.proposal", rows=rows, text=with_defaults(self.shown, self.shown.text))

    def _rows(self) -> Iterator[Row]:
        yield phrase("workflow.approve.issue"), Verbatim(self.letter.file)
        yield phrase("workflow.approve.subject"), Verbatim(with_defaults(self.shown, self.shown.subject))
        yield phrase("workflow.approve.editions"), self._editions()
        if self.former:
            by, on = self.former.by, f"{self.former.at:%Y-%m-%d}"
            yield phrase("workflow.approve.before"), phrase("workflow.approve.approved_before", by=by, on=on)
        for one in self.alike:
            yield phrase("workflow.approve.alike"), phrase("workflow.approve.is_like", slug=one.slug, share=one.percent)
        for change in self.changes:
            yield phrase("workflow.approve.changed"), Verbatim(change)
        for comment in self.comments:
            yield phrase("workflow.approve.comment"), Verbatim(f"{comment.by}: {' '.join(comment.words.split())}")
        for finding in hints_once(self.findings):
            yield _LABELS[finding.severity], finding.without_severity()

    def _editions(self) -> Said:
        size = max(len(edition.html.encode()) for edition in self.editions.values())
        pictures = len(self.shown.pictures)
        variants = tuple(self.editions)
        return phrase("workflow.approve.editions_are", variants=variants, size=f"{size / 1024:.0f}", count=pictures)

    def fingerprint(self, workspace: Workspace) -> str:
        """Another one as soon as a yes would cover anything else, or take away words that nobody has seen."""
        covered = {
            "inputs": inputs_of(self.letter, workspace),
            "editions": {name: [one.html, one.text] for name, one in self.editions.items()},
            "former": self.former.at.isoformat() if self.former else "",
            "alike": sorted(one.slug for one in self.alike),
            "comments": [one.model_dump(mode="json") for one in self.comments],
        }
        return hashlib.sha256(json.dumps(covered, sort_keys=True).encode()).hexdigest()

    def unanswered(self, although_like: Collection[str]) -> list[Likeness]:
        """Likenesses that nobody has said yes to."""
        return [one for one in self.alike if one.slug not in although_like]

    def next_step(self, settings: Settings) -> Said:
        """What comes after a yes."""
        issue = self.letter.issue
        if settings.schedule.signed:
            return phrase("workflow.approve.next_signed", folder=folder_of(Path(self.letter.file)).as_posix())
        if issue.publish_at is None:
            return phrase("workflow.approve.next", slug=issue.slug)
        return phrase("workflow.approve.next_when_due", slug=issue.slug)


def propose(workspace: Workspace, given: str, advance: Advance | None = None) -> Proposal:
    """Check and render; InputError (65) for errors, RefusedError (77) for a copy of what was sent or approved."""
    letter = open_letter(workspace, given)
    editions = render_all(letter, workspace)
    # The list is the operator's, need not be in a reviewer's checkout, and changes: what is wrong with it is shown
    # here, and stops a send.
    audience = known_audience(workspace, letter, editions, advance, or_example=False)
    found = findings(letter, editions, workspace, audience)
    refuse_errors((one for one in found if not _of_the_list(one, audience)), letter)
    try:
        former = read(folder_of(letter.path), letter.issue.slug)
    except RefusedError:
        former = None
    alike = known_likenesses(workspace, letter, editions)
    _refuse_copies(alike, letter.issue.slug)
    return Proposal(
        letter,
        editions,
        found,
        tuple(changes_since(former, letter, workspace)) if former else (),
        default_edition(editions, workspace.settings.newsletter.language),
        former,
        tuple(alike),
        read_comments(letter.path),
    )


def _refuse_copies(alike: Iterable[Likeness], slug: str) -> None:
    for one in alike:
        if one.is_copy:
            raise RefusedError(
                phrase("workflow.approve.is_copy", slug=slug, other=one.slug),
                hint=phrase("ledger.plan.is_it_a_copy", slug=slug, other=one.slug),
            )


def _of_the_list(finding: Finding, audience: AudienceSummary) -> bool:
    rule = RULES.get(finding.rule)
    return finding.file == audience.file or (rule is not None and rule.family in _FAMILIES_OF_THE_LIST)


def keep(
    workspace: Workspace,
    proposal: Proposal,
    *,
    by: str,
    although_like: Collection[str] = (),
    now: datetime | None = None,
) -> Path:
    """Write the approval; the folder it is in, to be committed.

    RefusedError (77) where the issue is like another one that is not in `although_like`. A slug of which nothing is
    known here is kept as well: the ledger may be on another machine.
    """
    letter, ratios = proposal.letter, {one.slug: round(one.ratio, 4) for one in proposal.alike}
    refuse_copies(proposal.alike, letter.issue.slug, although_like)
    although = {slug: ratios.get(slug) for slug in sorted(set(although_like))}
    folder, somebody = folder_of(letter.path), by or whoever_is_here(workspace)
    at = now or datetime.now(UTC)
    write_approval(folder, Approval(somebody, at, inputs_of(letter, workspace), proposal.editions, although))
    clear_comments(workspace, letter.path)
    return folder


def whoever_is_here(workspace: Workspace) -> str:
    """Git's user name, else that of the account."""
    git = shutil.which("git")
    if git is not None:
        asked = subprocess.run(  # noqa: S603 - git itself, no shell, nothing of the issue in its arguments
            [git, "config", "user.name"], cwd=workspace.root, capture_output=True, text=True, check=False
        )
        if asked.stdout.strip():
            return asked.stdout.strip()
    return getpass.getuser()
