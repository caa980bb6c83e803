"""Approve an issue: check it, show what would be sent, keep the editions somebody said yes to.

Touches: the workspace's files, git's user name.
"""

import getpass
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity, hints_once
from newsletter.check.rules import RULES
from newsletter.edition.edition import Edition
from newsletter.errors import RefusedError
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .steps.approval import Approval, approve, changes_since, folder_of, read
from .steps.compose import with_defaults
from .steps.examine import findings, refuse_errors
from .steps.letter import Letter, default_edition, open_letter, render_all
from .steps.survey import known_audience

_LABELS = {Severity.WARNING: "Warning ", Severity.ERROR: "No send "}
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

    def summary(self) -> str:
        """What the reviewer says yes to."""
        size = max(len(edition.html.encode()) for edition in self.editions.values())
        lines = [
            f"Issue     {self.letter.file}",
            f"Subject   {with_defaults(self.shown, self.shown.subject)}",
            f"Editions  {', '.join(self.editions)}: up to {size / 1024:.0f} KB, {len(self.shown.pictures)} pictures",
            *([f"Before    approved by {self.former.by}, {self.former.at:%Y-%m-%d}"] if self.former else []),
            *(f"Changed   {change}" for change in self.changes),
            *(
                f"{_LABELS[finding.severity]}  {finding.without_severity().in_language(self.shown.language)}"
                for finding in hints_once(self.findings)
            ),
            "",
            with_defaults(self.shown, self.shown.text),
        ]
        return "\n".join(lines)

    def next_step(self) -> str:
        """What may happen to it once it is approved."""
        issue = self.letter.issue
        by_hand = f"send it: newsletter send {issue.slug}"
        return by_hand if issue.publish_at is None else f"the cron job sends it when it is due, or {by_hand}"


def propose(workspace: Workspace, given: str, advance: Advance | None = None) -> Proposal:
    """Check and render; InputError (65) for errors."""
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
    return Proposal(
        letter,
        editions,
        found,
        tuple(changes_since(former, letter, workspace)) if former else (),
        default_edition(editions, workspace.settings.newsletter.language),
        former,
    )


def _of_the_list(finding: Finding, audience: AudienceSummary) -> bool:
    rule = RULES.get(finding.rule)
    return finding.file == audience.file or (rule is not None and rule.family in _FAMILIES_OF_THE_LIST)


def keep(workspace: Workspace, proposal: Proposal, *, by: str) -> Path:
    """Write the approval; the folder it is in, to be committed."""
    return approve(proposal.letter, workspace, proposal.editions, by=by or _somebody(workspace))


def _somebody(workspace: Workspace) -> str:
    git = shutil.which("git")
    if git is not None:
        asked = subprocess.run(  # noqa: S603 - git itself, no shell, nothing of the issue in its arguments
            [git, "config", "user.name"], cwd=workspace.root, capture_output=True, text=True, check=False
        )
        if asked.stdout.strip():
            return asked.stdout.strip()
    return getpass.getuser()
